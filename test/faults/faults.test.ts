import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStage, type Stage } from '../../dev/faults/environment';
import { ours } from '../../dev/faults/producer-under-test';
import { runRow } from '../../dev/faults/run-scenario';
import { inTests } from '../../dev/faults/scenarios';

let stage: Stage;

before(async () => {
  stage = await openStage('plain');
});
after(() => stage?.stop());

for (const row of inTests) {
  test(`nothing is lost, doubled or reordered: ${row.title}`, async () => {
    const { faults, lanes } = await runRow(row, stage, ours);
    assert.deepEqual(faults, []);
    for (const { variant, verdict } of lanes) {
      assert.ok(verdict.acked > 0, `${variant}: records were acknowledged`);
      if (row.fails) assert.ok(verdict.failed > 0, `${variant}: what had to be refused was refused`);
    }
  });
}

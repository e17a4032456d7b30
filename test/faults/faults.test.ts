import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Environment, startEnvironment } from '../../dev/faults/environment';
import { kafkaOut } from '../../dev/faults/producer-under-test';
import { runScenario } from '../../dev/faults/run-scenario';
import { scenariosInTests } from '../../dev/faults/scenarios';

let environment: Environment;

before(async () => {
  environment = await startEnvironment('plain');
});
after(() => environment?.stop());

for (const scenario of scenariosInTests) {
  test(`nothing is lost, doubled or reordered: ${scenario.title}`, async () => {
    const { faults, lanes } = await runScenario(scenario, environment, kafkaOut);
    assert.deepEqual(faults, []);
    for (const { variant, stats } of lanes) {
      assert.ok(stats.acked > 0, `${variant}: records were acknowledged`);
      if (scenario.mayFail) assert.ok(stats.failed > 0, `${variant}: what had to be refused was refused`);
    }
  });
}

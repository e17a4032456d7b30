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
  test(`kafka-out: ${scenario.title} -> nothing lost or reordered, one outcome each`, async () => {
    const { violations, lanes } = await runScenario(scenario, environment, kafkaOut);
    assert.deepEqual(violations, []);
    for (const { variant, stats } of lanes) {
      assert.ok(stats.acked > 0, `${variant}: no record was acknowledged`);
      if (scenario.mayFail) assert.ok(stats.failed > 0, `${variant}: no record was rejected`);
    }
  });
}

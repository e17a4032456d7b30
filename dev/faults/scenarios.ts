import { killAllBrokers } from './actions';
import { kafkaScenarios } from './kafka-scenarios';
import { queueChanges } from './queue-changes';
import { queueScenarios, queueScenariosInTests } from './queue-scenarios';
import type { Scenario } from './scenario';

/** The same fault with the queue in memory only. */
function inMemory(name: string, changes: Partial<Scenario> = {}): Scenario {
  const { title, out, ...scenario } = kafkaScenarios.find((one) => one.name === name) as Scenario;
  return {
    ...scenario,
    name: `${name}-memory`,
    title: `${title}; queue in memory`,
    kafkaOutOnly: true,
    out: { ...out, queue: 'memory' },
    ...changes,
  };
}

/** All scenarios, in the order of docs/faults.md. */
export const scenarios: Scenario[] = [
  ...kafkaScenarios,
  ...[inMemory('all-down'), inMemory('late'), inMemory('acl', { mayFail: (id) => id % 2 === 1 })],
  ...queueScenarios,
  ...queueChanges,
];

/** The scenarios that `npm test` runs. */
export const scenariosInTests: Scenario[] = [
  ...['kill', 'cut-before-answer', 'silent', 'too-large'].map(
    (name) => scenarios.find((scenario) => scenario.name === name) as Scenario,
  ),
  {
    name: 'all-down-15',
    title: 'all brokers killed, back after 15 s',
    fault: (run) => killAllBrokers(run, 15_000),
  },
  ...queueScenariosInTests,
];

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Environment } from './environment';
import { faultFlow, type Lane, lanesFor } from './flow';
import { NodeRedLives } from './node-red-lives';
import { watchProcess } from './process-watch';
import type { ProducerUnderTest } from './producer-under-test';
import { observe } from './result';
import { RunContext } from './run-context';
import { existingTopics, type Scenario } from './scenario';
import { type ScenarioResult, violationsOf } from './violations';

// For producers that report no acknowledgement: time for their records in flight.
const settleMs = 20_000;
// Three brokers and Node-RED share two cores.
const recordsPerSecond = 800;
const bytes = 600;
const largeBytes = 1_200_000;

/** Runs one scenario in a new Node-RED and checks its records. */
export async function runScenario(
  scenario: Scenario,
  environment: Environment,
  producer: ProducerUnderTest,
): Promise<ScenarioResult> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-scenario-'));
  try {
    return await run(scenario, environment, producer, dir);
  } finally {
    for (const proxy of environment.proxies) proxy.passThrough();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function run(
  scenario: Scenario,
  environment: Environment,
  producer: ProducerUnderTest,
  dir: string,
): Promise<ScenarioResult> {
  const lanes = prepareLanes(scenario, producer, dir);
  const topics = existingTopics(scenario, lanes);
  const { cluster } = environment;
  await cluster.waitUntilInSync();
  await environment.create(topics, scenario.topics);
  await scenario.before?.(environment);
  const flow = flowOf(scenario, environment, producer, lanes);
  const { folder } = producer;
  const nodeRed = await NodeRedLives.start(dir, { env: folder ? { FAULTS_PACKAGE: folder } : {} });
  try {
    const context = new RunContext(environment, nodeRed, lanes, flow);
    await nodeRed.deploy(flow);
    const watch = watchProcess(context, producer.hasCounters === true);
    if (!scenario.faultFirst && !(await context.waitForAcks(50, producer.maxWaitMs))) {
      throw new Error(`No records flowed before the fault. ${nodeRed.log()}`);
    }
    await scenario.fault(context);
    const recovered = await context.waitForAcks(100, producer.maxWaitMs);
    await context.configure({ rate: 0 });
    const drained = await context.untilDrained(scenario.drainLimitMs ?? producer.maxWaitMs);
    if (producer.acknowledgedBy === 'nothing') await wait(settleMs);
    const processStats = await watch.end();
    const alive = nodeRed.pid !== undefined;
    await nodeRed.stop();
    await cluster.waitUntilInSync();
    const result = await observe(scenario, producer, context, { recovered, drained, alive, processStats });
    return { ...result, warnings: warningsIn(nodeRed.log()), violations: violationsOf(result) };
  } finally {
    await nodeRed.stop();
    await environment.drop(existingTopics(scenario, lanes));
  }
}

const warningsIn = (log: string): string[] =>
  log.split('\n').filter((line) => /\[(warn|error)\]|uncaught/i.test(line));

function flowOf(
  scenario: Scenario,
  environment: Environment,
  producer: ProducerUnderTest,
  lanes: Lane[],
): Record<string, unknown>[] {
  return [
    ...faultFlow({
      ...{ producer, lanes, bytes, largeBytes },
      brokers: environment.brokers,
      rate: (scenario.rate ?? recordsPerSecond) / lanes.length,
      largeEvery: scenario.largeEvery ?? 0,
      out: scenario.out ?? {},
      cluster: scenario.cluster?.(environment) ?? {},
    }),
    ...(scenario.extraNodes?.(environment) ?? []),
  ];
}

function prepareLanes(scenario: Scenario, producer: ProducerUnderTest, dir: string): Lane[] {
  const name = `${scenario.name}-${Date.now().toString(36)}`;
  const variants = producer.variants.filter((variant) => scenario.variants?.(variant) ?? true);
  const lanes = lanesFor(variants, name, dir, scenario.copies);
  for (const lane of lanes)
    if (scenario.secondTopic) lane.topics.push(`${lane.topics[0]}-${scenario.secondTopic}`);
  return lanes;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import type { Environment } from './environment';
import { faultFlow, type Lane, lanesFor } from './flow';
import type { ProducerUnderTest } from './producer-under-test';
import { type ProcessStats, resultOf, type ScenarioResult } from './result';
import { RunContext, type State } from './run-context';
import { existingTopics, type Scenario } from './scenario';

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
  const { cluster } = environment;
  await cluster.waitUntilInSync();
  await environment.create(existingTopics(scenario, lanes), scenario.topicConfig);
  await scenario.before?.(environment);
  const flow = [
    ...faultFlow({
      producer,
      lanes,
      brokers: environment.brokers,
      rate: (scenario.rate ?? recordsPerSecond) / lanes.length,
      bytes,
      largeEvery: scenario.largeEvery ?? 0,
      largeBytes,
      out: scenario.out ?? {},
      cluster: scenario.cluster?.(environment) ?? {},
    }),
    ...(scenario.extraNodes?.(environment) ?? []),
  ];
  const nodeRed = await startWith(producer, dir);
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
    await context.until(allHaveOutcome, producer.maxWaitMs);
    if (producer.acknowledgedBy === 'nothing') await wait(settleMs);
    const processStats = await watch.end();
    const alive = nodeRed.pid !== undefined;
    await nodeRed.stop();
    await cluster.waitUntilInSync();
    return await resultOf(scenario, environment, context, { recovered, alive, processStats });
  } finally {
    await nodeRed.stop();
    await environment.drop(existingTopics(scenario, lanes));
  }
}

function prepareLanes(scenario: Scenario, producer: ProducerUnderTest, dir: string): Lane[] {
  const name = `${scenario.name}-${Date.now().toString(36)}`;
  const lanes = lanesFor(producer, name, dir, scenario.copies);
  for (const lane of lanes)
    if (scenario.secondTopic) lane.topics.push(`${lane.topics[0]}-${scenario.secondTopic}`);
  return lanes;
}

async function startWith({ folder }: ProducerUnderTest, dir: string): Promise<NodeRed> {
  const [port = 0] = await freePorts([undefined]);
  return startNodeRed({
    dir,
    port,
    settings: join(__dirname, 'settings.cjs'),
    env: folder ? { FAULTS_PACKAGE: folder } : {},
  });
}

const allHaveOutcome = ({ loads }: State): boolean =>
  Object.values(loads).every(({ accepted, done, caught }) => done + caught >= accepted);

/** Polls memory and counters every second, and keeps the peak of the bytes that one node buffers. */
function watchProcess(context: RunContext, hasCounters: boolean): { end(): Promise<ProcessStats> } {
  const stats: ProcessStats = { rssAtStart: 0, waitingPeak: 0 };
  const stopped = new AbortController();
  const poll = async (): Promise<void> => {
    if (hasCounters) await context.configure({ requestStatus: true });
    const state = await context.fetchState();
    if (!state) return;
    stats.rssAtStart ||= state.rss;
    stats.last = state;
    for (const { counters } of Object.values(state.loads))
      stats.waitingPeak = Math.max(stats.waitingPeak, Number(counters?.waitingBytes ?? 0));
  };
  const polling = (async () => {
    while (!stopped.signal.aborted) {
      await poll();
      await wait(1000, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();
  return {
    async end() {
      stopped.abort();
      await polling;
      await poll();
      // The counters requested last arrive with the next state.
      await poll();
      return stats;
    },
  };
}

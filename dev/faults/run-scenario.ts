import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import type { Environment } from './environment';
import { faultFlow, type Lane, lanesFor } from './flow';
import type { ProducerUnderTest } from './producer-under-test';
import { type Observed, resultOf, type ScenarioResult } from './result';
import { RunContext, type State } from './run-context';
import { existingTopics, type Scenario } from './scenario';

// For those who do not tell what is still under way.
const quietMs = 20_000;
// A flow on one core of two that also carry three brokers.
const recordsPerSecond = 800;
const bytes = 600;
const largeBytes = 1_200_000;

/** Plays one scenario with a Node-RED of its own and judges it. */
export async function runScenario(
  scenario: Scenario,
  environment: Environment,
  producer: ProducerUnderTest,
): Promise<ScenarioResult> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-scenario-'));
  try {
    return await play(scenario, environment, producer, dir);
  } finally {
    for (const proxy of environment.proxies) proxy.passThrough();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function play(
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
    const run = new RunContext(environment, nodeRed, lanes, flow);
    await nodeRed.deploy(flow);
    const watch = watchState(run, producer.counts === true);
    if (!scenario.faultFirst && !(await run.waitForAcks(50, producer.maxWaitMs))) {
      throw new Error(`Records did not flow before the fault. ${nodeRed.log()}`);
    }
    await scenario.fault(run);
    const recovered = await run.waitForAcks(100, producer.maxWaitMs);
    await run.configure({ rate: 0 });
    await run.until(allAnswered, producer.maxWaitMs);
    if (producer.acknowledgedBy === 'nothing') await wait(quietMs);
    const observed = await watch.end();
    const alive = nodeRed.pid !== undefined;
    await nodeRed.stop();
    await cluster.waitUntilInSync();
    return await resultOf(scenario, environment, run, { recovered, alive, observed });
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

const allAnswered = ({ loads }: State): boolean =>
  Object.values(loads).every(({ accepted, done, caught }) => done + caught >= accepted);

/** Looks at the process again and again, asks the nodes for their counters, and keeps the most that waited. */
function watchState(run: RunContext, counts: boolean): { end(): Promise<Observed> } {
  const observed: Observed = { rssAtStart: 0, waitingPeak: 0 };
  const stopped = new AbortController();
  const look = async (): Promise<void> => {
    if (counts) await run.configure({ ask: true });
    const state = await run.state();
    if (!state) return;
    observed.rssAtStart ||= state.rss;
    observed.last = state;
    for (const { counters } of Object.values(state.loads))
      observed.waitingPeak = Math.max(observed.waitingPeak, Number(counters?.waitingBytes ?? 0));
  };
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await wait(1000, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();
  return {
    async end() {
      stopped.abort();
      await looking;
      await look();
      // The answer to the last question lies with the next state.
      await look();
      return observed;
    },
  };
}

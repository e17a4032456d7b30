import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import type { Stage } from './environment';
import { faultFlow, type Lane, lanesFor } from './flow';
import type { Contender } from './producer-under-test';
import { type RowResult, resultOf, type Seen } from './result';
import { Scene, type State } from './run-context';
import { existingTopics, type Row } from './scenario';

// For those who do not tell what is still under way.
const quietMs = 20_000;
// A flow on one core of two that also carry three brokers.
const recordsPerSecond = 800;
const bytes = 600;
const largeBytes = 1_200_000;

/** Plays one row with a Node-RED of its own and judges it. */
export async function runRow(row: Row, stage: Stage, contender: Contender): Promise<RowResult> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-row-'));
  try {
    return await play(row, stage, contender, dir);
  } finally {
    for (const proxy of stage.proxies) proxy.calm();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function play(row: Row, stage: Stage, contender: Contender, dir: string): Promise<RowResult> {
  const lanes = prepareLanes(row, contender, dir);
  const { cluster } = stage;
  await cluster.inSync();
  await stage.create(existingTopics(row, lanes), row.topicConfig);
  await row.before?.(stage);
  const flow = [
    ...faultFlow({
      contender,
      lanes,
      brokers: stage.brokers,
      rate: (row.rate ?? recordsPerSecond) / lanes.length,
      bytes,
      largeEvery: row.largeEvery ?? 0,
      largeBytes,
      out: row.out ?? {},
      cluster: row.cluster?.(stage) ?? {},
    }),
    ...(row.extraNodes?.(stage) ?? []),
  ];
  const nodeRed = await startWith(contender, dir);
  try {
    const scene = new Scene(stage, nodeRed, lanes, flow);
    await nodeRed.deploy(flow);
    const watch = watchState(scene, contender.counts === true);
    if (!row.fromStart && !(await scene.flowing(50, contender.patienceMs))) {
      throw new Error(`Records did not flow before the fault. ${nodeRed.log()}`);
    }
    await row.fault(scene);
    const recovered = await scene.flowing(100, contender.patienceMs);
    await scene.tell({ rate: 0 });
    await scene.until(allAnswered, contender.patienceMs);
    if (contender.answers === 'nothing') await wait(quietMs);
    const seen = await watch.end();
    const alive = nodeRed.pid !== undefined;
    await nodeRed.stop();
    await cluster.inSync();
    return await resultOf(row, stage, scene, { recovered, alive, seen });
  } finally {
    await nodeRed.stop();
    await stage.drop(existingTopics(row, lanes));
  }
}

function prepareLanes(row: Row, contender: Contender, dir: string): Lane[] {
  const name = `${row.name}-${Date.now().toString(36)}`;
  const lanes = lanesFor(contender, name, dir, row.copies);
  for (const lane of lanes) if (row.second) lane.topics.push(`${lane.topics[0]}-${row.second}`);
  return lanes;
}

async function startWith({ folder }: Contender, dir: string): Promise<NodeRed> {
  const [port = 0] = await freePorts([undefined]);
  return startNodeRed({
    dir,
    port,
    settings: join(__dirname, 'settings.cjs'),
    env: folder ? { FAULTS_PACKAGE: folder } : {},
  });
}

const allAnswered = ({ loads }: State): boolean =>
  Object.values(loads).every(({ taken, done, caught }) => done + caught >= taken);

/** Looks at the process again and again, asks the nodes for their counters, and keeps the most that waited. */
function watchState(scene: Scene, counts: boolean): { end(): Promise<Seen> } {
  const seen: Seen = { rssAtStart: 0, waitingPeak: 0 };
  const stopped = new AbortController();
  const look = async (): Promise<void> => {
    if (counts) await scene.tell({ ask: true });
    const state = await scene.state();
    if (!state) return;
    seen.rssAtStart ||= state.rss;
    seen.last = state;
    for (const { counters } of Object.values(state.loads))
      seen.waitingPeak = Math.max(seen.waitingPeak, Number(counters?.waitingBytes ?? 0));
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
      return seen;
    },
  };
}

import {
  disconnect,
  killAllBrokers,
  killBrokers,
  reconnect,
  startAllBrokers,
  stopInTime,
  waitForDisk,
} from './actions';
import { type Damage, damageQueues } from './damage';
import { allWhole, onlyAffectedOnDisk, othersAsFast, rejectedOnlyInFault } from './queue-checks';
import type { RunContext } from './run-context';
import { arrivedWhileClosing, type Scenario } from './scenario';

const seconds = 1000;
const minutes = 60 * seconds;
// A produce request takes this long while the drain shall last.
const slowMs = 300;

/** The disk is full, or memory is, which nothing leaves then: the only reasons for which a record may fail in an outage. */
const full = (_id: number, text: string): boolean => /^(The disk queue is full|Buffer full) /.test(text);

/** The scenarios of the disk queue in outages: Kafka, Node-RED, or both. */
export const queueScenarios: Scenario[] = [
  {
    name: 'ten-minutes',
    title: 'all brokers killed, back after ten minutes, 500/s per node, memory 8 MB',
    kafkaOutOnly: true,
    rate: 2000,
    out: { memoryLimit: 8 },
    drainLimitMs: 5 * minutes,
    fault: (run) => killAllBrokers(run, 10 * minutes),
  },
  {
    name: 'half-minute',
    title: 'all brokers killed, back after 30 s, 100/s per node: every message leaves the output whole',
    kafkaOutOnly: true,
    rate: 400,
    fault: (run) => killAllBrokers(run, 30 * seconds),
    check: allWhole,
  },
  {
    name: 'default-session',
    title: "kill -9 of a broker with Kafka's default session timeout: only its partitions on disk",
    kafkaOutOnly: true,
    clusterKind: 'default-failover',
    // With acks all, a partition waits for each of its replicas, and a leader answers requests in order: those of a leader
    // that has another partition with a replica on the dead node wait, too. So node 3 leads none with a replica on node 1.
    topics: { assignment: [1, 1, 2, 2, 3, 3].map((leader) => [leader, leader === 2 ? 1 : 2]) },
    async fault(run) {
      const node = await run.leader();
      run.affected = await run.partitionsOn(node.id);
      await node.kill();
      await run.wait(20 * seconds);
      await node.start();
    },
    check: onlyAffectedOnDisk,
  },
  {
    name: 'one-down',
    title: 'one of three brokers killed for five minutes, replication 1, keyed: only its partitions on disk',
    kafkaOutOnly: true,
    topics: { replicas: 1 },
    variants: ({ keyed }) => keyed,
    // A third of the records do not fit.
    out: { memoryLimit: 4 },
    async fault(run) {
      await run.wait(10 * seconds);
      const node = await run.leader();
      run.affected = await run.partitionsOn(node.id);
      run.faultBegin = Date.now();
      await node.kill();
      await run.wait(5 * minutes);
      run.faultEnd = Date.now();
      await node.start();
    },
    check: (lane, run) => [...onlyAffectedOnDisk(lane, run), ...othersAsFast(lane, run)],
  },
  {
    name: 'kill-in-outage',
    title: 'all brokers killed, kill -9 of Node-RED 15 s later, brokers back after 10 s more',
    kafkaOutOnly: true,
    resetsCounters: true,
    async fault(run) {
      await killBrokers(run);
      await run.wait(15 * seconds);
      await killAndStart(run);
      await run.wait(10 * seconds);
      await startAllBrokers(run.environment);
    },
  },
  {
    name: 'kill-in-drain',
    title: 'all brokers killed for 40 s, memory 1 MB; kill -9 of Node-RED while it drains, twice',
    kafkaOutOnly: true,
    resetsCounters: true,
    out: { memoryLimit: 1 },
    async fault(run) {
      await killAllBrokers(run, 40 * seconds);
      for (const proxy of run.environment.proxies) proxy.delay(slowMs, { apiKey: 0 });
      for (let turn = 1; turn <= 2; turn++) {
        await waitForDrain(run, 100);
        await killAndStart(run);
      }
      reconnect(run);
    },
  },
  {
    name: 'stop-in-outage',
    title: 'all brokers killed, clean stop and start of Node-RED 10 s later, brokers back after 10 s more',
    kafkaOutOnly: true,
    resetsCounters: true,
    mayFail: arrivedWhileClosing,
    async fault(run) {
      await killBrokers(run);
      await run.wait(10 * seconds);
      await stopInTime(run);
      await run.startNodeRed();
      await run.wait(10 * seconds);
      await startAllBrokers(run.environment);
    },
  },
  {
    name: 'write-ahead-kill',
    title: 'queue on disk always: kill -9 of Node-RED with Kafka healthy, three times',
    kafkaOutOnly: true,
    resetsCounters: true,
    out: { queue: 'write-ahead' },
    async fault(run) {
      let restored = 0;
      for (let turn = 1; turn <= 3; turn++) {
        await killAndStart(run);
        restored += await restoredRecords(run, 5 * seconds);
        await run.wait(5 * seconds);
      }
      if (restored === 0) throw new Error('kill -9 hit no record on disk.');
    },
  },
  diskLimit({
    name: 'disk-full',
    rate: 800,
    title: 'Kafka unreachable until memory and disk, 1 MB each, are full',
  }),
  ...(['cut', 'garbage', 'zeros', 'flipped'] as const).map(damageScenario),
];

/** Short ones for `npm test`: the proxies refuse instead of dead brokers. */
export const queueScenariosInTests: Scenario[] = [
  {
    name: 'kill-in-outage-short',
    title: 'Kafka unreachable, kill -9 of Node-RED, Kafka back',
    kafkaOutOnly: true,
    resetsCounters: true,
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      await killAndStart(run);
      await run.wait(1 * seconds);
      reconnect(run);
    },
  },
  diskLimit({
    name: 'disk-full-short',
    rate: 4000,
    title: 'Kafka unreachable until the disk limit is reached, then back',
  }),
];

function diskLimit(about: Pick<Scenario, 'name' | 'title' | 'rate'>): Scenario {
  const limitMs = 2 * minutes;
  return {
    ...about,
    kafkaOutOnly: true,
    out: { memoryLimit: 1, diskLimit: 1 },
    mayFail: full,
    async fault(run) {
      disconnect(run);
      const isFull = await run.until(
        ({ loads }) => Object.values(loads).every(({ caught }) => caught > 100),
        limitMs,
      );
      if (!isFull) throw new Error('The limit was not reached: no record was rejected.');
      reconnect(run);
      await run.configure({ rate: 50 });
      if (!(await run.waitForAcks(100, limitMs))) return;
      await run.until(
        ({ loads }) => Object.values(loads).every(({ counters }) => Number(counters?.waiting) < 100),
        limitMs,
        { askFirst: 'status' },
      );
      run.faultEnd = Date.now();
    },
    check: rejectedOnlyInFault,
  };
}

function damageScenario(damage: Damage): Scenario {
  const what = {
    cut: 'a segment cut off in a record',
    garbage: 'garbage after a segment',
    zeros: '3 KB of zeros in a segment',
    flipped: 'five bits flipped in a segment',
  }[damage];
  return {
    name: `damage-${damage}`,
    title: `${what}, while Node-RED is stopped in an outage`,
    kafkaOutOnly: true,
    resetsCounters: true,
    mayFail: arrivedWhileClosing,
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      await run.wait(3 * seconds);
      await stopInTime(run);
      damageQueues(run, damage);
      await run.startNodeRed();
      await run.wait(3 * seconds);
      if (!/damaged|cut off/i.test(run.nodeRed.log())) run.findings.push('the log does not tell the damage');
      reconnect(run);
    },
    check: ({ stats, lane }, run) => {
      const hit = run.destroyed.get(lane.id)?.size ?? 0;
      return stats.destroyed > hit ? [`${stats.destroyed} records lost, ${hit} damaged`] : [];
    },
  };
}

async function killAndStart(run: RunContext): Promise<void> {
  await run.killNodeRed();
  await run.startNodeRed();
}

/** How many records the nodes of this Node-RED have found on disk within `limitMs`. */
async function restoredRecords(run: RunContext, limitMs: number): Promise<number> {
  let restored = 0;
  await run.until(
    ({ loads }) => {
      restored = Object.values(loads).reduce((sum, { counters }) => sum + Number(counters?.restored ?? 0), 0);
      return restored > 0;
    },
    limitMs,
    { askFirst: 'status' },
  );
  return restored;
}

/** Waits until each node has sent `count` records from disk. @throws if the drain ends or does not begin */
async function waitForDrain(run: RunContext, count: number): Promise<void> {
  const begun = await run.until(
    ({ loads }) => Object.values(loads).every(({ fromDisk }) => fromDisk >= count),
    minutes,
  );
  if (!begun) throw new Error(`No drain to kill. ${run.nodeRed.log().slice(-2000)}`);
}

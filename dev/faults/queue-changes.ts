import { setScramUser } from '../kafka/admin-requests';
import { startCluster } from '../kafka/cluster';
import { denyWrites, disconnect, reconnect, stopInTime, waitForDisk } from './actions';
import { adminOf, pointProxiesAt, topicConfig, user } from './environment';
import type { Resources } from './load-control';
import { eachInItsCluster, eachToItsTopic } from './queue-checks';
import { readBack } from './result';
import type { RunContext } from './run-context';
import { arrivedWhileClosing, type Scenario } from './scenario';

const seconds = 1000;
const minutes = 60 * seconds;
const drainLimitMs = 2 * minutes;

/** The scenarios in which something changes while records are on disk: cluster, topic, permissions, settings, owner. */
export const queueChanges: Scenario[] = [
  {
    name: 'cluster-changed',
    title: 'another cluster behind the same addresses while records are on disk, and back',
    kafkaOutOnly: true,
    resetsCounters: true,
    mayFail: arrivedWhileClosing,
    fault: changeCluster,
    check: eachInItsCluster,
  },
  {
    name: 'fewer-partitions',
    title: 'topic deleted while records are on disk, re-created with 2 instead of 6 partitions, memory 1 MB',
    kafkaOutOnly: true,
    ordersKeysOnly: true,
    // Most records are only on disk.
    out: { memoryLimit: 1 },
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      await run.wait(20 * seconds);
      await run.environment.admin.deleteTopics({ topics: run.topics });
      await run.wait(3 * seconds);
      await run.environment.create(run.topics, { partitions: 2 });
      run.topicCreatedAt = Date.now();
      reconnect(run);
    },
  },
  {
    name: 'acl-minute',
    title: 'writes to one of two topics denied for a minute: nothing to Catch',
    kafkaOutOnly: true,
    clusterKind: 'secured',
    secondTopic: 'denied',
    cluster: () => ({ sasl: 'scram-sha-256', credentials: user }),
    async before(environment) {
      pointProxiesAt(environment, environment.cluster.secured.PASSWORD as string);
      await setScramUser(environment.cluster.internal, user);
    },
    fault: (run) => denyWrites(run, 1 * minutes),
  },
  {
    name: 'settings-changed',
    title: 'topic, limits, acks and compression changed while records are on disk',
    kafkaOutOnly: true,
    resetsCounters: true,
    mayFail: arrivedWhileClosing,
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      for (const { topics } of run.lanes) topics.push(`${topics[0]}-next`);
      await run.environment.create(run.lanes.map(({ topics }) => topics[1] as string));
      run.faultBegin = Date.now();
      await run.redeploy(({ topics, variant }) => ({
        topic: topics[1],
        ...{ memoryLimit: 2, diskLimit: 100, compression: 'gzip' },
        acks: variant.idempotent ? 'all' : '1',
      }));
      run.faultEnd = Date.now();
      await run.wait(15 * seconds);
      reconnect(run);
    },
    check: eachToItsTopic,
  },
  {
    name: 'deploys',
    title: 'a hundred full Deploys while Kafka is unreachable: no handle, file or memory is left',
    kafkaOutOnly: true,
    resetsCounters: true,
    rate: 200,
    out: { memoryLimit: 1 },
    mayFail: arrivedWhileClosing,
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      const before = await deployAndMeasure(run, 10);
      const after = await deployAndMeasure(run, 90);
      run.findings.push(...growth(before, after));
      reconnect(run);
    },
  },
  {
    name: 'two-processes',
    title: 'a second Node-RED on the same user folder while records are on disk',
    kafkaOutOnly: true,
    async fault(run) {
      disconnect(run);
      await waitForDisk(run);
      const { nodeRed, control } = await run.startSecond();
      try {
        await run.wait(15 * seconds);
        reconnect(run);
        await control.configure({ rate: 0 });
        if (!(await control.untilDrained(drainLimitMs))) run.findings.push('the second did not drain');
        if (!/in use/i.test(nodeRed.log()))
          run.findings.push('the second does not say that the queue is in use');
      } finally {
        await nodeRed.stop();
      }
    },
  },
];

/** Deploys so many times, each when the nodes of the last one run. @returns what the process holds afterwards */
async function deployAndMeasure(run: RunContext, deploys: number): Promise<Resources> {
  for (let deploy = 0; deploy < deploys; deploy++) {
    await run.redeployAll();
    await waitForDisk(run);
  }
  await run.wait(5 * seconds);
  const resources = await run.fetchResources();
  if (!resources) throw new Error('Node-RED does not respond.');
  return resources;
}

const maxHeapGrowth = 16_000_000;
// Requests in flight at the moment of the measurement.
const maxMore = 5;

/** What has become more, and should not have. */
function growth(before: Resources, after: Resources): string[] {
  const more = Object.entries(after.counts).filter(
    ([kind, count]) => count > (before.counts[kind] ?? 0) + maxMore,
  );
  const findings = more.map(([kind, count]) => `${kind}: ${before.counts[kind] ?? 0} → ${count}`);
  if (after.heap > before.heap + maxHeapGrowth) findings.push(`heap: ${before.heap} → ${after.heap} bytes`);
  return findings;
}

/** Records wait for their cluster while another one takes the new records. */
async function changeCluster(run: RunContext): Promise<void> {
  const { environment, lanes, topics } = run;
  const port = environment.proxies[0]?.port as number;
  const other = await startCluster({
    nodes: 1,
    advertised: { CLIENT: [{ port }] },
    properties: { 'auto.create.topics.enable': false },
  });
  const admin = adminOf(other.internal);
  try {
    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: 6, configEntries: topicConfig() })),
    });
    disconnect(run);
    await waitForDisk(run);
    await stopInTime(run);
    run.faultBegin = Date.now();
    pointProxiesAt(environment, environment.proxies.map(() => other.brokers).join(','));
    reconnect(run);
    await run.startNodeRed();
    await run.wait(10 * seconds);
    await run.configure({ rate: 0 });
    const waitForTheirs = await run.untilDrained(drainLimitMs, ({ counters }) => Number(counters?.restored));
    if (!waitForTheirs) run.findings.push('with the other cluster, not just the restored records waited');
    await stopInTime(run);
    run.faultEnd = Date.now();
    for (const { topics } of lanes)
      for (const topic of topics)
        for (const record of await readBack(other.internal, topic))
          run.elsewhere.push({ ...record, cluster: 'other' });
    if (run.elsewhere.length === 0) throw new Error('No record reached the other cluster.');
    pointProxiesAt(environment, environment.cluster.brokers);
    await run.startNodeRed();
  } finally {
    pointProxiesAt(environment, environment.cluster.brokers);
    await admin.disconnect().catch(() => {});
    await other.stop();
  }
}

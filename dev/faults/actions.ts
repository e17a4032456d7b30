import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { electPreferredLeaders } from '../kafka/elect-leaders';
import { type Environment, user } from './environment';
import { type FaultProxy, startProxy } from './proxy';
import type { RunContext } from './run-context';

const diskLimitMs = 60_000;
// A node closes within 5 s, whatever Kafka does; Node-RED itself needs a moment, too.
const stopLimitMs = 7_000;

/** Kills all brokers with SIGKILL and restarts them after `ms` milliseconds. */
export async function killAllBrokers(run: RunContext, ms: number): Promise<void> {
  await killBrokers(run);
  await run.wait(ms);
  await startAllBrokers(run.environment);
}

/** Kills all brokers with SIGKILL. */
export async function killBrokers({ environment: { cluster } }: RunContext): Promise<void> {
  await Promise.all(cluster.nodes.map((node) => node.kill()));
}

/** Closes all connections to Kafka, and new ones at once, until `reconnect`. */
export function disconnect({ environment: { proxies } }: RunContext): void {
  for (const proxy of proxies) proxy.refuse();
}

export function reconnect({ environment: { proxies } }: RunContext): void {
  for (const proxy of proxies) proxy.passThrough();
}

/** Waits until every node has records on disk. @throws if that takes more than a minute: then a row tests nothing */
export async function waitForDisk(run: RunContext): Promise<void> {
  const onDisk = await run.until(
    ({ loads }) => Object.values(loads).every(({ counters }) => Number(counters?.onDisk ?? 0) > 0),
    diskLimitMs,
    { askFirst: 'status' },
  );
  if (!onDisk) throw new Error(`No records on disk. ${run.nodeRed.log().slice(-2000)}`);
}

/** Stops Node-RED in order, and notes if that takes too long. */
export async function stopInTime(run: RunContext): Promise<void> {
  const ms = await run.stopNodeRed();
  if (ms > stopLimitMs) run.findings.push(`Node-RED took ${Math.round(ms)} ms to stop`);
}

/** Starts all brokers and resolves when they serve requests. */
export async function startAllBrokers({ cluster }: Environment): Promise<void> {
  // Launch all before waiting: one node alone has no controller quorum.
  for (const node of cluster.nodes) node.launch();
  await cluster.waitUntilReady();
}

/**
 * Puts a fault into all proxies for `ms` milliseconds.
 * @throws if no connection was hit: then the scenario tested nothing
 */
export async function breakConnections(
  { environment: { proxies }, wait }: RunContext,
  ms: number,
  inject: (proxy: FaultProxy) => void,
): Promise<void> {
  const faults = (): number => proxies.reduce((sum, { counts }) => sum + counts.faults, 0);
  const before = faults();
  for (const proxy of proxies) inject(proxy);
  await wait(ms);
  for (const proxy of proxies) proxy.passThrough();
  if (faults() === before)
    throw new Error('The fault hit no request: no records passed through the proxies.');
}

/** Moves each broker to a new address, one by one; the old addresses refuse connections afterwards. */
export async function changeBrokerAddresses({
  environment: { cluster, proxies },
}: RunContext): Promise<void> {
  for (const [index, node] of cluster.nodes.entries()) {
    const [old, moved] = [proxies[index] as FaultProxy, await startProxy()];
    moved.target = old.target;
    proxies[index] = moved;
    await node.stop();
    await old.close();
    node.advertise('CLIENT', { port: moved.port });
    await node.start();
    await cluster.waitUntilInSync();
  }
}

/** Moves the leader of every partition of the scenario's topics to another broker. */
export async function moveLeaders({ environment: { admin, cluster }, topics }: RunContext): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics });
  await admin.alterPartitionReassignments({
    topics: found.map(({ name, partitions }) => ({
      topic: name,
      partitionAssignment: partitions.map(({ partitionId, leader, replicas }) => ({
        partition: partitionId,
        replicas: [...replicas.filter((id) => id !== leader), leader],
      })),
    })),
  });
  await electPreferredLeaders(cluster.internal);
}

/** Denies writes to the second topic of each lane for `ms` milliseconds. */
export async function denyWrites(
  { environment: { admin }, lanes, wait }: RunContext,
  ms: number,
): Promise<void> {
  const acl = lanes.map(({ topics }) => ({
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topics[1] as string,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${user.username}`,
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.DENY,
  }));
  await admin.createAcls({ acl });
  await wait(ms);
  await admin.deleteAcls({ filters: acl });
}

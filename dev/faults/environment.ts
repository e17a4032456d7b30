import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Certificates, createCertificates } from '../kafka/certificates';
import { type KafkaCluster, startCluster } from '../kafka/cluster';
import { saslPasswordProperties, tlsProperties } from '../kafka/secured-broker';
import type { Properties } from '../kafka/server-properties';
import { type FaultProxy, startProxy } from './proxy';

/**
 * Kinds of cluster: plain; with Kafka's default session timeout; with one of 60 s; with proxies that are reached by host
 * name; with TLS, SASL and ACLs.
 */
export type ClusterKind = 'plain' | 'default-failover' | 'slow-failover' | 'host-names' | 'secured';

/** How topics are created. */
export interface TopicShape {
  /** [6] */
  partitions?: number;
  /** [3] */
  replicas?: number;
  /** Node ids of the replicas of each partition, the leader first, instead of the number of both. */
  assignment?: number[][];
  config?: Record<string, string>;
}

/** A real cluster of three brokers, a proxy in front of each, and an admin client that bypasses the proxies. */
export interface Environment {
  clusterKind: ClusterKind;
  cluster: KafkaCluster;
  proxies: FaultProxy[];
  /** The addresses of the proxies, for the producer under test. */
  readonly brokers: string;
  admin: Admin;
  /** Only for the secured cluster. */
  certificates?: Certificates;
  /** Creates topics; resolves when all are in sync. */
  create(topics: string[], shape?: TopicShape): Promise<void>;
  drop(topics: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The user of the secured cluster. */
export const user = { username: 'loader', password: 'loader-secret' };

/** Host names that resolve to 127.0.0.1 inside the Node-RED under test. */
export const hostNames = [1, 2, 3].map((id) => `broker-${id}.fault.test`);

// Short session timeouts: leaders of a killed broker move within seconds.
const fastFailover: Properties = { 'broker.session.timeout.ms': 3000, 'broker.heartbeat.interval.ms': 500 };
const settings: Record<ClusterKind, Properties> = {
  plain: fastFailover,
  'host-names': fastFailover,
  'default-failover': { 'broker.session.timeout.ms': 9000, 'broker.heartbeat.interval.ms': 2000 },
  'slow-failover': { 'broker.session.timeout.ms': 60_000, 'broker.heartbeat.interval.ms': 2000 },
  secured: {
    ...fastFailover,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Brokers and tools connect to the plaintext listeners.
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': true,
  },
};

/** Starts a cluster of that kind and resolves when it is ready. */
export async function startEnvironment(
  clusterKind: ClusterKind,
  progress?: (line: string) => void,
): Promise<Environment> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-faults-'));
  const certificates = clusterKind === 'secured' ? createCertificates(dir) : undefined;
  const proxies = await Promise.all([startProxy(), startProxy(), startProxy()]);
  // A function, because a scenario may replace proxies.
  const addresses = () =>
    proxies.map(({ port }, index) => ({
      host: clusterKind === 'host-names' ? hostNames[index] : '127.0.0.1',
      port,
    }));
  const advertised = addresses();
  const cluster = await startCluster({
    progress,
    properties: {
      ...settings[clusterKind],
      'auto.create.topics.enable': false,
      ...securityProperties(certificates),
    },
    ...(certificates
      ? {
          secured: { PASSWORD: 'SASL_PLAINTEXT', TLS: 'SSL', STRANGER: 'SSL' },
          advertised: { CLIENT: advertised, PASSWORD: advertised, TLS: advertised, STRANGER: advertised },
        }
      : { advertised: { CLIENT: advertised } }),
  });
  const environment: Environment = {
    clusterKind,
    cluster,
    proxies,
    get brokers() {
      return addresses()
        .map(({ host, port }) => `${host}:${port}`)
        .join(',');
    },
    admin: adminOf(cluster.internal),
    certificates,
    create: (topics, shape) => createTopics(environment, topics, shape),
    async drop(topics) {
      await environment.admin.deleteTopics({ topics }).catch(() => {});
    },
    async stop() {
      await environment.admin.disconnect().catch(() => {});
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await cluster.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  pointProxiesAt(environment, cluster.brokers);
  return environment;
}

/** The configuration of a topic: without a retention limit, and records have the time at which they were appended. */
export function topicConfig(config: Record<string, string> = {}): { name: string; value: string }[] {
  const all = { 'retention.ms': '-1', 'message.timestamp.type': 'LogAppendTime', ...config };
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

async function createTopics(
  { admin, cluster }: Environment,
  topics: string[],
  { partitions = 6, replicas = 3, assignment, config = {} }: TopicShape = {},
): Promise<void> {
  const copies = assignment?.[0]?.length ?? replicas;
  const inSync = String(Math.max(copies - 1, 1));
  const configEntries = topicConfig({ 'min.insync.replicas': inSync, ...config });
  await admin.createTopics({
    // kafkajs fails when it asks a broker that does not know the topics yet; waitUntilInSync asks all brokers.
    waitForLeaders: false,
    topics: topics.map((topic) => ({
      ...{ topic, configEntries },
      ...(assignment
        ? { replicaAssignment: assignment.map((replicas, partition) => ({ partition, replicas })) }
        : { numPartitions: partitions, replicationFactor: replicas }),
    })),
  });
  await cluster.waitUntilInSync(...topics);
}

/** Makes the proxies forward to these addresses of one listener: "127.0.0.1:port,…". */
export function pointProxiesAt({ proxies }: Environment, addressList: string): void {
  addressList.split(',').forEach((address, index) => {
    const [host = '127.0.0.1', port] = address.split(':');
    const proxy = proxies[index];
    if (proxy) proxy.target = { host, port: Number(port) };
  });
}

/** An admin client that waits for brokers that are about to start. */
export function adminOf(brokers: string): Admin {
  const retry = { retries: 20, maxRetryTime: 2000 };
  return new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry }).admin();
}

function securityProperties(certificates: Certificates | undefined): Properties {
  if (!certificates) return {};
  return {
    ...saslPasswordProperties('password', 'SCRAM-SHA-256'),
    ...tlsProperties('tls', certificates.serverFile),
    ...tlsProperties('stranger', certificates.wrongHostFile),
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Certificates, makeCertificates } from '../kafka/certificates';
import { type KafkaCluster, startCluster } from '../kafka/cluster';
import { passwords, pem } from '../kafka/secured-broker';
import type { Properties } from '../kafka/server-properties';
import { type FaultProxy, startProxy } from './proxy';

/** Kinds of cluster that scenarios need. */
export type ClusterKind = 'plain' | 'slow-failover' | 'host-names' | 'secured';

/** A real cluster of three with a proxy in front of each node, and a client that goes past them. */
export interface Environment {
  clusterKind: ClusterKind;
  cluster: KafkaCluster;
  proxies: FaultProxy[];
  /** The proxies' addresses, for the node under test. */
  readonly brokers: string;
  admin: Admin;
  /** Where the certificates lie, for the guarded clusterKind. */
  certificates?: Certificates;
  /** Topics of six partitions, three copies each, that keep their records; resolves when all are led. */
  create(topics: string[], config?: Record<string, string>): Promise<void>;
  drop(topics: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Who logs in at the guarded clusterKind. */
export const user = { username: 'loader', password: 'loader-secret' };

/** Host names that resolve to 127.0.0.1 inside the Node-RED under test. */
export const hostNames = [1, 2, 3].map((id) => `broker-${id}.fault.test`);

// Short: a killed node's partitions shall move while the load goes on.
const quick: Properties = { 'broker.session.timeout.ms': 3000, 'broker.heartbeat.interval.ms': 500 };
const settings: Record<ClusterKind, Properties> = {
  plain: quick,
  'host-names': quick,
  'slow-failover': { 'broker.session.timeout.ms': 60_000, 'broker.heartbeat.interval.ms': 2000 },
  secured: {
    ...quick,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Those without a name are the brokers themselves, and tools.
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': true,
  },
};

/** Starts a cluster of that clusterKind and resolves when it serves. */
export async function startEnvironment(
  clusterKind: ClusterKind,
  progress?: (line: string) => void,
): Promise<Environment> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-faults-'));
  const certificates = clusterKind === 'secured' ? makeCertificates(dir) : undefined;
  const proxies = await Promise.all([startProxy(), startProxy(), startProxy()]);
  // Looked up when asked for: a scenario may put other proxies in their places.
  const places = () =>
    proxies.map(({ port }, index) => ({
      host: clusterKind === 'host-names' ? hostNames[index] : '127.0.0.1',
      port,
    }));
  const advertised = places();
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
      return places()
        .map(({ host, port }) => `${host}:${port}`)
        .join(',');
    },
    admin: adminOf(cluster.internal),
    certificates,
    async create(topics, config = {}) {
      const entries = Object.entries({ 'retention.ms': '-1', 'min.insync.replicas': '2', ...config });
      const configEntries = entries.map(([name, value]) => ({ name, value }));
      await environment.admin.createTopics({
        // Asked on a broker that has not heard of them yet, it fails although they are there.
        waitForLeaders: false,
        topics: topics.map((topic) => ({ topic, numPartitions: 6, replicationFactor: 3, configEntries })),
      });
      await cluster.waitUntilInSync(...topics);
    },
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

/** Points the proxies at the nodes' addresses of a listener: "127.0.0.1:port,…". */
export function pointProxiesAt({ proxies }: Environment, addresses: string): void {
  addresses.split(',').forEach((address, index) => {
    const [host = '127.0.0.1', port] = address.split(':');
    const proxy = proxies[index];
    if (proxy) proxy.target = { host, port: Number(port) };
  });
}

function adminOf(brokers: string): Admin {
  const retry = { retries: 20, maxRetryTime: 2000 };
  return new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry }).admin();
}

function securityProperties(certificates: Certificates | undefined): Properties {
  if (!certificates) return {};
  return {
    ...passwords('password', 'SCRAM-SHA-256'),
    ...pem('tls', certificates.serverFile),
    ...pem('stranger', certificates.strangerFile),
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Certificates, makeCertificates } from '../kafka/certificates';
import { type KafkaCluster, startCluster } from '../kafka/cluster';
import { passwords, pem } from '../kafka/secured-broker';
import type { Properties } from '../kafka/server-properties';
import { type FaultProxy, startProxy } from './proxy';

/** Kinds of cluster that rows need. */
export type Shape = 'plain' | 'patient' | 'named' | 'guarded';

/** A real cluster of three with a proxy in front of each node, and a client that goes past them. */
export interface Stage {
  shape: Shape;
  cluster: KafkaCluster;
  proxies: FaultProxy[];
  /** The proxies' addresses, for the node under test. */
  readonly brokers: string;
  admin: Admin;
  /** Where the certificates lie, for the guarded shape. */
  certificates?: Certificates;
  /** Topics of six partitions, three copies each, that keep their records; resolves when all are led. */
  create(topics: string[], config?: Record<string, string>): Promise<void>;
  drop(topics: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Who logs in at the guarded shape. */
export const user = { username: 'loader', password: 'loader-secret' };

/** Host names that resolve to 127.0.0.1 inside the Node-RED under test. */
export const hostNames = [1, 2, 3].map((id) => `broker-${id}.fault.test`);

// Short: a killed node's partitions shall move while the load goes on.
const quick: Properties = { 'broker.session.timeout.ms': 3000, 'broker.heartbeat.interval.ms': 500 };
const settings: Record<Shape, Properties> = {
  plain: quick,
  named: quick,
  patient: { 'broker.session.timeout.ms': 60_000, 'broker.heartbeat.interval.ms': 2000 },
  guarded: {
    ...quick,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Those without a name are the brokers themselves, and tools.
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': true,
  },
};

/** Starts a cluster of that shape and resolves when it serves. */
export async function openStage(shape: Shape, progress?: (line: string) => void): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-faults-'));
  const certificates = shape === 'guarded' ? makeCertificates(dir) : undefined;
  const proxies = await Promise.all([startProxy(), startProxy(), startProxy()]);
  // Looked up when asked for: a row may put other proxies in their places.
  const places = () =>
    proxies.map(({ port }, index) => ({ host: shape === 'named' ? hostNames[index] : '127.0.0.1', port }));
  const advertised = places();
  const cluster = await startCluster({
    progress,
    properties: { ...settings[shape], 'auto.create.topics.enable': false, ...guards(certificates) },
    ...(certificates
      ? {
          secured: { PASSWORD: 'SASL_PLAINTEXT', TLS: 'SSL', STRANGER: 'SSL' },
          advertised: { CLIENT: advertised, PASSWORD: advertised, TLS: advertised, STRANGER: advertised },
        }
      : { advertised: { CLIENT: advertised } }),
  });
  const stage: Stage = {
    shape,
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
      await stage.admin.createTopics({
        // Asked on a broker that has not heard of them yet, it fails although they are there.
        waitForLeaders: false,
        topics: topics.map((topic) => ({ topic, numPartitions: 6, replicationFactor: 3, configEntries })),
      });
      await cluster.inSync(...topics);
    },
    async drop(topics) {
      await stage.admin.deleteTopics({ topics }).catch(() => {});
    },
    async stop() {
      await stage.admin.disconnect().catch(() => {});
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await cluster.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  aimAt(stage, cluster.brokers);
  return stage;
}

/** Points the proxies at the nodes' addresses of a listener: "127.0.0.1:port,…". */
export function aimAt({ proxies }: Stage, addresses: string): void {
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

function guards(certificates: Certificates | undefined): Properties {
  if (!certificates) return {};
  return {
    ...passwords('password', 'SCRAM-SHA-256'),
    ...pem('tls', certificates.serverFile),
    ...pem('stranger', certificates.strangerFile),
  };
}

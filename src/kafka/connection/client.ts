import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Security } from '../security/settings';
import { readAddress } from './address';
import { BrokerRequests, type KafkaCluster } from './broker-requests';
import {
  patchMetadataBroker,
  patchMetadataResponse,
  patchProduceRequest,
  patchRequestQueue,
} from './kafkajs-patches';
import type { Sockets } from './sockets';

/** How to connect to a cluster; without `ssl` in plaintext, without `sasl` with no login. */
export interface ClusterSettings extends Security {
  /** `host:port` each. */
  brokers: string[];
  clientId: string;
  /** Milliseconds for a connection to open. */
  connectionTimeout: number;
  /** Milliseconds for the answer to a request. */
  requestTimeout: number;
}

/** Receives kafkajs's log lines. They are details: the nodes report what matters themselves. */
export type DetailLog = (line: string) => void;

/**
 * Creates a kafkajs client that hardly retries: the callers retry, because they know which records must not be
 * lost. It tries each bootstrap broker once.
 */
export function createClient(settings: ClusterSettings, sockets: Sockets, detail: DetailLog): Kafka {
  patchRequestQueue();
  patchProduceRequest();
  patchMetadataResponse();
  patchMetadataBroker();
  return new Kafka({
    brokers: seedsOf(settings.brokers),
    clientId: settings.clientId,
    connectionTimeout: settings.connectionTimeout,
    ssl: settings.ssl,
    sasl: settings.sasl,
    authenticationTimeout: settings.requestTimeout,
    requestTimeout: settings.requestTimeout,
    retry: { retries: Math.max(1, settings.brokers.length), initialRetryTime: 100, maxRetryTime: 500 },
    socketFactory: sockets.factory,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log }) =>
        detail(`kafkajs ${namespace}: ${log.message}`),
  });
}

/**
 * The bootstrap brokers in a form that kafkajs reads correctly. It takes the first two parts of `broker.split(':')` for
 * host and port, which cuts an IPv6 address; it requires strings only in an array.
 */
function seedsOf(brokers: string[]): string[] {
  const seeds = brokers.map((broker) => {
    const { host, port } = readAddress(broker);
    return { split: () => [host, String(port)] };
  });
  return { ...seeds, length: seeds.length } as unknown as string[];
}

/**
 * An admin client of kafkajs, and the cluster behind it, which kafkajs does not show: requests of our own go over the same
 * connections.
 */
export function createAdmin(
  settings: ClusterSettings,
  sockets: Sockets,
  detail: DetailLog,
): { admin: Admin; requests: BrokerRequests } {
  const kafka = createClient(settings, sockets, detail);
  const made = clusterMaker(kafka);
  const admin = kafka.admin();
  return { admin, requests: new BrokerRequests(made.cluster()) };
}

/** ms. A broker that is not known, or cannot be reached, is asked for again before. */
const metadataMaxAge = 60_000;

/** Keeps the cluster that kafkajs makes next. */
function clusterMaker(kafka: Kafka): { cluster(): KafkaCluster } {
  const name = Object.getOwnPropertySymbols(kafka).find(({ description }) =>
    description?.endsWith('createCluster'),
  );
  const members = kafka as unknown as Record<symbol, (options: object) => KafkaCluster>;
  const make = name && members[name];
  if (!make) throw new Error('This kafkajs has no cluster.');
  let cluster: KafkaCluster | undefined;
  members[name] = (options) => {
    // kafkajs's own age is 0: each request would ask for the metadata of all topics first.
    cluster = make({ metadataMaxAge, ...options });
    return cluster;
  };
  return { cluster: () => cluster as KafkaCluster };
}

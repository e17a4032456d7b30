import { Kafka, logLevel } from 'kafkajs';
import type { Security } from '../security/settings';
import { patchProduceRequest, patchRequestQueue } from './kafkajs-patches';
import type { Sockets } from './sockets';

/** What is needed to reach a cluster; without `ssl` in plaintext, without `sasl` with no login. */
export interface ClusterSettings extends Security {
  /** `host:port` each. */
  brokers: string[];
  clientId: string;
  /** Milliseconds for a TCP connection to stand. */
  connectionTimeout: number;
  /** Milliseconds a request may go unanswered. */
  requestTimeout: number;
}

/** Where kafkajs's own log lines go; they are details, the nodes report what matters themselves. */
export type DetailLog = (line: string) => void;

/**
 * A kafkajs client that retries next to nothing by itself: retries are the business of who knows what
 * must not be lost. Each bootstrap broker is tried once.
 */
export function createClient(settings: ClusterSettings, sockets: Sockets, detail: DetailLog): Kafka {
  patchRequestQueue();
  patchProduceRequest();
  return new Kafka({
    brokers: settings.brokers,
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

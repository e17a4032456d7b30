import { exponentialBackoff } from '../util/backoff';

// How requests to Kafka are retried. Which errors are retried, and which reset the client: error-table.ts. Until
// when: a record's delivery timeout, kafka-admin's timeout. kafkajs itself does not retry (docs/kafkajs.md).

/** The waits before the same batch is sent again, in milliseconds. Jitter keeps partitions apart. */
export const batchRetryWaits = (): (() => number) => exponentialBackoff(100, 2000, 0.2);

/** The waits between attempts to find and connect a topic, in milliseconds. */
export const connectRetryWaits = (): (() => number) => exponentialBackoff(200, 2000);

/** The waits between attempts of a kafka-admin operation, in milliseconds. */
export const adminRetryWaits = (): (() => number) => exponentialBackoff(200, 2000);

/** Failed attempts in a row, of any kind, after which a topic's client is replaced. */
export const maxFailures = 4;

/** Failed attempts in a row of a kind that kafkajs may not recover from, after which it is replaced. */
export const maxSuspiciousFailures = 2;

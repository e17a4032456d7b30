import type { Message } from 'kafkajs';
import type { PartitionCount } from '../../../src/kafka/delivery/partition-count';
import { PendingRecord } from '../../../src/kafka/delivery/pending-record';
import type { Acknowledgement } from '../../../src/kafka/delivery/topic-producer';
import { type Producer, TopicWriter } from '../../../src/kafka/delivery/topic-writer';
import { nextTurn } from './fake-writers';

/** A request of the writer, which the test answers. */
interface Request {
  partition: number;
  values: string[];
  resolve(answer: Acknowledgement): void;
  reject(error: Error): void;
}

/**
 * A writer with its requests.
 * @param fetch the topic's number of partitions, as the cluster reports it
 */
export function writerOf(fetch: () => Promise<number> = async () => 1) {
  const requests: Request[] = [];
  const producer: Producer = {
    connect: async () => {},
    send: (_topic, partition, messages: Message[]) =>
      new Promise((resolve, reject) => {
        requests.push({ partition, values: messages.map(({ value }) => String(value)), resolve, reject });
      }),
    attemptFailed: () => {},
    replaceClient: () => {},
    close: async () => {},
  };
  let known: number | undefined;
  const refresh = async (): Promise<number> => {
    known = await fetch();
    return known;
  };
  const count = {
    get current() {
      return known;
    },
    fetch: refresh,
    refresh: () => refresh().catch(() => undefined),
    refreshIfOld: () => {},
  };
  const writer = new TopicWriter('t', producer, count as unknown as PartitionCount);
  const write = ({ linger = 0, key = null as Buffer | null, value = 'v' } = {}): void => {
    const record = { key, value: Buffer.from(value), timestamp: 1, bytes: 1 };
    const timeouts = { deliveryTimeout: 60_000, linger };
    const listener = { acknowledged: () => {}, failed: () => {} };
    writer.write(new PendingRecord(record, { retried: () => {} }, timeouts, performance.now(), listener));
  };
  return { writer, write, requests, refresh };
}

/** Lets promises and immediates run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

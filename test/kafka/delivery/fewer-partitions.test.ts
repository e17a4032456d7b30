import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Message } from 'kafkajs';
import type { PartitionCount } from '../../../src/kafka/delivery/partition-count';
import { partitionOf } from '../../../src/kafka/delivery/partitioner';
import { PendingRecord } from '../../../src/kafka/delivery/pending-record';
import { TopicWriter } from '../../../src/kafka/delivery/topic-writer';
import { FakeClock } from './fake-clock';
import { nextTurn } from './fake-writers';

const partitionsBefore = 6;
const partitionsAfter = 2;
const key = Buffer.from('k4');

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['setTimeout', 'setInterval']);
});
afterEach(() => clock.reset());

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
};

test('topic re-created with fewer partitions: records of a key -> in order, those in flight first', async () => {
  const gone = partitionOf(key, partitionsBefore);
  const left = partitionOf(key, partitionsAfter);
  assert.ok(gone >= partitionsAfter);
  let known = partitionsBefore;
  const requests: Array<{ partition: number; values: string[]; fail: (error: Error) => void }> = [];
  const count = {
    get current() {
      return known;
    },
    fetch: async () => known,
    refresh: async () => known,
    refreshIfOld: () => {},
  };
  const producer = {
    connect: async () => {},
    send: (_: string, partition: number, messages: Message[]): Promise<never> =>
      new Promise((_, fail) => {
        requests.push({ partition, values: messages.map(({ value }) => String(value)), fail });
      }),
    attemptFailed: () => {},
    replaceClient: () => {},
    close: async () => {},
  };
  const writer = new TopicWriter('t', producer, count as unknown as PartitionCount);
  const write = async (value: string): Promise<void> => {
    const record = { key, value: Buffer.from(value), timestamp: 1, bytes: 1 };
    const timeouts = { deliveryTimeout: 60_000, linger: 0 };
    const listener = { acknowledged: () => {}, failed: () => {} };
    writer.write(new PendingRecord(record, { retried: () => {} }, timeouts, performance.now(), listener));
    await settled();
  };

  await write('in flight');
  await write('waiting');
  known = partitionsAfter;
  await write('new');
  assert.equal(writer.partitions, undefined);
  assert.deepEqual(
    requests.map(({ partition, values }) => [partition, values]),
    [[gone, ['in flight']]],
  );

  requests[0]?.fail(Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' }));
  await settled();
  assert.equal(writer.partitions, partitionsAfter);
  assert.deepEqual(
    requests.slice(1).map(({ partition, values }) => [partition, values]),
    [[left, ['in flight', 'waiting', 'new']]],
  );
  await writer.close();
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Message } from 'kafkajs';
import type { Peeked } from '../../../src/kafka/admin/records/peek';
import { freshTopic } from '../../kafka-broker';
import { type AdminSetup, setUpAdmin } from './admin-run';
import { produceLines } from './kafka-tools';

let setup: AdminSetup;
let topic: string;

before(async () => {
  setup = await setUpAdmin();
});
after(async () => {
  await setup?.close();
});
beforeEach(async () => {
  topic = await freshTopic(setup.broker.brokers, 'peek', 2);
});

const peek = (options: object = {}, target = topic): Promise<Peeked> =>
  setup.run('records.peek', { target, options });

/** Each message in a batch of its own. */
async function produce(...messages: Message[]): Promise<void> {
  for (const message of messages) await setup.producer.send({ topic, messages: [message] });
}

const numbered = (count: number, partition = 0): Message[] =>
  Array.from({ length: count }, (_, n) => ({ value: `${n}`, partition, timestamp: String(1000 * (n + 1)) }));

const valuesOf = ({ records }: Peeked): unknown[] => records.map(({ value }) => value);

test('records.peek -> key, value, headers, time; tombstones, bytes that are no text, repeated headers', async () => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  await produce(
    { key: 'k', value: '{"a":1}', partition: 1, timestamp: '5000', headers: { one: 'x', two: ['y', bytes] } },
    { key: 'k', value: null, partition: 1, timestamp: '6000' },
    { key: null, value: bytes, partition: 0, timestamp: '7000' },
    { value: '', partition: 1, timestamp: '8000' },
  );
  const text = await peek();
  const row = (partition: number, offset: string, timestamp: number, more: object): object => ({
    ...{ partition, offset, timestamp, key: null, headers: {}, ...more },
  });
  assert.deepEqual(text, {
    topic,
    records: [
      row(0, '0', 7000, { value: bytes, bytes: 3 }),
      row(1, '0', 5000, { key: 'k', value: '{"a":1}', headers: { one: 'x', two: ['y', bytes] }, bytes: 22 }),
      row(1, '1', 6000, { key: 'k', value: null, bytes: 1 }),
      row(1, '2', 8000, { value: '', bytes: 0 }),
    ],
    partitions: [
      { partition: 0, earliest: '0', latest: '1', next: '1' },
      { partition: 1, earliest: '0', latest: '3', next: '3' },
    ],
    stopped: 'end',
  });
  assert.deepEqual(valuesOf(await peek({ format: 'json' })), [bytes, { a: 1 }, null, '']);
  const [, first] = (await peek({ format: 'buffer' })).records;
  assert.deepEqual([first?.key, first?.value], [Buffer.from('k'), Buffer.from('{"a":1}')]);
});

test('records.peek: limit, bytes -> stopped; `next` goes on where it stopped', async () => {
  await setup.producer.send({ topic, messages: [...numbered(4), ...numbered(3, 1)] });
  const first = await peek({ limit: 2 });
  assert.deepEqual([valuesOf(first), first.stopped], [['0', '1'], 'limit']);
  const offsets = Object.fromEntries(first.partitions.map(({ partition, next }) => [partition, next]));
  assert.deepEqual(offsets, { 0: '2', 1: '0' });
  const rest = await peek({ offsets });
  assert.deepEqual([valuesOf(rest), rest.stopped], [['2', '3', '0', '1', '2'], 'end']);
  const few = await peek({ bytes: 3 });
  assert.deepEqual([valuesOf(few), few.stopped, few.partitions[0]?.next], [['0', '1', '2'], 'bytes', '3']);
  const large = 'x'.repeat(900_000);
  await produce({ value: large, partition: 1 });
  const one = await peek({ offsets: { 1: 3 }, bytes: 1000 });
  assert.deepEqual([valuesOf(one), one.stopped], [[large], 'end']);
});

test('records.peek: last -> the newest of all partitions together, newest first', async () => {
  await produce(
    { value: 'a', partition: 0, timestamp: '1000' },
    { value: 'b', partition: 1, timestamp: '2000' },
    { value: 'c', partition: 0, timestamp: '3000' },
    { value: 'd', partition: 1, timestamp: '4000' },
  );
  assert.deepEqual(valuesOf(await peek({ last: 3 })), ['d', 'c', 'b']);
  assert.deepEqual(valuesOf(await peek({ last: 9, partitions: [0] })), ['c', 'a']);
});

test('records.peek: offset, offsets, time, age, partitions -> from there; out of range -> an error', async () => {
  await setup.producer.send({ topic, messages: numbered(5) });
  assert.deepEqual(valuesOf(await peek({ offset: 3, partitions: 0 })), ['3', '4']);
  assert.deepEqual(valuesOf(await peek({ offsets: { 0: '4' } })), ['4']);
  assert.deepEqual(valuesOf(await peek({ time: 3000 })), ['2', '3', '4']);
  assert.deepEqual(valuesOf(await peek({ age: '1 h' })), []);
  await setup.run('records.delete', { target: topic, options: { offset: 2, partitions: 0 }, confirm: topic });
  assert.deepEqual(valuesOf(await peek({ offset: 0, partitions: [0] })), ['2', '3', '4']);
  for (const [options, key] of [
    [{ offset: 6, partitions: 0 }, 'offset-out-of-range'],
    [{ partitions: 7 }, 'partition-not-found'],
    [{ limit: 10_001 }, 'option-invalid'],
    [{ last: 1, offset: 1 }, 'option-invalid'],
  ] as const) {
    await assert.rejects(peek(options), { key });
  }
  await assert.rejects(peek({}, `no-${topic}`), { key: 'topic-not-found' });
});

test('records.peek: aborted, committed and open transactions -> by the isolation; last counts what is visible', async () => {
  const transactional = setup.kafka.producer({
    transactionalId: `t-${topic}`,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await transactional.connect();
  const inTransaction = async (values: string[], end: 'commit' | 'abort' | 'leave open') => {
    const transaction = await transactional.transaction();
    await transaction.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
    if (end !== 'leave open') await transaction[end]();
    return transaction;
  };
  await inTransaction(['c1', 'c2', 'c3'], 'commit');
  await inTransaction(['a1', 'a2'], 'abort');
  await produce({ value: 'plain', partition: 0 });
  await inTransaction(['a3'], 'abort');
  await inTransaction(['c4'], 'commit');
  const open = await inTransaction(['o1'], 'leave open');
  try {
    assert.deepEqual(valuesOf(await peek()), ['c1', 'c2', 'c3', 'plain', 'c4']);
    const all = ['c1', 'c2', 'c3', 'a1', 'a2', 'plain', 'a3', 'c4', 'o1'];
    assert.deepEqual(valuesOf(await peek({ isolation: 'uncommitted' })), all);
    assert.deepEqual(new Set(valuesOf(await peek({ last: 5 }))), new Set(['c1', 'c2', 'c3', 'plain', 'c4']));
  } finally {
    await open.abort();
    await transactional.disconnect();
  }
});

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
  test(`records.peek: ${codec}, written by Kafka's own producer -> the records`, async () => {
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n} ${'abc'.repeat(20)}`);
    await produceLines(setup.broker.brokers, lines, '--topic', topic, '--compression-codec', codec);
    const read = valuesOf(await peek({ limit: 1000 })).map(String);
    assert.deepEqual(read.sort(), [...lines].sort());
  });
}

test('records.peek: empty topic -> none', async () => {
  assert.deepEqual([(await peek()).records, (await peek({ last: 5 })).stopped], [[], 'end']);
});

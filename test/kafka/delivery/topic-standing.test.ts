import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { PartitionCount } from '../../../src/kafka/delivery/partition-count';
import type { Acknowledgement } from '../../../src/kafka/delivery/topic-producer';
import { type Producer, TopicWriter } from '../../../src/kafka/delivery/topic-writer';
import { FakeClock } from './fake-clock';
import { nextTurn } from './fake-writers';

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['setTimeout', 'setInterval']);
});
afterEach(() => clock.reset());

const refused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', broker: 'kafka1:9092' });
const protocolError = (type: string): Error =>
  Object.assign(new Error(type), { type, name: 'KafkaJSProtocolError' });

/** A writer of one partition whose requests a test answers, and the records it has accepted. */
function writerOf(fetch: () => Promise<number> = async () => 1) {
  const requests: Array<{ resolve(answer: Acknowledgement): void; reject(error: Error): void }> = [];
  const producer: Producer = {
    connect: async () => {},
    send: () => new Promise((resolve, reject) => void requests.push({ resolve, reject })),
    attemptFailed: () => {},
    replaceClient: () => {},
    close: async () => {},
  };
  let known: number | undefined;
  const count = {
    get current() {
      return known;
    },
    fetch: async () => {
      known = await fetch();
      return known;
    },
    refresh: async () => known,
    refreshIfOld: () => {},
  };
  const writer = new TopicWriter('t', producer, count as unknown as PartitionCount);
  const write = (linger = 0): void => {
    const record = { key: null, value: Buffer.from('v'), timestamp: 1, bytes: 1 };
    const timeouts = { deliveryTimeout: 60_000, linger };
    writer.write(record, { retried: () => {} }, timeouts).answer.catch(() => {});
  };
  return { writer, write, requests };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
};

test('topic standing: connected, nothing pending -> healthy, no trouble', async () => {
  const { writer } = writerOf();
  assert.equal(writer.standing.healthy, false);
  writer.connect();
  await settled();
  const { healthy, trouble, waiting } = writer.standing;
  assert.deepEqual([healthy, trouble, waiting()], [true, undefined, 0]);
  await writer.close();
});

test('topic standing: no answer to a request -> trouble since the record was written', async () => {
  const { writer, write, requests } = writerOf();
  writer.connect();
  await settled();
  const begin = clock.now;
  write();
  await settled();
  clock.tick(5000);
  write();
  const { trouble, waiting } = writer.standing;
  assert.deepEqual([trouble?.since, trouble?.source, waiting()], [begin, 'connection', 2]);
  assert.equal(trouble?.problem.key, 'cause-not-acknowledged');
  requests[0]?.resolve({ baseOffset: '0', logAppendTime: -1 });
  await settled();
  assert.deepEqual([writer.standing.trouble?.since, writer.standing.waiting()], [clock.now, 1]);
  await writer.close();
});

test('topic standing: failed requests -> their cause, until an acknowledgement', async () => {
  const { writer, write, requests } = writerOf();
  writer.connect();
  await settled();
  const begin = clock.now;
  write();
  await settled();
  clock.tick(1000);
  requests[0]?.reject(refused());
  await settled();
  const { healthy, trouble } = writer.standing;
  assert.deepEqual([healthy, trouble?.since, trouble?.source], [false, begin, 'connection']);
  assert.equal(trouble?.problem.key, 'refused-connection');
  await writer.close();
});

test('topic standing: no record, but the topic cannot be opened -> trouble with its source', async () => {
  for (const [error, source] of [
    [refused(), 'connection'],
    [protocolError('UNKNOWN_TOPIC_OR_PARTITION'), 'answer'],
    [protocolError('UNSUPPORTED_SASL_MECHANISM'), 'login'],
  ] as const) {
    const { writer } = writerOf(() => Promise.reject(error));
    writer.connect();
    await settled();
    const { healthy, trouble, waiting } = writer.standing;
    assert.deepEqual([healthy, trouble?.source, waiting()], [false, source, 0]);
    await writer.close();
  }
});

test('topic standing: a record that lingers -> no trouble before it is due', async () => {
  const { writer, write } = writerOf();
  writer.connect();
  await settled();
  write(20_000);
  await settled();
  assert.ok((writer.standing.trouble?.since ?? 0) >= clock.now + 20_000);
  await writer.close();
});

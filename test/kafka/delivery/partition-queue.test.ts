import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaJSRequestTimeoutError, type Message } from 'kafkajs';
import { type PartitionEvents, PartitionQueue } from '../../../src/kafka/delivery/partition-queue';
import { PendingRecord } from '../../../src/kafka/delivery/pending-record';
import type { Acknowledgement } from '../../../src/kafka/delivery/topic-producer';
import { Problem } from '../../../src/util/problem';

const owner = { retried: () => {} };

function record(id: number, bytes = 10_000): PendingRecord {
  const value = Buffer.from(String(id));
  const timeouts = { deliveryTimeout: 60_000, linger: 0 };
  return new PendingRecord({ key: null, value, timestamp: 1, bytes }, owner, timeouts, performance.now());
}

/** A lane whose `send` is told, and what was asked of it. */
function laneWith(send: (ids: number[]) => Promise<Acknowledgement>): {
  lane: PartitionEvents;
  calls: string[];
} {
  const calls: string[] = [];
  const lane: PartitionEvents = {
    topic: 't',
    closing: new AbortController().signal,
    send: async (_partition, messages: Message[]) => send(messages.map(({ value }) => Number(value))),
    failed: (_partition, { replace }) => void calls.push(`failed, replace ${replace}`),
    succeeded: () => {},
    resetProducer: () => void calls.push('afresh'),
    drained: () => void calls.push('drained'),
    reroute: async () => false,
    left: () => {},
  };
  return { lane, calls };
}

const noAnswer = (): Error =>
  new KafkaJSRequestTimeoutError('Request Produce timed out', {
    broker: 'b:1',
    clientId: 'c',
    correlationId: 1,
    createdAt: 1,
    sentAt: 1,
    pendingDuration: 1,
  } as never);

test('a line too slow for whole batches carries smaller ones, in order', async () => {
  const sizes: number[] = [];
  const log: number[] = [];
  const { lane } = laneWith(async (ids) => {
    sizes.push(ids.length);
    if (ids.length > 10) throw noAnswer();
    log.push(...ids);
    return { baseOffset: String(log.length - ids.length), logAppendTime: -1 };
  });
  const queue = new PartitionQueue(0, lane);
  const entries = Array.from({ length: 100 }, (_, id) => record(id));
  for (const entry of entries.slice(0, 80)) queue.push(entry);
  await new Promise(setImmediate);
  for (const entry of entries.slice(80)) queue.push(entry);
  const places = await Promise.all(entries.map(({ answer }) => answer));
  assert.deepEqual(
    log,
    Array.from({ length: 100 }, (_, id) => id),
  );
  assert.deepEqual(
    places.map(({ offset }) => Number(offset)),
    log,
  );
  assert.deepEqual(sizes.slice(0, 4), [80, 40, 20, 10]);
});

test('what is refused at once needs no new client; what was given up after an attempt does', async () => {
  const refusal = Object.assign(new Error('no'), { type: 'INVALID_RECORD', name: 'KafkaJSProtocolError' });
  const refusing = laneWith(async () => {
    throw refusal;
  });
  const one = record(1);
  new PartitionQueue(0, refusing.lane).push(one);
  await assert.rejects(one.answer, { key: 'record-invalid' });
  await new Promise(setImmediate);
  assert.deepEqual(refusing.calls, ['drained']);

  const other = record(2);
  const moved = Object.assign(new Error('moved'), {
    type: 'NOT_LEADER_FOR_PARTITION',
    name: 'KafkaJSProtocolError',
  });
  let drained = (): void => {};
  const over = new Promise<void>((resolve) => {
    drained = resolve;
  });
  const leaving = laneWith(async () => {
    setImmediate(() => other.fail(new Problem('not-delivered', { seconds: 1, cause: 'the test' })));
    throw moved;
  });
  new PartitionQueue(0, { ...leaving.lane, drained }).push(other);
  await assert.rejects(other.answer, { key: 'not-delivered' });
  await over;
  assert.deepEqual(leaving.calls, ['failed, replace many', 'afresh']);
});

test('a record is in doubt while its request is out, and stays so after one without an answer', () => {
  const entry = record(1);
  assert.equal(entry.outcomeUnknown, false);
  entry.attempt();
  assert.equal(entry.outcomeUnknown, true);
  entry.attemptFailed(new Problem('leader-moved'), false);
  assert.equal(entry.outcomeUnknown, false);
  entry.attempt();
  entry.attemptFailed(new Problem('no-answer'), true);
  entry.attempt();
  entry.attemptFailed(new Problem('leader-moved'), false);
  assert.equal(entry.outcomeUnknown, true);
});

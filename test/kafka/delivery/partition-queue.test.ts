import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaJSRequestTimeoutError } from 'kafkajs';
import { type PartitionEvent, PartitionQueue } from '../../../src/kafka/delivery/partition-queue';
import {
  type AnswerListener,
  type Delivery,
  PendingRecord,
} from '../../../src/kafka/delivery/pending-record';
import type { Acknowledgement } from '../../../src/kafka/delivery/topic-producer';
import { Problem } from '../../../src/util/problem';

const owner = { retried: () => {} };
const ignored: AnswerListener = { acknowledged: () => {}, failed: () => {} };

function pendingRecord(id: number, bytes = 10_000, listener: AnswerListener = ignored): PendingRecord {
  const record = { key: null, value: Buffer.from(String(id)), timestamp: 1, bytes };
  const timeouts = { deliveryTimeout: 60_000, linger: 0 };
  return new PendingRecord(record, owner, timeouts, performance.now(), listener);
}

/** A record, and a promise of its answer. */
function recordWithAnswer(id: number, bytes?: number): { pending: PendingRecord; answer: Promise<Delivery> } {
  let pending: PendingRecord | undefined;
  const answer = new Promise<Delivery>((acknowledged, failed) => {
    pending = pendingRecord(id, bytes, { acknowledged, failed });
  });
  return { pending: pending as PendingRecord, answer };
}

/** A queue whose requests `send` answers, and the types of its events. */
function queueWith(
  send: (ids: number[]) => Promise<Acknowledgement>,
  onEvent: (event: PartitionEvent) => void | Promise<void> = () => {},
): { queue: PartitionQueue; events: string[]; idle: Promise<void> } {
  const events: string[] = [];
  let becameIdle = (): void => {};
  const idle = new Promise<void>((resolve) => {
    becameIdle = resolve;
  });
  const queue = new PartitionQueue({
    topic: 't',
    partition: 0,
    closing: new AbortController().signal,
    waitsForAcceptance: false,
    send: (messages) => send(messages.map(({ value }) => Number(value))),
    onEvent: (event) => {
      events.push(event.type);
      if (event.type === 'idle') becameIdle();
      return onEvent(event);
    },
  });
  return { queue, events, idle };
}

const protocolError = (type: string): Error =>
  Object.assign(new Error(type), { type, name: 'KafkaJSProtocolError' });

const requestTimeout = (): Error =>
  new KafkaJSRequestTimeoutError('Request Produce timed out', {
    broker: 'b:1',
    clientId: 'c',
    correlationId: 1,
    createdAt: 1,
    sentAt: 1,
    pendingDuration: 1,
  } as never);

test('partition queue: connection too slow for whole batches -> smaller batches, in order', async () => {
  const sizes: number[] = [];
  const log: number[] = [];
  const { queue } = queueWith(async (ids) => {
    sizes.push(ids.length);
    if (ids.length > 10) throw requestTimeout();
    log.push(...ids);
    return { baseOffset: String(log.length - ids.length), logAppendTime: -1 };
  });
  const records = Array.from({ length: 100 }, (_, id) => recordWithAnswer(id));
  for (const { pending } of records.slice(0, 80)) queue.push(pending);
  await new Promise(setImmediate);
  for (const { pending } of records.slice(80)) queue.push(pending);
  const deliveries = await Promise.all(records.map(({ answer }) => answer));
  assert.deepEqual(
    log,
    Array.from({ length: 100 }, (_, id) => id),
  );
  assert.deepEqual(
    deliveries.map(({ offset }) => Number(offset)),
    log,
  );
  assert.deepEqual(sizes.slice(0, 4), [80, 40, 20, 10]);
});

test('partition queue: rejected at the first attempt -> no new client', async () => {
  const { queue, events, idle } = queueWith(async () => {
    throw protocolError('INVALID_RECORD');
  });
  const { pending, answer } = recordWithAnswer(1);
  queue.push(pending);
  await assert.rejects(answer, { key: 'record-invalid' });
  await idle;
  assert.deepEqual(events, ['batch-sent', 'idle']);
});

test('partition queue: expired after an attempt -> sequence lost', async () => {
  const { pending, answer } = recordWithAnswer(2);
  const { queue, events, idle } = queueWith(async () => {
    setImmediate(() => pending.fail(new Problem('not-delivered', { seconds: 1, cause: '' })));
    throw protocolError('NOT_LEADER_FOR_PARTITION');
  });
  queue.push(pending);
  await assert.rejects(answer, { key: 'not-delivered' });
  await idle;
  assert.deepEqual(events, ['batch-sent', 'retrying', 'sequence-lost', 'idle']);
});

test('partition queue: withdrawn while an event is handled -> not sent again', async () => {
  const withdrawn: PendingRecord[] = [];
  const sent: number[][] = [];
  const { queue, idle } = queueWith(
    async (ids) => {
      sent.push(ids);
      throw protocolError('UNKNOWN_TOPIC_OR_PARTITION');
    },
    async ({ type }) => {
      if (type !== 'retrying') return;
      await new Promise(setImmediate);
      withdrawn.push(...queue.withdraw());
    },
  );
  const records = [1, 2, 3].map((id) => pendingRecord(id));
  queue.push(records[0] as PendingRecord);
  await new Promise(setImmediate);
  for (const pending of records.slice(1)) queue.push(pending);
  await idle;
  assert.deepEqual(withdrawn, records);
  assert.deepEqual(sent, [[1]]);
  assert.deepEqual(queue.pending, []);
});

test('pending record: outcome unknown while in flight, and after an attempt without response', () => {
  const pending = pendingRecord(1);
  assert.equal(pending.outcomeUnknown, false);
  pending.attempt();
  assert.equal(pending.outcomeUnknown, true);
  pending.attemptFailed(new Problem('leader-moved'), false);
  assert.equal(pending.outcomeUnknown, false);
  pending.attempt();
  pending.attemptFailed(new Problem('no-answer'), true);
  pending.attempt();
  pending.attemptFailed(new Problem('leader-moved'), false);
  assert.equal(pending.outcomeUnknown, true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDelivery } from '../../dev/faults/delivery-check';
import type { Journal, Output, RecordOutcome } from '../../dev/faults/journal';

const at = (partition: number, offset: number) => ({ topicPartition: `t/${partition}`, offset });
const logged = (id: number, partition: number, offset: number, appendedAt = 0) => ({
  ...{ id, ...at(partition, offset) },
  appendedAt,
});
const output = (partition: number, offset: number, more: Partial<Output> = {}): Output => ({
  ...{ ...at(partition, offset), at: 1010, form: 'whole', afterDone: false, crashes: 0 },
  ...more,
});
const caught = (time: number, text: string, late = false) => ({ at: time, text, late });

function journal(...all: Partial<RecordOutcome>[]): Journal {
  return new Map(
    all.map((outcome, id) => [
      id,
      { accepted: 1000, done: [], caught: [], outputs: [], unansweredAtCrash: false, ...outcome },
    ]),
  );
}

test('delivery check: one acknowledgement, right offset -> no findings', () => {
  const run = journal({ done: [1010], outputs: [output(0, 0)] }, { done: [1020], outputs: [output(1, 0)] });
  const stats = checkDelivery(run, [logged(0, 0, 0), logged(1, 1, 0)]);
  const {
    accepted,
    acked,
    lost,
    neverAnswered,
    answeredTwice,
    reordered,
    misreported,
    duplicates,
    maxLatencyMs,
  } = stats;
  assert.deepEqual([accepted, acked, maxLatencyMs], [2, 2, 20]);
  assert.deepEqual(
    [lost, neverAnswered, answeredTwice, reordered, misreported, duplicates],
    [0, 0, 0, 0, 0, 0],
  );
});

test('delivery check: acked but not in the log -> lost; at a Catch node -> not lost', () => {
  const run = journal({ done: [1010] }, { caught: [caught(1010, 'too large')] }, { done: [1010] });
  const stats = checkDelivery(run, [logged(2, 0, 0)]);
  assert.deepEqual([stats.lost, stats.failed, stats.acked], [1, 1, 2]);
  assert.deepEqual([...stats.causes], [['too large', 1]]);
});

test('delivery check: accepted before the topic was re-created -> not lost', () => {
  const run = journal({ accepted: 1000, done: [1010] }, { accepted: 3000, done: [3010] });
  assert.equal(checkDelivery(run, [], { topicCreatedAt: 2000 }).lost, 1);
});

test('delivery check: no outcome or several -> counted', () => {
  const run = journal(
    {},
    { done: [1010, 1011] },
    { done: [1010], caught: [caught(1011, 'x')] },
    { done: [1010], outputs: [output(0, 2), output(0, 3)] },
  );
  const stats = checkDelivery(run, [logged(1, 0, 0), logged(2, 0, 1), logged(3, 0, 2), logged(3, 0, 3)]);
  assert.deepEqual([stats.neverAnswered, stats.answeredTwice, stats.duplicates], [1, 3, 1]);
});

test('delivery check: first copy after a newer one -> reordered; later copies -> not', () => {
  const run = journal(...Array.from({ length: 5 }, () => ({ done: [1010] })));
  const inOrder = [
    logged(0, 0, 0),
    logged(1, 0, 1),
    logged(0, 0, 2),
    logged(2, 0, 3),
    logged(4, 0, 4),
    logged(3, 1, 0),
  ];
  assert.equal(checkDelivery(run, inOrder).reordered, 0);
  const swapped = [logged(0, 0, 0), logged(2, 0, 1), logged(1, 0, 2), logged(4, 0, 3), logged(3, 0, 4)];
  assert.equal(checkDelivery(run, swapped).reordered, 2);
});

test('delivery check: reported offset differs from the log -> misreported', () => {
  const run = journal(
    { done: [1010], outputs: [output(0, 7)] },
    { done: [1010], outputs: [output(0, 1)] },
    { done: [1010], outputs: [output(0, -1)] },
  );
  assert.equal(checkDelivery(run, [logged(0, 0, 0), logged(1, 0, 1), logged(2, 0, 2)]).misreported, 1);
});

test('delivery check: longest stall counts from the first accepted record', () => {
  const run = journal({ accepted: 1000, done: [4000] }, { accepted: 1500, caught: [caught(4500, 'x')] });
  assert.equal(checkDelivery(run, [logged(0, 0, 0)]).longestStallMs, 3000);
});

test('delivery check: record that the node never received -> not counted', () => {
  const run = journal({ accepted: undefined });
  assert.deepEqual([checkDelivery(run, []).accepted, checkDelivery(run, []).neverAnswered], [0, 0]);
});

test('delivery check: killed before it answered -> told separately', () => {
  const stats = checkDelivery(journal({ unansweredAtCrash: true }, {}), []);
  assert.deepEqual([stats.unansweredAtCrash, stats.neverAnswered, stats.lost], [1, 1, 0]);
});

test('delivery check: rejected after done -> failed once, if it was on disk', () => {
  const late = journal({ done: [1010], caught: [caught(2000, 'too large', true)] });
  const stats = checkDelivery(late, [], { mayFailLate: true });
  assert.deepEqual([stats.failed, stats.acked, stats.lost, stats.answeredTwice], [1, 0, 0, 0]);
  assert.equal(checkDelivery(late, []).answeredTwice, 1);
  const both = journal({ done: [1010], outputs: [output(0, 0)], caught: [caught(2000, 'x', true)] });
  assert.equal(checkDelivery(both, [logged(0, 0, 0)], { mayFailLate: true }).answeredTwice, 1);
});

test('delivery check: sent out of the output again after kill -9 -> a duplicate, not a second answer', () => {
  const run = journal({
    done: [1010],
    outputs: [output(0, 0), output(0, 1, { form: 'queued', crashes: 1 })],
  });
  const stats = checkDelivery(run, [logged(0, 0, 0), logged(0, 0, 1)]);
  assert.deepEqual([stats.answeredTwice, stats.duplicates, stats.fromDisk, stats.broken], [0, 1, 1, 0]);
});

test('delivery check: not in the log, but damaged on the disk -> destroyed', () => {
  const run = journal({ done: [1010] }, { done: [1010] });
  const stats = checkDelivery(run, [], { destroyed: new Set([1]) });
  assert.deepEqual([stats.lost, stats.destroyed], [1, 1]);
});

test('delivery check: acknowledged before the topic was re-created -> not lost; on disk then -> lost', () => {
  const run = journal(
    { done: [1010], outputs: [output(0, 0, { at: 1010 })] },
    { done: [1010], outputs: [output(0, 0, { at: 3000, form: 'queued', afterDone: true })] },
  );
  assert.equal(checkDelivery(run, [], { topicCreatedAt: 2000 }).lost, 1);
});

test('delivery check: sent again into another partition -> the first copy is the one appended first', () => {
  const run = journal({ done: [1010] }, { done: [1010] });
  const log = [logged(0, 0, 9, 1000), logged(1, 1, 0, 1001), logged(0, 1, 1, 2000)];
  assert.equal(checkDelivery(run, log).reordered, 0);
});

test('delivery check: the same offsets in two clusters -> ordered apart', () => {
  const run = journal({ done: [1010] }, { done: [1010] });
  const log = [{ ...logged(1, 0, 0), cluster: 'other' }, logged(0, 0, 1)];
  assert.equal(checkDelivery(run, log).reordered, 0);
});

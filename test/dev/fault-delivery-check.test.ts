import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDelivery } from '../../dev/faults/delivery-check';
import type { Journal, RecordOutcome } from '../../dev/faults/journal';

const at = (partition: number, offset: number) => ({ topicPartition: `t/${partition}`, offset });
const lies = (id: number, partition: number, offset: number) => ({ id, ...at(partition, offset) });

function journal(...all: Partial<RecordOutcome>[]): Journal {
  return new Map(
    all.map((outcome, id) => [id, { accepted: 1000, done: [], caught: [], outputs: [], ...outcome }]),
  );
}

test('a run in which each record was acknowledged once and lies where it was said has nothing to report', () => {
  const run = journal({ done: [1010], outputs: [at(0, 0)] }, { done: [1020], outputs: [at(1, 0)] });
  const stats = checkDelivery(run, [lies(0, 0, 0), lies(1, 1, 0)]);
  const { accepted, acked, lost, noOutcome, twoOutcomes, reordered, misreported, duplicates, maxLatencyMs } =
    stats;
  assert.deepEqual([accepted, acked, maxLatencyMs], [2, 2, 20]);
  assert.deepEqual([lost, noOutcome, twoOutcomes, reordered, misreported, duplicates], [0, 0, 0, 0, 0, 0]);
});

test('a record that was done and is not in the log is lost; one that went to a Catch node is not', () => {
  const run = journal({ done: [1010] }, { caught: [{ at: 1010, text: 'too large' }] }, { done: [1010] });
  const stats = checkDelivery(run, [lies(2, 0, 0)]);
  assert.deepEqual([stats.lost, stats.failed, stats.acked], [1, 1, 2]);
  assert.deepEqual([...stats.causes], [['too large', 1]]);
});

test('what a topic held before it was deleted is not missed', () => {
  const run = journal({ accepted: 1000, done: [1010] }, { accepted: 3000, done: [3010] });
  assert.equal(checkDelivery(run, [], { since: 2000 }).lost, 1);
});

test('a record without an answer, or with more than one, is told', () => {
  const run = journal(
    {},
    { done: [1010, 1011] },
    { done: [1010], caught: [{ at: 1011, text: 'x' }] },
    { done: [1010], outputs: [at(0, 2), at(0, 3)] },
  );
  const stats = checkDelivery(run, [lies(1, 0, 0), lies(2, 0, 1), lies(3, 0, 2), lies(3, 0, 3)]);
  assert.deepEqual([stats.noOutcome, stats.twoOutcomes, stats.duplicates], [1, 3, 1]);
});

test('first copies behind newer ones of their partition are reordered; later copies are not', () => {
  const run = journal(...Array.from({ length: 5 }, () => ({ done: [1010] })));
  const inOrder = [lies(0, 0, 0), lies(1, 0, 1), lies(0, 0, 2), lies(2, 0, 3), lies(4, 0, 4), lies(3, 1, 0)];
  assert.equal(checkDelivery(run, inOrder).reordered, 0);
  const swapped = [lies(0, 0, 0), lies(2, 0, 1), lies(1, 0, 2), lies(4, 0, 3), lies(3, 0, 4)];
  assert.equal(checkDelivery(run, swapped).reordered, 2);
});

test('an acknowledgement that names another place than the record lies in is told', () => {
  const run = journal(
    { done: [1010], outputs: [at(0, 7)] },
    { done: [1010], outputs: [at(0, 1)] },
    { done: [1010], outputs: [at(0, -1)] },
  );
  assert.equal(checkDelivery(run, [lies(0, 0, 0), lies(1, 0, 1), lies(2, 0, 2)]).misreported, 1);
});

test('the longest silence counts from the first record accepted, whoever answered', () => {
  const run = journal(
    { accepted: 1000, done: [4000] },
    { accepted: 1500, caught: [{ at: 4500, text: 'x' }] },
  );
  assert.equal(checkDelivery(run, [lies(0, 0, 0)]).longestStallMs, 3000);
});

test('what Node-RED never delivered to the node is not counted', () => {
  const run = journal({ accepted: undefined });
  assert.deepEqual([checkDelivery(run, []).accepted, checkDelivery(run, []).noOutcome], [0, 0]);
});

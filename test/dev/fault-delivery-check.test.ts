import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDelivery } from '../../dev/faults/delivery-check';
import type { Journal, RecordOutcome } from '../../dev/faults/journal';

const at = (partition: number, offset: number) => ({ topicPartition: `t/${partition}`, offset });
const logged = (id: number, partition: number, offset: number) => ({ id, ...at(partition, offset) });

function journal(...all: Partial<RecordOutcome>[]): Journal {
  return new Map(
    all.map((outcome, id) => [id, { accepted: 1000, done: [], caught: [], outputs: [], ...outcome }]),
  );
}

test('delivery check: one acknowledgement, right offset -> no findings', () => {
  const run = journal({ done: [1010], outputs: [at(0, 0)] }, { done: [1020], outputs: [at(1, 0)] });
  const stats = checkDelivery(run, [logged(0, 0, 0), logged(1, 1, 0)]);
  const { accepted, acked, lost, noOutcome, twoOutcomes, reordered, misreported, duplicates, maxLatencyMs } =
    stats;
  assert.deepEqual([accepted, acked, maxLatencyMs], [2, 2, 20]);
  assert.deepEqual([lost, noOutcome, twoOutcomes, reordered, misreported, duplicates], [0, 0, 0, 0, 0, 0]);
});

test('delivery check: acked but not in the log -> lost; at a Catch node -> not lost', () => {
  const run = journal({ done: [1010] }, { caught: [{ at: 1010, text: 'too large' }] }, { done: [1010] });
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
    { done: [1010], caught: [{ at: 1011, text: 'x' }] },
    { done: [1010], outputs: [at(0, 2), at(0, 3)] },
  );
  const stats = checkDelivery(run, [logged(1, 0, 0), logged(2, 0, 1), logged(3, 0, 2), logged(3, 0, 3)]);
  assert.deepEqual([stats.noOutcome, stats.twoOutcomes, stats.duplicates], [1, 3, 1]);
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
    { done: [1010], outputs: [at(0, 7)] },
    { done: [1010], outputs: [at(0, 1)] },
    { done: [1010], outputs: [at(0, -1)] },
  );
  assert.equal(checkDelivery(run, [logged(0, 0, 0), logged(1, 0, 1), logged(2, 0, 2)]).misreported, 1);
});

test('delivery check: longest stall counts from the first accepted record', () => {
  const run = journal(
    { accepted: 1000, done: [4000] },
    { accepted: 1500, caught: [{ at: 4500, text: 'x' }] },
  );
  assert.equal(checkDelivery(run, [logged(0, 0, 0)]).longestStallMs, 3000);
});

test('delivery check: record that the node never received -> not counted', () => {
  const run = journal({ accepted: undefined });
  assert.deepEqual([checkDelivery(run, []).accepted, checkDelivery(run, []).noOutcome], [0, 0]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeRun } from '../../dev/faults/delivery-check';
import type { Fate, Fates } from '../../dev/faults/journal';

const at = (partition: number, offset: number) => ({ place: `t/${partition}`, offset });
const lies = (id: number, partition: number, offset: number) => ({ id, ...at(partition, offset) });

function fates(...all: Partial<Fate>[]): Fates {
  return new Map(all.map((fate, id) => [id, { taken: 1000, done: [], caught: [], outputs: [], ...fate }]));
}

test('a run in which each record was acknowledged once and lies where it was said has nothing to report', () => {
  const run = fates({ done: [1010], outputs: [at(0, 0)] }, { done: [1020], outputs: [at(1, 0)] });
  const verdict = judgeRun(run, [lies(0, 0, 0), lies(1, 1, 0)]);
  const { taken, acked, lost, unanswered, twice, reordered, misplaced, duplicates, slowest } = verdict;
  assert.deepEqual([taken, acked, slowest], [2, 2, 20]);
  assert.deepEqual([lost, unanswered, twice, reordered, misplaced, duplicates], [0, 0, 0, 0, 0, 0]);
});

test('a record that was done and is not in the log is lost; one that went to a Catch node is not', () => {
  const run = fates({ done: [1010] }, { caught: [{ at: 1010, text: 'too large' }] }, { done: [1010] });
  const verdict = judgeRun(run, [lies(2, 0, 0)]);
  assert.deepEqual([verdict.lost, verdict.failed, verdict.acked], [1, 1, 2]);
  assert.deepEqual([...verdict.causes], [['too large', 1]]);
});

test('what a topic held before it was deleted is not missed', () => {
  const run = fates({ taken: 1000, done: [1010] }, { taken: 3000, done: [3010] });
  assert.equal(judgeRun(run, [], { since: 2000 }).lost, 1);
});

test('a record without an answer, or with more than one, is told', () => {
  const run = fates(
    {},
    { done: [1010, 1011] },
    { done: [1010], caught: [{ at: 1011, text: 'x' }] },
    { done: [1010], outputs: [at(0, 2), at(0, 3)] },
  );
  const verdict = judgeRun(run, [lies(1, 0, 0), lies(2, 0, 1), lies(3, 0, 2), lies(3, 0, 3)]);
  assert.deepEqual([verdict.unanswered, verdict.twice, verdict.duplicates], [1, 3, 1]);
});

test('first copies behind newer ones of their partition are reordered; later copies are not', () => {
  const run = fates(...Array.from({ length: 5 }, () => ({ done: [1010] })));
  const inOrder = [lies(0, 0, 0), lies(1, 0, 1), lies(0, 0, 2), lies(2, 0, 3), lies(4, 0, 4), lies(3, 1, 0)];
  assert.equal(judgeRun(run, inOrder).reordered, 0);
  const swapped = [lies(0, 0, 0), lies(2, 0, 1), lies(1, 0, 2), lies(4, 0, 3), lies(3, 0, 4)];
  assert.equal(judgeRun(run, swapped).reordered, 2);
});

test('an acknowledgement that names another place than the record lies in is told', () => {
  const run = fates(
    { done: [1010], outputs: [at(0, 7)] },
    { done: [1010], outputs: [at(0, 1)] },
    { done: [1010], outputs: [at(0, -1)] },
  );
  assert.equal(judgeRun(run, [lies(0, 0, 0), lies(1, 0, 1), lies(2, 0, 2)]).misplaced, 1);
});

test('the longest silence counts from the first record taken, whoever answered', () => {
  const run = fates({ taken: 1000, done: [4000] }, { taken: 1500, caught: [{ at: 4500, text: 'x' }] });
  assert.equal(judgeRun(run, [lies(0, 0, 0)]).silence, 3000);
});

test('what Node-RED never delivered to the node is not counted', () => {
  const run = fates({ taken: undefined });
  assert.deepEqual([judgeRun(run, []).taken, judgeRun(run, []).unanswered], [0, 0]);
});

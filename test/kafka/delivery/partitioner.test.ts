import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Partitioner } from '../../../src/kafka/delivery/partitioner';
import { toRecord } from '../../../src/kafka/delivery/record';

const keyless = toRecord({ value: 'x' }, 0);
const keyed = toRecord({ value: 'x', key: 'a' }, 0);

test('records without a key stay with one partition until a batch has left for it', () => {
  const choice = new Partitioner(() => false);
  const first = choice.choose(keyless, 6);
  for (let i = 0; i < 20; i++) assert.equal(choice.choose(keyless, 6), first);
  choice.left(first);
  const later = new Set(
    Array.from({ length: 200 }, () => {
      const chosen = choice.choose(keyless, 6);
      choice.left(chosen);
      return chosen;
    }),
  );
  assert.equal(later.size, 6);
});

test('records without a key go on with another partition while theirs is stuck', () => {
  const stuck = new Set<number>();
  const choice = new Partitioner((partition) => stuck.has(partition));
  const first = choice.choose(keyless, 3);
  stuck.add(first);
  const second = choice.choose(keyless, 3);
  assert.notEqual(second, first);
  assert.equal(choice.choose(keyless, 3), second);
  for (const partition of [0, 1, 2]) stuck.add(partition);
  // With all of them stuck one batch gathers, in one place.
  assert.equal(choice.choose(keyless, 3), second);
  assert.equal(choice.choose(keyless, 3), second);
});

test('a key or a partition that is asked for decides, stuck or not', () => {
  const calm = new Partitioner(() => false).choose(keyed, 6);
  const choice = new Partitioner(() => true);
  assert.equal(choice.choose(keyed, 6), calm);
  assert.equal(choice.choose(toRecord({ value: 'x', key: 'a', partition: 4 }, 0), 6), 4);
});

test('a partition that is there no more is not kept', () => {
  const choice = new Partitioner(() => true);
  while (choice.choose(keyless, 9) < 3) choice.left(choice.choose(keyless, 9));
  assert.ok(choice.choose(keyless, 3) < 3);
});

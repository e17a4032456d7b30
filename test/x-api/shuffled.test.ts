import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../dev/x-api/generator/random';
import { Shuffled } from '../../dev/x-api/streams/shuffled';
import { until } from './client';
import { withStream } from './helpers';

function shuffled(duplicate: number, reorder: number): number[] {
  let count = 0;
  const source = {
    next: () => (count < 1000 ? { bytes: Buffer.from(String(count++)) } : ('end' as const)),
  };
  const it = new Shuffled(source, new Random(1), { duplicate, reorder });
  const numbers: number[] = [];
  for (let item = it.next(); item !== 'end' && item !== 'nothing' && 'bytes' in item; item = it.next())
    numbers.push(Number(item.bytes));
  return numbers;
}

test('shuffled: duplicates -> about that share, nothing lost, order kept', () => {
  const numbers = shuffled(0.1, 0);
  assert.equal(new Set(numbers).size, 1000);
  assert.ok(numbers.length > 1060 && numbers.length < 1140, `${numbers.length}`);
  const first = numbers.filter((number, index) => numbers.indexOf(number) === index);
  assert.deepEqual(
    first,
    Array.from({ length: 1000 }, (_, index) => index),
  );
});

test('shuffled: reordering -> neighbours swapped, each once', () => {
  const numbers = shuffled(0, 0.2);
  assert.deepEqual(
    [...numbers].sort((one, other) => one - other),
    Array.from({ length: 1000 }, (_, index) => index),
  );
  const moved = numbers.filter((number, index) => number !== index).length;
  assert.ok(moved > 100, `${moved}`);
});

test('stream: duplicate share -> some posts arrive twice', () =>
  withStream(
    { duplicateShare: 0.2, rate: Number.POSITIVE_INFINITY, total: 300, noticeShare: 0 },
    async (_api, client) => {
      await until(() => client.lines.length >= 300, 'lines');
      const ids = client.messages.map(({ data }) => data.id);
      assert.ok(new Set(ids).size < 290, `${new Set(ids).size}`);
    },
  ));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchStream } from '../../dev/bench/stream/bench';

test('benchmark of the stream: small run -> every figure, no message lost', () => {
  const section = benchStream({ posts: 200, rounds: 1 }, () => {});
  assert.match(section, /^## stream\n/);
  const rows = section.split('\n').filter((line) => line.includes('at least'));
  assert.equal(rows.length, 6);
  for (const row of rows)
    assert.match(row, /\| at least [\d.]+ \| [\d.]+ \([\d,.]+ vs [\d,.]+\) \| (met|\*\*missed\*\*) \|$/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchStream } from '../../dev/bench/stream/bench';

test('benchmark of the stream: small run -> every figure, no message lost', async () => {
  const section = await benchStream({ posts: 200, rounds: 1, latencyPosts: 50 }, () => {});
  assert.match(section, /^## stream\n/);
  const rows = section.split('\n').filter((line) => line.includes('at least'));
  assert.equal(rows.length, 6);
  for (const row of rows)
    assert.match(row, /\| at least [\d.]+ \| [\d.]+ \([\d,.]+ vs [\d,.]+\) \| (met|\*\*missed\*\*) \|$/);
  assert.match(section, /250 posts\/s, 50 posts: p99 \(p50\) \| below 5 ms \| [\d.]+ ms \([\d.]+ ms\) \| /);
});

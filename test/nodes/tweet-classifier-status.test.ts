import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Node } from 'node-red';
import { liveStatus, summary } from '../../nodes/tweet-classifier/status';
import { longestStatus, StatusLight } from '../../src/node-red/status';
import { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';

function add(counters: KindCounters, kind: Kind | undefined, times: number): void {
  for (let i = 0; i < times; i++) counters.add(kind);
}

test('summary: several kinds -> the two most frequent; equal counts -> in the order of the outputs', () => {
  const counters = new KindCounters();
  assert.equal(summary(counters), '');
  add(counters, undefined, 5000);
  assert.equal(summary(counters), '');
  add(counters, 'retweet', 800);
  assert.equal(summary(counters), 'retweet 800');
  add(counters, 'limit', 800);
  assert.equal(summary(counters), 'retweet 800 · limit 800');
  add(counters, 'tweet', 1299);
  assert.equal(summary(counters), 'tweet 1.2k · retweet 800');
});

test('summary: any two kinds -> fits into a status', () => {
  for (const one of KINDS) {
    for (const other of KINDS) {
      const counters = new KindCounters();
      add(counters, one, 123_456);
      add(counters, other, 100_000);
      assert.ok(summary(counters).length <= longestStatus, summary(counters));
    }
  }
});

test('live status: 10,000 messages -> computed only when shown; no messages -> no timer', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const shown: string[] = [];
    const node = { status: ({ text }: { text: string }) => shown.push(text) } as unknown as Node;
    const light = new StatusLight(node);
    const counters = new KindCounters();
    const counts = mock.method(counters, 'counts');
    const status = liveStatus(counters);
    for (let i = 0; i < 10_000; i++) {
      counters.add('tweet');
      light.show(status);
    }
    assert.deepEqual([shown, counts.mock.callCount()], [['tweet 1'], 1]);
    mock.timers.tick(1000);
    assert.deepEqual([shown.at(-1), counts.mock.callCount()], ['tweet 10k', 2]);
    mock.timers.tick(60_000);
    assert.equal(counts.mock.callCount(), 2);
    light.close();
  } finally {
    mock.timers.reset();
  }
});

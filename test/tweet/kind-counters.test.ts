import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';

function add(counters: KindCounters, kind: Kind | undefined, times: number): void {
  for (let i = 0; i < times; i++) counters.add(kind);
}

describe('KindCounters', () => {
  it('counts: each kind, unknown, total and since', () => {
    const before = Date.now();
    const counters = new KindCounters();
    for (const [i, kind] of KINDS.entries()) add(counters, kind, i);
    add(counters, undefined, 3);
    const { since, ...counts } = counters.counts();
    assert.deepEqual(counts, {
      ...Object.fromEntries(KINDS.map((kind, i) => [kind, i])),
      unknown: 3,
      total: 58,
    });
    assert.ok(since >= before && since <= Date.now());
  });

  it('summary: the two most frequent kinds; equal counts -> in the order of the outputs', () => {
    const counters = new KindCounters();
    assert.equal(counters.summary(), '');
    add(counters, undefined, 5000);
    assert.equal(counters.summary(), '');
    add(counters, 'retweet', 800);
    assert.equal(counters.summary(), 'retweet 800');
    add(counters, 'limit', 800);
    assert.equal(counters.summary(), 'retweet 800 · limit 800');
    add(counters, 'tweet', 1299);
    assert.equal(counters.summary(), 'tweet 1.2k · retweet 800');
  });

  it('summary: any two kinds -> at most 32 characters', () => {
    for (const one of KINDS) {
      for (const other of KINDS) {
        const counters = new KindCounters();
        add(counters, one, 123_456);
        add(counters, other, 100_000);
        assert.ok(counters.summary().length <= 32, counters.summary());
      }
    }
  });
});

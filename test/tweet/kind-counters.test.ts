import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';

function add(tally: KindCounters, kind: Kind | undefined, times: number): void {
  for (let i = 0; i < times; i++) tally.add(kind);
}

describe('a tally', () => {
  it('counts each kind, what is of none, and all', () => {
    const before = Date.now();
    const tally = new KindCounters();
    for (const [i, kind] of KINDS.entries()) add(tally, kind, i);
    add(tally, undefined, 3);
    const { since, ...counts } = tally.counts();
    assert.deepEqual(counts, {
      ...Object.fromEntries(KINDS.map((kind, i) => [kind, i])),
      unknown: 3,
      total: 58,
    });
    assert.ok(since >= before && since <= Date.now());
  });

  it('names the two most frequent kinds, the output above first where they are even', () => {
    const tally = new KindCounters();
    assert.equal(tally.summary(), '');
    add(tally, undefined, 5000);
    assert.equal(tally.summary(), '');
    add(tally, 'retweet', 800);
    assert.equal(tally.summary(), 'retweet 800');
    add(tally, 'limit', 800);
    assert.equal(tally.summary(), 'retweet 800 · limit 800');
    add(tally, 'tweet', 1299);
    assert.equal(tally.summary(), 'tweet 1.2k · retweet 800');
  });

  it('has room for any two kinds', () => {
    for (const one of KINDS) {
      for (const other of KINDS) {
        const tally = new KindCounters();
        add(tally, one, 123_456);
        add(tally, other, 100_000);
        assert.ok(tally.summary().length <= 32, tally.summary());
      }
    }
  });
});

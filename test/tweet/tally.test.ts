import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { shortNumber, Tally } from '../../src/tweet/tally';

function add(tally: Tally, kind: Kind | undefined, times: number): void {
  for (let i = 0; i < times; i++) tally.add(kind);
}

describe('a tally', () => {
  it('counts each kind, what is of none, and all', () => {
    const before = Date.now();
    const tally = new Tally();
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
    const tally = new Tally();
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
        const tally = new Tally();
        add(tally, one, 123_456);
        add(tally, other, 100_000);
        assert.ok(tally.summary().length <= 32, tally.summary());
      }
    }
  });
});

describe('a short number', () => {
  it('has at most four characters and never says more than there was', () => {
    const cases: Array<[number, string]> = [
      [0, '0'],
      [999, '999'],
      [1000, '1k'],
      [1299, '1.2k'],
      [9999, '9.9k'],
      [12_999, '12k'],
      [999_999, '999k'],
      [1_000_000, '1M'],
      [1_990_000, '1.9M'],
      [2_500_000_000, '2.5G'],
      [Number.MAX_SAFE_INTEGER, '9P'],
    ];
    for (const [count, text] of cases) assert.equal(shortNumber(count), text);
  });
});

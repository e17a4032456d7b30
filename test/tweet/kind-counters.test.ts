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
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Feed } from '../../dev/x-api/feed';
import type { Item, Source } from '../../dev/x-api/sources';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }));
afterEach(() => mock.timers.reset());

const item: Item = { bytes: Buffer.from('x') };

function feed({ rate = 20, total = Number.POSITIVE_INFINITY, source = { next: () => item } as Source } = {}) {
  const given: Item[] = [];
  const outlet = { open: true, ready: () => outlet.open, give: (one: Item) => given.push(one) };
  return { given, outlet, feed: new Feed(source, rate, total, outlet) };
}

function pass(milliseconds: number) {
  for (let count = 0; count < milliseconds; count++) mock.timers.tick(1);
}

for (const rate of [0.5, 20, 250, 4000])
  test(`the rate of ${rate} a second holds`, () => {
    const { given, feed: it } = feed({ rate });
    it.wake();
    pass(10_000);
    assert.ok(Math.abs(given.length - rate * 10) <= 1 + rate / 500, `${given.length}`);
    it.stop();
    const before = given.length;
    pass(100);
    assert.equal(given.length, before);
  });

test('nothing moves while nobody is there, and a pause is not made up for', () => {
  const { given, outlet, feed: it } = feed();
  pass(1000);
  assert.equal(given.length, 0);
  it.wake();
  pass(1000);
  outlet.open = false;
  pass(5000);
  const before = given.length;
  outlet.open = true;
  it.wake();
  pass(1000);
  assert.ok(given.length - before <= 22, `${given.length - before}`);
});

test('after the total it is finished; what is put back still comes', () => {
  const { given, feed: it } = feed({ total: 3, rate: Number.POSITIVE_INFINITY });
  it.wake();
  pass(10);
  assert.deepEqual([given.length, it.finished], [3, true]);
  it.putBack(item);
  assert.equal(it.finished, false);
  pass(10);
  assert.deepEqual([given.length, it.finished], [4, true]);
});

test('a source without anything is asked again, but not in a hot loop', () => {
  let asked = 0;
  const source: Source = {
    next: () => {
      asked++;
      return 'nothing';
    },
  };
  const { feed: it } = feed({ rate: Number.POSITIVE_INFINITY, source });
  it.wake();
  pass(1000);
  assert.ok(asked > 10 && asked < 30, `${asked}`);
  it.stop();
});

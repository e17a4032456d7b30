import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Feed } from '../../dev/x-api/streams/feed';
import type { Item, Source } from '../../dev/x-api/streams/sources';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }));
afterEach(() => mock.timers.reset());

const item: Item = { bytes: Buffer.from('x') };

function feed({ rate = 20, total = Number.POSITIVE_INFINITY, source = { next: () => item } as Source } = {}) {
  const given: Item[] = [];
  const output = { open: true, ready: () => output.open, send: (one: Item) => given.push(one) };
  return { given, output, feed: new Feed(source, rate, total, output) };
}

function pass(milliseconds: number) {
  for (let count = 0; count < milliseconds; count++) mock.timers.tick(1);
}

for (const rate of [0.5, 20, 250, 4000])
  test(`feed: ${rate} lines per second -> that rate`, () => {
    const { given, feed: it } = feed({ rate });
    it.wake();
    pass(10_000);
    assert.ok(Math.abs(given.length - rate * 10) <= 1 + rate / 500, `${given.length}`);
    it.stop();
    const before = given.length;
    pass(100);
    assert.equal(given.length, before);
  });

test('feed: output not ready -> pauses, and does not catch up afterwards', () => {
  const { given, output, feed: it } = feed();
  pass(1000);
  assert.equal(given.length, 0);
  it.wake();
  pass(1000);
  output.open = false;
  pass(5000);
  const before = given.length;
  output.open = true;
  it.wake();
  pass(1000);
  assert.ok(given.length - before <= 22, `${given.length - before}`);
});

test('feed: total reached -> finished; returned item -> sent again', () => {
  const { given, feed: it } = feed({ total: 3, rate: Number.POSITIVE_INFINITY });
  it.wake();
  pass(10);
  assert.deepEqual([given.length, it.finished], [3, true]);
  it.putBack(item);
  assert.equal(it.finished, false);
  pass(10);
  assert.deepEqual([given.length, it.finished], [4, true]);
});

test('feed: source has nothing -> polled, but not in a hot loop', () => {
  let polls = 0;
  const source: Source = {
    next: () => {
      polls++;
      return 'nothing';
    },
  };
  const { feed: it } = feed({ rate: Number.POSITIVE_INFINITY, source });
  it.wake();
  pass(1000);
  assert.ok(polls > 10 && polls < 30, `${polls}`);
  it.stop();
});

test('feed: woken while it sends -> still one timer, that rate', () => {
  const { given, output, feed: it } = feed({ rate: 10 });
  let turns = 0;
  output.ready = () => {
    turns++;
    return true;
  };
  output.send = (one) => {
    it.wake();
    return given.push(one);
  };
  it.wake();
  pass(10_000);
  assert.ok(Math.abs(given.length - 100) <= 1, `${given.length}`);
  assert.ok(turns <= 2 * given.length + 2, `${turns} turns`);
  it.stop();
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Rate } from '../../../src/kafka/delivery/rate';

beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
afterEach(() => mock.timers.reset());

/** So many a second, evenly, for so many seconds. */
function flow(rate: Rate, perSecond: number, seconds: number): void {
  for (let number = 0; number < perSecond * seconds; number++) {
    rate.add();
    mock.timers.tick(1000 / perSecond);
  }
}

test('a rate follows what flows, from its first second on, and falls to nothing within five', () => {
  const rate = new Rate();
  assert.equal(rate.perSecond, 0);
  flow(rate, 200, 1);
  assert.equal(rate.perSecond, 200);
  flow(rate, 200, 30);
  assert.ok(Math.abs(rate.perSecond - 200) < 2, String(rate.perSecond));
  flow(rate, 10, 10);
  assert.ok(Math.abs(rate.perSecond - 10) < 1, String(rate.perSecond));
  flow(rate, 500, 5);
  mock.timers.tick(2500);
  const falling = rate.perSecond;
  assert.ok(falling > 0 && falling < 400, String(falling));
  mock.timers.tick(2500);
  assert.equal(rate.perSecond, 0);
});

test('a single record is one a second at most, and soon next to nothing', () => {
  const rate = new Rate();
  rate.add();
  assert.equal(rate.perSecond, 1);
  mock.timers.tick(4000);
  assert.equal(rate.perSecond, 0.25);
});

test('what pauses for minutes starts anew', () => {
  const rate = new Rate();
  flow(rate, 100, 5);
  mock.timers.tick(600_000);
  flow(rate, 100, 2);
  assert.equal(rate.perSecond, 100);
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Rate } from '../../src/util/rate';
import { FakeClock } from '../kafka/delivery/fake-clock';

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock([]);
});
afterEach(() => clock.reset());

/** Evenly spread events. */
function flow(rate: Rate, perSecond: number, seconds: number): void {
  for (let number = 0; number < perSecond * seconds; number++) {
    rate.add();
    clock.tick(1000 / perSecond);
  }
}

test('rate: steady, rising and ending flow -> follows it, 0 after five seconds', () => {
  const rate = new Rate();
  assert.equal(rate.perSecond, 0);
  flow(rate, 200, 1);
  assert.equal(rate.perSecond, 200);
  flow(rate, 200, 30);
  assert.ok(Math.abs(rate.perSecond - 200) < 2, String(rate.perSecond));
  flow(rate, 10, 10);
  assert.ok(Math.abs(rate.perSecond - 10) < 1, String(rate.perSecond));
  flow(rate, 500, 5);
  clock.tick(2500);
  const falling = rate.perSecond;
  assert.ok(falling > 0 && falling < 400, String(falling));
  clock.tick(2500);
  assert.equal(rate.perSecond, 0);
});

test('rate: a single event -> at most one per second', () => {
  const rate = new Rate();
  rate.add();
  assert.equal(rate.perSecond, 1);
  clock.tick(4000);
  assert.equal(rate.perSecond, 0.25);
});

test('rate: flow after minutes of silence -> measured from its first event', () => {
  const rate = new Rate();
  flow(rate, 100, 5);
  clock.tick(600_000);
  flow(rate, 100, 2);
  assert.equal(rate.perSecond, 100);
});

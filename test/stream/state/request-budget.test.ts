import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RequestBudget } from '../../../src/stream/state/request-budget';

const limits = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  windowMs: fc.integer({ min: 1, max: 100 }),
});
/** Times between requests, and whether the process restarts before the request. */
const steps = fc.array(fc.tuple(fc.nat(60), fc.boolean()), { maxLength: 60 });

test('request budget: any sequence -> at most `count` requests in any window', () => {
  fc.assert(
    fc.property(limits, steps, ({ count, windowMs }, sequence) => {
      const sent: number[] = [];
      let saved: number[] = [];
      let budget = new RequestBudget({ count, windowMs }, saved);
      let now = 1_000_000;
      for (const [ms, restarts] of sequence) {
        now += ms;
        if (restarts) {
          saved = JSON.parse(JSON.stringify(saved));
          budget = new RequestBudget({ count, windowMs }, saved);
        }
        const inWindow = sent.filter((time) => time > now - windowMs).length;
        const waitMs = budget.waitMs(now);
        assert.equal(waitMs === 0, inWindow < count, `${inWindow} of ${count}, wait ${waitMs}`);
        if (waitMs > 0) {
          assert.ok(waitMs <= windowMs + 1);
          now += waitMs;
          assert.equal(budget.waitMs(now), 0);
        }
        budget.spend(now);
        sent.push(now);
      }
      for (const begin of sent) {
        const requests = sent.filter((time) => time >= begin && time < begin + windowMs).length;
        assert.ok(requests <= count, `${requests} requests from ${begin}`);
      }
      assert.ok(saved.length <= count);
    }),
    { numRuns: 500 },
  );
});

test('request budget: few requests left at X -> none before X counts from 0', () => {
  const budget = new RequestBudget({ count: 10, windowMs: 1000 });
  budget.limitTo(5400);
  assert.equal(budget.waitMs(5000), 400);
  budget.limitTo(5200);
  assert.equal(budget.waitMs(5000), 400);
  assert.equal(budget.waitMs(5400), 0);
  budget.limitTo(100_000);
  assert.equal(budget.waitMs(5400), 1000);
});

test('request budget: clock set back -> times ahead do not count', () => {
  const budget = new RequestBudget({ count: 2, windowMs: 1000 }, [9000, 9001]);
  assert.ok(budget.waitMs(9500) > 0);
  assert.equal(budget.waitMs(5000), 0);
});

test('request budget: each request -> the owner saves it', () => {
  let changes = 0;
  const times: number[] = [];
  const budget = new RequestBudget({ count: 2, windowMs: 1000 }, times, () => changes++);
  budget.waitMs(1);
  assert.equal(changes, 0);
  budget.spend(1);
  budget.spend(2);
  assert.equal(changes, 2);
  assert.deepEqual(times, [1, 2]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxPace, type Pace, ratePace, recordedPace } from '../../../src/stream/replay/pace';

/** Sends like the replay, on a simulated clock whose timers are up to one millisecond late. */
function run(pace: Pace, clock: { now: number }, times: (number | undefined)[]): number[] {
  return times.map((time) => {
    for (let wait = pace.wait(() => time); wait > 0; wait = pace.wait(() => time)) {
      clock.now += Math.max(1, Math.ceil(wait));
    }
    pace.sent();
    return clock.now;
  });
}

const unknown = (count: number): undefined[] => Array.from({ length: count }, () => undefined);

test('ratePace: rates from 0.5 to 30,000/s -> the average rate', () => {
  for (const rate of [0.5, 7, 1000, 30_000]) {
    const clock = { now: 1000 };
    const count = Math.max(10, rate * 3);
    const at = run(
      ratePace(rate, () => clock.now),
      clock,
      unknown(count),
    );
    const took = (at.at(-1) ?? 0) - 1000;
    assert.ok(Math.abs(took - ((count - 1) * 1000) / rate) <= 2, `${rate}/s took ${took} ms`);
  }
});

test('ratePace: late timer -> at most 1 s caught up; pause -> none', () => {
  const clock = { now: 0 };
  const pace = ratePace(100, () => clock.now);
  run(pace, clock, unknown(1));
  clock.now += 10_000;
  const at = run(pace, clock, unknown(150));
  assert.ok(at.filter((time) => time === 10_000).length <= 102);
  const held = ratePace(100, () => clock.now);
  run(held, clock, unknown(1));
  clock.now += 5000;
  held.paused(5000);
  const begin = clock.now;
  assert.ok(run(held, clock, unknown(10)).every((time, index) => time >= begin + 10 * index));
});

test('recordedPace: timestamps -> their distances; older or unknown -> at once', () => {
  const clock = { now: 50 };
  const pace = recordedPace(() => clock.now);
  const t = 1_569_693_923_661;
  const at = run(pace, clock, [undefined, t, t + 250, undefined, t - 9999, t + 400]);
  assert.deepEqual(at, [50, 50, 300, 300, 300, 450]);
  clock.now += 1000;
  pace.paused(1000);
  assert.deepEqual(run(pace, clock, [t + 500]), [1550]);
});

test('maxPace: any line -> no wait', () => {
  assert.equal(
    maxPace().wait(() => 5),
    0,
  );
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { DayCounters, dayMs, readDay } from '../../../src/stream/state/day-counters';

const noon = Date.UTC(2026, 7, 22, 12);

/** Counters of 2026-08-22, on a clock that the test sets. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: noon });
  const saved = readDay({});
  let changes = 0;
  const counters = new DayCounters(saved, () => changes++);
  return { counters, saved, changes: () => changes };
}

const post = { data: { id: '1' }, includes: { users: [{}, {}], tweets: [{}], media: [{}] } };

test('day counters: posts of each kind -> counted with their includes', (t) => {
  const { counters, saved, changes } = setUp(t);
  counters.delivered(post);
  counters.delivered({ data: {}, includes: { posts: [{}, {}], users: 'none' } });
  counters.recovered(post);
  counters.foreign();
  counters.addToNode('a');
  counters.addToNode('a');
  counters.addToNode('b');
  assert.deepEqual(saved, {
    day: '2026-08-22',
    delivered: 2,
    foreign: 1,
    recovered: 1,
    includedUsers: 4,
    includedPosts: 4,
    nodes: { a: 2, b: 1 },
  });
  assert.equal(counters.posts, 4);
  assert.equal(counters.ofNode('a'), 2);
  assert.equal(counters.ofNode('c'), 0);
  assert.equal(changes(), 7);
});

test('day counters: next UTC day -> all from 0; last millisecond of the day -> not yet', (t) => {
  const { counters } = setUp(t);
  counters.delivered(post);
  counters.addToNode('a');
  const midnight = Math.ceil(noon / dayMs) * dayMs;
  t.mock.timers.setTime(midnight - 1);
  assert.equal(counters.posts, 1);
  assert.equal(counters.ofNode('a'), 1);
  t.mock.timers.setTime(midnight);
  assert.equal(counters.posts, 0);
  assert.equal(counters.ofNode('a'), 0);
  counters.foreign();
  assert.deepEqual(counters.today(), { ...readDay({ day: '2026-08-23' }), foreign: 1 });
});

test('day counters: restart on the same day -> continues; on a later day -> from 0', (t) => {
  const { counters, saved } = setUp(t);
  counters.delivered(post);
  counters.addToNode('a');
  const restarted = new DayCounters(readDay(JSON.parse(JSON.stringify(saved))), () => {});
  assert.deepEqual(restarted.today(), counters.today());
  t.mock.timers.setTime(noon + dayMs);
  assert.equal(new DayCounters(readDay(saved), () => {}).posts, 0);
});

test('day counters: a message that is no object -> counts as a post', (t) => {
  const { counters } = setUp(t);
  for (const message of [null, undefined, 'text', 1, []]) counters.delivered(message);
  assert.equal(counters.today().delivered, 5);
});

test('read day: any JSON -> counts that are safe and not negative', () => {
  const saved = fc.record(
    { day: fc.jsonValue(), delivered: fc.jsonValue(), foreign: fc.integer(), nodes: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), saved), (value) => {
      const { day, nodes, ...counts } = readDay(value);
      assert.equal(typeof day, 'string');
      for (const count of [...Object.values(counts), ...Object.values(nodes)])
        assert.ok(Number.isSafeInteger(count) && count >= 0);
    }),
  );
});

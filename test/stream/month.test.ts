import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runMonth } from '../../dev/stream/month';
import { faultsOf, monthRows } from '../../dev/stream/month-faults';
import { PostTracker } from '../../dev/stream/month-verdict';

test('month: seven hours with faults of every row -> waits of the policy, no loss outside gaps', async () => {
  const result = await runMonth({ days: 7 / 24, seed: 1, ratePerSecond: 0.05, recover: 'none' });
  assert.deepEqual(result.violations, []);
  assert.deepEqual([...new Set(result.faults.map(({ row }) => row))].sort(), [...'123456789', '–']);
  const sum = (name: 'made' | 'delivered' | 'missed' | 'lost'): number =>
    result.faults.reduce((total, fault) => total + fault[name], 0);
  assert.equal(sum('made'), sum('delivered') + sum('missed') + sum('lost'));
  assert.ok(sum('delivered') > 500 && sum('missed') > 100);
});

test('month: seven hours with recovery by search -> each missed post but retweets, once', async () => {
  const result = await runMonth({ days: 7 / 24, seed: 1, ratePerSecond: 0.05, recover: 'search' });
  assert.deepEqual(result.violations, []);
  const sum = (name: 'recovered' | 'missed' | 'findable'): number =>
    result.faults.reduce((total, fault) => total + fault[name], 0);
  assert.ok(sum('recovered') > 100 && sum('missed') > 50);
  assert.equal(sum('findable'), 0);
});

test('month: any hour -> a fault of every row; in a day each fault', () => {
  for (let hour = 0; hour < 24; hour++)
    assert.equal(new Set(faultsOf(hour).map(({ row }) => row)).size, monthRows.length);
  const day = Array.from({ length: 24 }, (_, hour) => faultsOf(hour)).flat();
  assert.equal(new Set(day).size, monthRows.flatMap(({ faults }) => faults).length);
});

const post = (id: string, at: number, streams: number) => ({ id, at, streams, again: false, retweet: false });
const gap = { event: 'gap', from: 100_000, to: 200_000 } as const;

for (const [name, made, cuts, expected] of [
  ['in a gap, never sent', post('1', 150_000, 0), false, 'missed'],
  ['10 s before a gap, never sent', post('1', 90_000, 0), false, 'missed'],
  ['11 s before a gap, never sent', post('1', 89_000, 0), false, 'lost'],
  ['after a gap, never sent', post('1', 200_001, 0), false, 'lost'],
  ['in a gap, but sent in full', post('1', 150_000, 1), false, 'lost'],
  ['in a gap, sent over a connection that was cut', post('1', 150_000, 1), true, 'missed'],
] as const) {
  test(`post tracker: ${name} -> ${expected}`, () => {
    const posts = new PostTracker();
    posts.post(made);
    posts.gaps.push(gap);
    const { missed, lost } = posts.take(cuts);
    assert.deepEqual({ missed, lost }, { missed: 0, lost: 0, [expected]: 1 });
  });
}

test('post tracker: delivered twice to a node, once to another -> one duplicate', () => {
  const posts = new PostTracker();
  posts.post(post('1', 1, 1));
  for (const node of ['a', 'b', 'a']) posts.message(node, '1', true);
  const counts = { made: 1, delivered: 1, recovered: 1, missed: 0, findable: 0, lost: 0, duplicates: 1 };
  assert.deepEqual(posts.take(false), counts);
});

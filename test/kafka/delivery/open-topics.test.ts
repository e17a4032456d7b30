import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeClock } from './fake-clock';
import { fakeOutbox, nextTurn } from './fake-writers';

const minute = 60_000;

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['setInterval']);
});
afterEach(() => clock.reset());

test('open topics: idle for five minutes -> closed, unless pinned or with pending records', async () => {
  const { outbox, cluster } = fakeOutbox();
  const open = (): string[] => [...cluster.acquired.keys()];
  outbox.open('pinned');
  const late = outbox.send('late', { value: 'x' });
  const paused = (): Promise<unknown> => outbox.send('paused', { value: 'x' });
  const idle = outbox.send('idle', { value: 'x' });
  cluster.writer('idle').acknowledge();
  await idle;
  outbox.pause();
  const held = paused();
  clock.tick(4 * minute, minute);
  assert.deepEqual(open(), ['pinned', 'late', 'idle', 'paused']);
  clock.tick(2 * minute, minute);
  assert.deepEqual(open(), ['pinned', 'late', 'paused']);
  clock.tick(60 * minute, minute);
  assert.deepEqual(open(), ['pinned', 'late', 'paused']);

  outbox.resume();
  for (const topic of ['late', 'paused']) cluster.writer(topic).acknowledge();
  await Promise.all([late, held]);
  // The five minutes start with the answer.
  clock.tick(4 * minute, minute);
  assert.deepEqual(open(), ['pinned', 'late', 'paused']);
  clock.tick(2 * minute, minute);
  assert.deepEqual(open(), ['pinned']);

  const { in: all, acked, topics } = outbox.report();
  assert.deepEqual([all, acked, topics.map(({ topic }) => topic)], [3, 3, ['pinned']]);
  const again = outbox.send('idle', { value: 'again' });
  cluster.writer('idle').acknowledge();
  await again;
  assert.deepEqual(
    outbox.report().topics.map(({ topic, in: accepted }) => [topic, accepted]),
    [
      ['pinned', 0],
      ['idle', 1],
    ],
  );
});

test('open topics: more than a hundred -> the longest idle is closed, one in use never', async () => {
  const { outbox, cluster } = fakeOutbox();
  outbox.open('pinned');
  const answers = new Map<string, Promise<unknown>>();
  const send = (topic: string): void => {
    answers.set(topic, outbox.send(topic, { value: 'x' }));
    clock.tick(1);
  };
  for (let number = 1; number < 100; number++) send(`t${number}`);
  assert.equal(cluster.acquired.size, 100);
  await assert.rejects(outbox.send('one-more', { value: 'x' }), { key: 'topics-too-many' });

  // t7 is answered first, so it is idle longest.
  for (const topic of ['t7', 't3']) {
    cluster.writer(topic).acknowledge();
    await answers.get(topic);
    clock.tick(1);
  }
  send('one-more');
  assert.deepEqual(
    ['pinned', 't3', 't7', 'one-more'].map((topic) => cluster.acquired.has(topic)),
    [true, true, false, true],
  );
  assert.equal(cluster.acquired.size, 100);
  send('and-another');
  assert.deepEqual([cluster.acquired.has('t3'), cluster.acquired.size], [false, 100]);
  await assert.rejects(outbox.send('t3', { value: 'x' }), { key: 'topics-too-many' });

  const settled = Promise.allSettled(answers.values());
  await outbox.close(0);
  await settled;
  await nextTurn();
  assert.equal(cluster.acquired.size, 0);
  const { in: all, acked, failed, waiting } = outbox.counters;
  assert.deepEqual([all, acked, failed, waiting], [103, 2, 101, 0]);
});

import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { fakeOutbox, told } from './fake-writers';

const minute = 60_000;

afterEach(() => mock.timers.reset());

test('a topic is let go when idle for five minutes, never while a record of it waits, and not if it is kept', async () => {
  mock.timers.enable({ apis: ['Date', 'setInterval'] });
  const { outbox, cluster } = fakeOutbox();
  const open = (): string[] => [...cluster.leased.keys()];
  outbox.open('kept');
  const late = outbox.send('late', { value: 'x' });
  const paused = (): Promise<unknown> => outbox.send('paused', { value: 'x' });
  const idle = outbox.send('idle', { value: 'x' });
  cluster.writer('idle').acknowledge();
  await idle;
  outbox.pause();
  const held = paused();
  mock.timers.tick(4 * minute);
  assert.deepEqual(open(), ['kept', 'late', 'idle', 'paused']);
  mock.timers.tick(2 * minute);
  assert.deepEqual(open(), ['kept', 'late', 'paused']);
  mock.timers.tick(60 * minute);
  assert.deepEqual(open(), ['kept', 'late', 'paused']);

  outbox.resume();
  for (const topic of ['late', 'paused']) cluster.writer(topic).acknowledge();
  await Promise.all([late, held]);
  // The five minutes begin with the answer.
  mock.timers.tick(4 * minute);
  assert.deepEqual(open(), ['kept', 'late', 'paused']);
  mock.timers.tick(2 * minute);
  assert.deepEqual(open(), ['kept']);

  const { in: all, acked, topics } = outbox.report();
  assert.deepEqual([all, acked, topics.map(({ topic }) => topic)], [3, 3, ['kept']]);
  const again = outbox.send('idle', { value: 'again' });
  cluster.writer('idle').acknowledge();
  await again;
  assert.deepEqual(
    outbox.report().topics.map(({ topic, in: taken }) => [topic, taken]),
    [
      ['kept', 0],
      ['idle', 1],
    ],
  );
});

test('a hundred topics at most: the one that is idle longest makes room, one in use never does', async () => {
  mock.timers.enable({ apis: ['Date', 'setInterval'] });
  const { outbox, cluster } = fakeOutbox();
  outbox.open('kept');
  const answers = new Map<string, Promise<unknown>>();
  const send = (topic: string): void => {
    answers.set(topic, outbox.send(topic, { value: 'x' }));
    mock.timers.tick(1);
  };
  for (let number = 1; number < 100; number++) send(`t${number}`);
  assert.equal(cluster.leased.size, 100);
  await assert.rejects(outbox.send('one-more', { value: 'x' }), { key: 'topics-too-many' });

  // t7 is answered first, so it is idle longest.
  for (const topic of ['t7', 't3']) {
    cluster.writer(topic).acknowledge();
    await answers.get(topic);
    mock.timers.tick(1);
  }
  send('one-more');
  assert.deepEqual(
    ['kept', 't3', 't7', 'one-more'].map((topic) => cluster.leased.has(topic)),
    [true, true, false, true],
  );
  assert.equal(cluster.leased.size, 100);
  send('and-another');
  assert.deepEqual([cluster.leased.has('t3'), cluster.leased.size], [false, 100]);
  await assert.rejects(outbox.send('t3', { value: 'x' }), { key: 'topics-too-many' });

  const settled = Promise.allSettled(answers.values());
  await outbox.close(0);
  await settled;
  await told();
  assert.equal(cluster.leased.size, 0);
  const { in: all, acked, failed, waiting } = outbox.counters;
  assert.deepEqual([all, acked, failed, waiting], [103, 2, 101, 0]);
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { RecordCounters } from '../../../src/kafka/delivery/counters';
import { OpenTopics } from '../../../src/kafka/delivery/open-topics';
import type { Problem } from '../../../src/util/problem';
import { FakeClock } from './fake-clock';
import { FakeCluster, fakeOutbox, nextTurn } from './fake-writers';

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

test('open topics: more than a hundred -> the longest idle is closed for one that waits', async () => {
  const { outbox, cluster } = fakeOutbox();
  outbox.open('pinned');
  const answers = new Map<string, Promise<unknown>>();
  const all: Promise<unknown>[] = [];
  const send = (topic: string): void => {
    const answer = outbox.send(topic, { value: 'x' });
    answers.set(topic, answer);
    all.push(answer);
    clock.tick(1);
  };
  for (let number = 1; number < 100; number++) send(`t${number}`);
  assert.equal(cluster.acquired.size, 100);
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

  for (const topic of ['t3', 't7', 't3']) send(topic);
  assert.deepEqual([cluster.acquired.size, outbox.counters.waiting], [100, 102]);
  const { topics } = outbox.report();
  assert.deepEqual(
    topics.slice(-2).map(({ topic, state, waiting }) => [topic, state, waiting]),
    [
      ['t3', 'connecting', 2],
      ['t7', 'connecting', 1],
    ],
  );
  cluster.writer('t50').acknowledge();
  await nextTurn();
  assert.deepEqual(
    ['t50', 't3', 't7'].map((topic) => cluster.acquired.has(topic)),
    [false, true, false],
  );
  assert.equal(cluster.writer('t3').written.length, 2);

  const settled = Promise.allSettled(all);
  assert.equal(await outbox.close(0), 101);
  await settled;
  await nextTurn();
  assert.equal(cluster.acquired.size, 0);
  const { in: accepted, acked, failed, waiting } = outbox.counters;
  assert.deepEqual([accepted, acked, failed, waiting], [104, 3, 101, 0]);
});

test('open topics: a topic waits longer than the delivery timeout -> its records expire, saying so', async () => {
  const { outbox, cluster } = fakeOutbox({ openTopics: 1, timeouts: { deliveryTimeout: 10_000, linger: 0 } });
  void outbox.send('busy', { value: 'x' }).catch(() => {});
  const early = outbox.send('waits', { value: 'early' });
  clock.tick(6000, 1000);
  const late = outbox.send('waits', { value: 'late' });
  const failed = assert.rejects(early, (error: Problem) => {
    assert.equal(error.key, 'not-delivered');
    assert.deepEqual((error.params.cause as Problem).params, { topic: 'waits', limit: 1 });
    return true;
  });
  clock.tick(5000, 1000);
  await failed;
  assert.deepEqual([outbox.counters.waiting, outbox.counters.failed], [2, 1]);
  cluster.writer('busy').acknowledge();
  await nextTurn();
  // The time that it has waited counts.
  const [entry] = cluster.writer('waits').written;
  assert.deepEqual([String(entry?.record.value), entry?.deadline], ['late', 1_000_000 + 16_000]);
  cluster.writer('waits').acknowledge();
  await late;
});

test('open topics: memory is full -> rejected, also for a topic that waits; flush waits for it', async () => {
  const { outbox, cluster } = fakeOutbox({ openTopics: 1, memoryLimit: 2000 });
  const value = 'x'.repeat(900);
  const sent = ['busy', 'waits'].map((topic) => outbox.send(topic, { value }));
  await assert.rejects(outbox.send('waits', { value }), { key: 'memory-full' });
  let flushed = false;
  const flush = outbox.flush().then(() => {
    flushed = true;
  });
  cluster.writer('busy').acknowledge();
  await nextTurn();
  assert.equal(flushed, false);
  cluster.writer('waits').acknowledge();
  await Promise.all([flush, ...sent]);
});

test('open topics: pause -> a topic that waits is written after the resume', async () => {
  const { outbox, cluster } = fakeOutbox({ openTopics: 1 });
  const busy = outbox.send('busy', { value: 'x' });
  const before = outbox.send('waits', { value: '1' });
  outbox.pause();
  const during = outbox.send('waits', { value: '2' });
  const other = outbox.send('other', { value: '3' });
  cluster.writer('busy').acknowledge();
  await busy;
  await nextTurn();
  const written = (): string[] => cluster.writer('waits').written.map(({ record }) => String(record.value));
  assert.deepEqual(written(), ['1']);
  outbox.resume();
  assert.deepEqual(written(), ['1', '2']);
  for (let left = 2; left > 0; left--) cluster.writer('waits').acknowledge();
  await Promise.all([before, during]);
  await nextTurn();
  cluster.writer('other').acknowledge();
  await other;
});

test('open topics: close while topics wait -> each is opened and written in turn', async () => {
  const { outbox, cluster } = fakeOutbox({ openTopics: 1 });
  const sent = ['a', 'b', 'c'].map((topic) => outbox.send(topic, { value: 'x' }));
  const closing = outbox.close(60_000);
  for (const topic of ['a', 'b', 'c']) {
    assert.deepEqual([...cluster.acquired.keys()], [topic]);
    cluster.writer(topic).acknowledge();
    await nextTurn();
  }
  await Promise.all(sent);
  assert.deepEqual([await closing, cluster.acquired.size], [0, 0]);
});

test('open topics: its first health asks for the topic again -> opened once', () => {
  const opened: string[] = [];
  const cluster = new FakeCluster();
  const pool = {
    acquire(topic: string) {
      opened.push(topic);
      if (opened.length > 3) assert.fail('opened again and again');
      return cluster.acquire(topic);
    },
  };
  const options = { acks: 'all', idempotent: true, compression: 'none' } as const;
  const topics: OpenTopics = new OpenTopics(pool, options, new RecordCounters(), () =>
    topics.tryOpen('tweets'),
  );
  topics.open('tweets');
  assert.deepEqual(opened, ['tweets']);
  topics.close();
  assert.equal(cluster.acquired.size, 0);
});

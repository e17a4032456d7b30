import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from './fake-clock';
import { fakeOutbox, nextTurn } from './fake-writers';

const values = (written: Array<{ record: { value: Buffer | null } }>): string[] =>
  written.map(({ record }) => String(record.value));

test('pause: records in delivery go on, later ones are held and written in order at resume', async () => {
  const { outbox, cluster } = fakeOutbox();
  const send = (value: string): Promise<unknown> => outbox.send('a', { value });
  const before = send('0');
  outbox.pause();
  outbox.pause();
  const held = [send('1'), send('2')];
  const { written } = cluster.writer('a');
  assert.deepEqual([values(written), outbox.paused, outbox.counters.waiting], [['0'], true, 3]);
  cluster.writer('a').acknowledge();
  await before;
  assert.equal(outbox.counters.waiting, 2);
  outbox.resume();
  const newer = send('3');
  outbox.resume();
  assert.deepEqual([values(written), outbox.paused], [['0', '1', '2', '3'], false]);
  for (let left = 3; left > 0; left--) cluster.writer('a').acknowledge();
  await Promise.all([...held, newer]);
  assert.deepEqual([outbox.counters.acked, outbox.counters.waiting], [4, 0]);
});

test('pause: does not count towards the delivery timeout; the timestamp is the time of arrival', (t) => {
  const clock = new FakeClock(['Date']);
  t.after(() => clock.reset());
  const { outbox, cluster } = fakeOutbox({ timeouts: { deliveryTimeout: 60_000, linger: 5 } });
  outbox.pause();
  void outbox.send('a', { value: 'x' });
  clock.tick(3_600_000);
  outbox.resume();
  const [entry] = cluster.writer('a').written;
  assert.deepEqual(
    [entry?.deadline, entry?.due, entry?.record.timestamp],
    [1_000_000 + 3_660_000, 1_000_000 + 3_600_005, 1_000_000],
  );
});

test('pause: memory limit -> memory-full and backpressure', async () => {
  const { outbox, cluster, backpressure } = fakeOutbox({ memoryLimit: 10_000 });
  outbox.pause();
  const answers = Array.from({ length: 12 }, () => outbox.send('a', { value: 'x'.repeat(1000) }));
  await assert.rejects(answers[11] as Promise<unknown>, { key: 'memory-full' });
  const settled = Promise.allSettled(answers);
  assert.deepEqual([backpressure, outbox.counters.waiting], [[true], 9]);
  outbox.resume();
  for (let left = 9; left > 0; left--) {
    // Released when half of the memory is free: nine records of 1,021 bytes were waiting.
    assert.equal(backpressure.length, left > 4 ? 1 : 2);
    cluster.writer('a').acknowledge();
    await nextTurn();
  }
  await settled;
  assert.deepEqual([backpressure, outbox.counters.acked, outbox.counters.failed], [[true, false], 9, 3]);
});

test('flush: during a pause -> resolves after resume, for the records before it', async () => {
  const { outbox, cluster } = fakeOutbox();
  outbox.pause();
  void outbox.send('a', { value: 'before' });
  let flushed = false;
  const flush = outbox.flush().then(() => {
    flushed = true;
  });
  await nextTurn();
  assert.equal(flushed, false);
  outbox.resume();
  void outbox.send('a', { value: 'after' });
  await nextTurn();
  assert.equal(flushed, false);
  cluster.writer('a').acknowledge();
  await flush;
  assert.deepEqual(values(cluster.writer('a').unanswered), ['after']);
});

test('close: paused outbox -> writes the held records', async () => {
  const { outbox, cluster } = fakeOutbox();
  outbox.pause();
  const answer = outbox.send('a', { value: 'x' });
  const closing = outbox.close(60_000);
  outbox.pause();
  assert.deepEqual([cluster.writer('a').written.length, outbox.paused], [1, false]);
  cluster.writer('a').acknowledge();
  await answer;
  assert.equal(await closing, 0);
});

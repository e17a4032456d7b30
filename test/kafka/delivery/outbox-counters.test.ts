import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PendingRecord } from '../../../src/kafka/delivery/pending-record';
import { Problem } from '../../../src/util/problem';
import { FakeClock } from './fake-clock';
import { type FakeCluster, type FakeWriter, fakeOutbox, nextTurn } from './fake-writers';

const topics = ['a', 'b', 'c', 'd', 'e'];
const memoryLimit = 3000;

type Act =
  | { act: 'send'; topic: string; size: number }
  | { act: 'send-bad'; topic: unknown; value: unknown }
  | { act: 'acknowledge' | 'fail' | 'attempt'; pick: number }
  | { act: 'pause' }
  | { act: 'resume' };

const pick = fc.nat(50);
const openTopics = fc.constantFrom(undefined, 1, 2, 3);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('send' as const),
      topic: fc.constantFrom(...topics),
      size: fc.nat(900),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Act>(
      { act: 'send-bad', topic: 'no spaces', value: 'x' },
      { act: 'send-bad', topic: undefined, value: 'x' },
      { act: 'send-bad', topic: 'a', value: undefined },
    ),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('acknowledge' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('fail' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('attempt' as const), pick }) },
  { weight: 2, arbitrary: fc.constantFrom<Act>({ act: 'pause' }, { act: 'resume' }) },
);

// Nothing is on disk here.
const onDisk = { restored: 0, damaged: 0, discarded: 0 };

test('outbox: random sequences -> one answer per record, in order, in = acked + failed + waiting', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 60 }),
      fc.nat(2),
      openTopics,
      async (acts, afterwards, limit) => {
        const { outbox, cluster, backpressure } = fakeOutbox({ memoryLimit, openTopics: limit });
        const seen = { in: 0, acked: 0, failed: 0, retries: 0 };
        const refused = new Set<string>();
        const sentTo = new Map<string, string[]>(topics.map((topic) => [topic, []]));
        const answersOf: number[] = [];
        const attempted = new Set<PendingRecord>();

        const send = (topic: unknown, value: unknown): void => {
          const number = seen.in++;
          answersOf[number] = 0;
          void outbox.send(topic, { value, key: String(number) }).then(
            () => {
              seen.acked++;
              answersOf[number] = (answersOf[number] ?? 0) + 1;
            },
            (error: Problem) => {
              seen.failed++;
              if (error.key === 'memory-full') refused.add(String(number));
              answersOf[number] = (answersOf[number] ?? 0) + 1;
            },
          );
          if (value !== undefined) sentTo.get(topic as string)?.push(String(number));
        };
        const check = (): void => {
          const { waiting, waitingBytes, ...counted } = outbox.counters;
          assert.deepEqual(counted, { ...seen, ...onDisk });
          assert.equal(waiting, counted.in - counted.acked - counted.failed);
          assert.ok(waitingBytes <= memoryLimit && (waiting === 0 ? waitingBytes === 0 : waitingBytes > 0));
          const report = outbox.report();
          for (const one of report.topics) {
            assert.equal(one.in, one.acked + one.failed + one.waiting);
            assert.ok(one.waiting === 0 ? one.waitingBytes === 0 : one.waitingBytes > 0);
          }
          // A closed topic takes its own counters with it, but has nothing pending.
          const whileOpen = limit ? [] : (['acked', 'retries'] as const);
          for (const name of ['waiting', 'waitingBytes', ...whileOpen] as const) {
            const sum = report.topics.reduce((all, one) => all + one[name], 0);
            assert.equal(sum, report[name], name);
          }
          // The records written so far are the first of those accepted, in order.
          for (const topic of topics) {
            const accepted = sentTo.get(topic)?.filter((key) => !refused.has(key));
            const written = cluster.writtenTo(topic).map(({ record }) => String(record.key));
            assert.deepEqual(written, accepted?.slice(0, written.length));
            if (outbox.paused || written.length === accepted?.length) continue;
            // It waits for as many others as may be open, and each of them has pending records.
            const open = [...cluster.acquired.values()];
            assert.ok(!cluster.acquired.has(topic) && open.every(({ unanswered }) => unanswered.length > 0));
            assert.equal(open.length, limit);
          }
          assert.ok(cluster.acquired.size <= (limit ?? topics.length));
        };

        for (const one of acts) {
          if (one.act === 'send') send(one.topic, 'x'.repeat(one.size));
          else if (one.act === 'send-bad') send(one.topic, one.value);
          else if (one.act === 'pause') outbox.pause();
          else if (one.act === 'resume') outbox.resume();
          else {
            const { writer, entry } = unanswered(cluster, one.pick) ?? {};
            if (one.act === 'acknowledge') writer?.acknowledge(entry);
            else if (one.act === 'fail') entry?.fail(new Problem('leader-none', { topic: 'any' }));
            else if (entry) {
              if (attempted.has(entry)) seen.retries++;
              attempted.add(entry);
              entry.attempt();
            }
          }
          await nextTurn();
          check();
        }
        if (afterwards > 0) outbox.pause();
        if (afterwards > 1) send('b', 'the last');
        const { waiting } = outbox.counters;
        assert.equal(await outbox.close(0), waiting);
        send('a', 'too late');
        await nextTurn();
        assert.deepEqual(
          [outbox.counters.waiting, outbox.counters.waitingBytes, cluster.acquired.size, outbox.paused],
          [0, 0, 0, false],
        );
        assert.deepEqual(outbox.counters, { ...seen, ...onDisk, waiting: 0, waitingBytes: 0 });
        assert.deepEqual(new Set(answersOf), new Set([1]));
        assert.notEqual(backpressure.at(-1), true);
      },
    ),
    { numRuns: 200 },
  );
});

/** One of the records that were written and wait for an answer. */
function unanswered(
  cluster: FakeCluster,
  pick: number,
): { writer: FakeWriter; entry: PendingRecord } | undefined {
  const all = [...cluster.acquired.values()].flatMap((writer) =>
    writer.unanswered.map((entry) => ({ writer, entry })),
  );
  return all[pick % Math.max(1, all.length)];
}

test('waitingBytes: key, value and headers count until the answer, paused or not', async () => {
  const { outbox, cluster } = fakeOutbox();
  const send = (): unknown =>
    outbox.send('a', {
      value: 'v'.repeat(1000),
      key: 'k'.repeat(200),
      headers: { h: ['x'.repeat(300), 'y'] },
    });
  send();
  const one = outbox.counters.waitingBytes;
  assert.ok(one >= 1000 + 200 + 301 && one < 1600, String(one));
  outbox.pause();
  send();
  assert.equal(outbox.counters.waitingBytes, 2 * one);
  outbox.resume();
  assert.equal(outbox.counters.waitingBytes, 2 * one);
  for (const left of [one, 0]) {
    cluster.writer('a').acknowledge();
    await nextTurn();
    assert.equal(outbox.counters.waitingBytes, left);
  }
});

test('counters: rejected record -> counts for its topic if open, else only in the totals', async () => {
  const { outbox, cluster } = fakeOutbox({ memoryLimit: 1000 });
  const values: unknown[] = ['x'.repeat(900), 'y'.repeat(900), undefined];
  const answers = values.map((value) => outbox.send('a', { value }));
  await assert.rejects(answers[1] as Promise<unknown>, { key: 'memory-full' });
  await assert.rejects(answers[2] as Promise<unknown>, { key: 'value-none' });
  await assert.rejects(outbox.send('b', { value: 'x'.repeat(900) }), { key: 'memory-full' });
  cluster.writer('a').acknowledge();
  await answers[0];
  const { topics, ...totals } = outbox.report();
  assert.deepEqual([totals.in, totals.acked, totals.failed], [4, 1, 3]);
  assert.deepEqual(
    topics.map(({ topic, in: all, acked, failed }) => [topic, all, acked, failed]),
    [['a', 3, 1, 2]],
  );
  const causes = [totals.lastCause, topics[0]?.lastCause].map((cause) => cause?.thrown as Problem);
  assert.deepEqual(
    causes.map(({ key }) => key),
    ['memory-full', 'value-none'],
  );
});

test('lastCause: failing topic -> set before any record fails', async () => {
  const { outbox, cluster } = fakeOutbox();
  outbox.open('a');
  assert.equal(outbox.report().lastCause, undefined);
  const problem = new Problem('leader-none', { topic: 'a' });
  cluster.writer('a').setHealth({ state: 'failing', problem });
  assert.deepEqual(
    [outbox.report().lastCause?.thrown, outbox.report().topics[0]?.state, outbox.report().state],
    [problem, 'failing', 'failing'],
  );
  cluster.writer('a').setHealth({ state: 'connected' });
  const { state, lastCause } = outbox.report();
  assert.deepEqual([state, lastCause?.thrown], ['connected', problem]);
});

test('report: rate of acknowledgements and unreachable brokers', async () => {
  const clock = new FakeClock(['Date']);
  try {
    const { outbox, cluster } = fakeOutbox();
    const answers = Array.from({ length: 7 }, () => outbox.send('a', { value: 'x' }));
    for (const _ of answers) cluster.writer('a').acknowledge();
    await Promise.all(answers);
    clock.tick(2000);
    cluster.brokerHealth.unreachable('b:9092');
    const { rate, brokersAway, memoryLimit } = outbox.report();
    assert.deepEqual([rate, brokersAway, memoryLimit], [3.5, ['b:9092'], 32_000_000]);
  } finally {
    clock.reset();
  }
});

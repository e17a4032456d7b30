import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { startBroker } from '../../../dev/kafka/broker';
import { freshTopic, readTopic } from '../../kafka-broker';
import { outboxOn, until } from '../test-outbox';

// Brokers of their own: they are killed.
test('a broker that is killed and comes back, then is away when the flow starts: nothing is lost, order is kept', async () => {
  const broker = await startBroker({});
  try {
    const topic = await freshTopic(broker.brokers, 'away', 3);
    const { outbox, end } = outboxOn(broker.brokers);
    outbox.open(topic);
    await until(() => outbox.health.state === 'connected', 'connected');
    const answers: Promise<unknown>[] = [];
    let sent = 0;
    const send = (count: number): void => {
      for (let index = 0; index < count; index++) {
        answers.push(outbox.send(topic, { value: String(sent++), key: `k${sent % 5}` }));
      }
    };
    const load = setInterval(() => send(20), 10);
    await until(() => outbox.counters.acked > 500, 'a good number acknowledged');
    await broker.kill();
    await until(() => outbox.health.state === 'failing', 'the outage noticed');
    await until(() => outbox.counters.waiting > 500, 'a good number waiting');
    await broker.start();
    await until(() => outbox.counters.acked > 1500, 'acknowledged again');
    clearInterval(load);
    await Promise.all(answers);
    assert.equal(outbox.health.state, 'connected');
    assert.equal(outbox.counters.failed, 0);
    await assertAllThere(broker.brokers, topic, sent);
    await end();

    await broker.kill();
    const early = outboxOn(broker.brokers);
    early.outbox.open(topic);
    const waiting = Promise.all(
      [1, 2, 3].map(() => early.outbox.send(topic, { value: String(sent++), key: 'k' })),
    );
    await until(() => early.outbox.health.state === 'failing', 'a cluster that is not there, noticed');
    await broker.start();
    await waiting;
    await assertAllThere(broker.brokers, topic, sent);
    await early.end();
  } finally {
    await broker.stop();
  }
});

test('what was given up leaves no trace: the health heals by itself, and its partition is written again', async () => {
  const broker = await startBroker({});
  const timeouts = { deliveryTimeout: 1000, linger: 0 };
  const { outbox, end } = outboxOn(broker.brokers, { timeouts });
  try {
    const topic = await freshTopic(broker.brokers, 'given-up', 2);
    const [one, other] = [0, 1].map((partition) => () => outbox.send(topic, { value: 'x', partition }));
    await one?.();
    await broker.kill();
    await assert.rejects(async () => one?.(), { key: /^not-delivered/ });
    await broker.start();
    await until(() => outbox.health.state === 'connected', 'a health that no record is needed for');
    await other?.();
    // For a while keyless records had better not wait for the partition; by then that is over.
    const now = performance.now();
    mock.method(performance, 'now', () => now + 60_000);
    const places = new Set<number>();
    await until(async () => {
      places.add((await outbox.send(topic, { value: 'keyless' })).partition);
      return places.size === 2;
    }, 'keyless records in both partitions');
  } finally {
    mock.restoreAll();
    await end();
    await broker.stop();
  }
});

async function assertAllThere(brokers: string, topic: string, sent: number): Promise<void> {
  const read = await readTopic(brokers, topic, sent, 60_000);
  const seen = new Set<number>();
  const last = new Map<number, number>();
  for (const { partition, value } of read) {
    const number = Number(value?.toString());
    // What was written twice lies behind its first copy; the first copies are in order.
    if (!seen.has(number)) {
      assert.ok(number > (last.get(partition) ?? -1), `${number} in order in partition ${partition}`);
      last.set(partition, number);
    }
    seen.add(number);
  }
  assert.equal(seen.size, sent);
}

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { startBroker } from '../../../dev/kafka/broker';
import { freshTopic, readTopic } from '../../kafka-broker';
import { until } from '../../until';
import { outboxOn } from '../test-outbox';

// Brokers of their own: they are killed.
test('outbox: broker killed and restarted, or unreachable at start -> all records, in order', async () => {
  const broker = await startBroker({});
  try {
    const topic = await freshTopic(broker.brokers, 'killed', 3);
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
    await until(() => outbox.counters.acked > 500, '500 records acknowledged');
    await broker.kill();
    await until(() => outbox.health.state === 'failing', 'failing health');
    await until(() => outbox.counters.waiting > 500, '500 records pending');
    await broker.start();
    await until(() => outbox.counters.acked > 1500, 'acknowledged again');
    clearInterval(load);
    await Promise.all(answers);
    assert.equal(outbox.health.state, 'connected');
    assert.equal(outbox.counters.failed, 0);
    await assertAllWritten(broker.brokers, topic, sent);
    await end();

    await broker.kill();
    const early = outboxOn(broker.brokers);
    early.outbox.open(topic);
    const waiting = Promise.all(
      [1, 2, 3].map(() => early.outbox.send(topic, { value: String(sent++), key: 'k' })),
    );
    await until(() => early.outbox.health.state === 'failing', 'failing health of an unreachable cluster');
    await broker.start();
    await waiting;
    await assertAllWritten(broker.brokers, topic, sent);
    await early.end();
  } finally {
    await broker.stop();
  }
});

test('outbox: records expired -> health recovers without a record, partition is used again', async () => {
  const broker = await startBroker({});
  const timeouts = { deliveryTimeout: 1000, linger: 0 };
  const { outbox, end } = outboxOn(broker.brokers, { timeouts });
  try {
    const topic = await freshTopic(broker.brokers, 'expired', 2);
    const [one, other] = [0, 1].map((partition) => () => outbox.send(topic, { value: 'x', partition }));
    await one?.();
    await broker.kill();
    await assert.rejects(async () => one?.(), { key: /^not-delivered/ });
    await broker.start();
    await until(() => outbox.health.state === 'connected', 'connected health without a new record');
    await other?.();
    // Keyless records avoid the partition for some seconds; a minute later they do not.
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

async function assertAllWritten(brokers: string, topic: string, sent: number): Promise<void> {
  const read = await readTopic(brokers, topic, sent, 60_000);
  const seen = new Set<number>();
  const last = new Map<number, number>();
  for (const { partition, value } of read) {
    const number = Number(value?.toString());
    // A duplicate follows its first copy; the first copies are in order.
    if (!seen.has(number)) {
      assert.ok(number > (last.get(partition) ?? -1), `${number} in order in partition ${partition}`);
      last.set(partition, number);
    }
    seen.add(number);
  }
  assert.equal(seen.size, sent);
}

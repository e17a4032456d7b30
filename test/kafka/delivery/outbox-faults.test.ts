import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { KafkajsProducer } from '../../../src/kafka/delivery/kafkajs-producer';
import { freshTopic, type TestBroker, testBroker } from '../../kafka-broker';
import { outboxOn } from '../test-outbox';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
});
after(() => broker.stop());

test('outbox: system clock set an hour ahead or back -> nothing expires, nothing waits longer', async () => {
  const topic = await freshTopic(broker.brokers, 'clock');
  const { outbox, end } = outboxOn(broker.brokers, { timeouts: { deliveryTimeout: 60_000, linger: 1200 } });
  const now = Date.now.bind(Date);
  const hour = 3_600_000;
  try {
    await outbox.send(topic, { value: 'before' });
    for (const step of [hour, -hour]) {
      const sent = outbox.send(topic, { value: String(step) });
      const clock = mock.method(Date, 'now', () => now() + step);
      const { offset } = await sent;
      clock.mock.restore();
      assert.equal(offset, step === hour ? '1' : '2');
    }
  } finally {
    mock.restoreAll();
    await end();
  }
});

test('outbox: batch with rejected records -> they fail alone, without a new client', async () => {
  const topic = await freshTopic(broker.brokers, 'rejected');
  const admin = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: 2,
        name: topic,
        configEntries: [{ name: 'message.timestamp.before.max.ms', value: '3600000' }],
      },
    ],
  });
  await admin.disconnect();
  const retired = mock.method(KafkajsProducer.prototype, 'retire');
  const { outbox, end } = outboxOn(broker.brokers);
  try {
    const isOld = (id: number): boolean => id % 8 === 0;
    const sent = Array.from({ length: 64 }, (_, id) =>
      outbox.send(topic, { value: id, timestamp: isOld(id) ? '2010-01-01' : undefined }),
    );
    const answers = await Promise.allSettled(sent);
    answers.forEach((answer, id) => {
      assert.equal(answer.status, isOld(id) ? 'rejected' : 'fulfilled');
      if (answer.status === 'rejected') assert.equal(answer.reason.key, 'record-timestamp-refused');
    });
    const offsets = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.offset] : []));
    assert.deepEqual(
      offsets,
      Array.from({ length: 56 }, (_, index) => String(index)),
    );
    assert.equal(retired.mock.callCount(), 0);
  } finally {
    mock.restoreAll();
    await end();
  }
});

import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import { KafkajsProducer } from '../../../src/kafka/delivery/kafkajs-producer';
import { TopicProducer } from '../../../src/kafka/delivery/topic-producer';
import { freshTopic, type TestBroker, testBroker } from '../../kafka-broker';
import { outboxOn } from '../test-outbox';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
});
after(() => broker.stop());

test('a clock that is set an hour on, or back, gives nothing up and holds nothing back', async () => {
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

test('a batch with refused records is taken apart without a new client', async () => {
  const topic = await freshTopic(broker.brokers, 'refused');
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
  const { outbox, end } = outboxOn(broker.brokers);
  const retired = mock.method(KafkajsProducer.prototype, 'retire');
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

test('a failure of a client that was replaced does not replace its successor', async () => {
  const settings = {
    brokers: [broker.brokers],
    clientId: 'test',
    connectionTimeout: 5000,
    requestTimeout: 6000,
  };
  const options = { idempotent: false, acks: -1, compression: CompressionTypes.None } as const;
  const nobody = (): void => {};
  const producer = new TopicProducer(settings, options, nobody, new BrokerHealth(), nobody);
  const retired = mock.method(KafkajsProducer.prototype, 'retire');
  mock.method(KafkajsProducer.prototype, 'send', async () => {
    throw new Error('cut');
  });
  try {
    const fail = (): Promise<unknown> => producer.send('t', 0, [], 5000).catch((error: unknown) => error);
    const failures = await Promise.all([fail(), fail()]);
    producer.failed(failures[0], 'now');
    await producer.connect();
    producer.failed(failures[1], 'now');
    assert.equal(retired.mock.callCount(), 1);
    producer.failed(await fail(), 'now');
    assert.equal(retired.mock.callCount(), 2);
  } finally {
    mock.restoreAll();
    await producer.close();
  }
});

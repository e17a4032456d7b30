import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { partitionOf } from '../../../src/kafka/delivery/partitioner';
import type { Delivery } from '../../../src/kafka/delivery/pending-record';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../../kafka-broker';
import { until } from '../../until';
import { outboxOn } from '../test-outbox';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
});
after(() => broker.stop());

test('outbox: 3,000 records -> each once, byte for byte, in order, at the reported offset', async () => {
  const topic = await freshTopic(broker.brokers, 'outbox', 3);
  const { outbox, end } = outboxOn(broker.brokers);
  const sent = Array.from({ length: 3000 }, (_, index) => ({
    value: Buffer.from(`${index}:${'é🏀'.repeat(index % 50)}`),
    key: index % 3 === 0 ? undefined : `key-${index % 17}`,
    timestamp: 1_500_000_000_000 + index,
    headers: index % 100 === 0 ? { index: String(index) } : undefined,
  }));
  const answers = await Promise.all(sent.map((fields) => outbox.send(topic, fields)));
  await end();

  const read = await readTopic(broker.brokers, topic, sent.length, 30_000);
  assert.equal(read.length, sent.length);
  const at = new Map(read.map((record) => [`${record.partition}/${record.offset}`, record]));
  sent.forEach((fields, index) => {
    const answer = answers[index] as Delivery;
    const record = at.get(`${answer.partition}/${answer.offset}`);
    assert.deepEqual(record?.value, fields.value);
    assert.equal(record?.key?.toString(), fields.key);
    assert.equal(Number(record?.timestamp), fields.timestamp);
    if (fields.key) assert.equal(answer.partition, partitionOf(Buffer.from(fields.key), 3));
  });
  for (const partition of [0, 1, 2]) {
    const numbers = read
      .filter((record) => record.partition === partition)
      .sort((a, b) => Number(a.offset) - Number(b.offset))
      .map((record) => Number.parseInt(String(record.value), 10));
    assert.ok(numbers.length > 0);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
      `order in partition ${partition}`,
    );
  }
});

test('outbox: record too large in a batch -> fails alone; tombstone and gzip are written', async () => {
  for (const idempotent of [true, false]) {
    const topic = await freshTopic(broker.brokers, 'too-large');
    const { outbox, end } = outboxOn(broker.brokers, { idempotent, compression: 'gzip' });
    // Random bytes do not compress.
    const tooLarge = Buffer.from(Array.from({ length: 1_200_000 }, () => Math.floor(Math.random() * 256)));
    const values = ['a', 'b', tooLarge, 'c', null, 'd'];
    const answers = await Promise.allSettled(values.map((value) => outbox.send(topic, { value })));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.equal((answers[2] as PromiseRejectedResult).reason.key, 'record-too-large');
    const { in: all, acked, failed, waiting } = outbox.counters;
    assert.deepEqual({ in: all, acked, failed, waiting }, { in: 6, acked: 5, failed: 1, waiting: 0 });
    await end();
    const read = await readTopic(broker.brokers, topic, 5, 30_000);
    assert.deepEqual(
      read.map(({ value }) => value?.toString() ?? null),
      ['a', 'b', 'c', null, 'd'],
    );
  }
});

test('outbox: missing topic -> retried, then expires and is named; created where asked to', async () => {
  const topic = `late-${process.pid}-${Date.now()}`;
  const { outbox, end } = outboxOn(broker.brokers, { timeouts: { deliveryTimeout: 2000, linger: 0 } });
  await assert.rejects(outbox.send(topic, { value: 'x' }), (error: Error) => {
    assert.match(error.message, new RegExp(`${topic}.*Create topic if missing`));
    return true;
  });
  await end();

  const creating = outboxOn(broker.brokers, { creation: { partitions: 2 } });
  const answer = await creating.outbox.send(topic, { value: 'x', partition: 1 });
  assert.equal(answer.partition, 1);
  await creating.end();
});

test('outbox: requested partition that does not exist -> partition-missing', async () => {
  const topic = await freshTopic(broker.brokers, 'partitions', 2);
  const { outbox, end } = outboxOn(broker.brokers);
  await assert.rejects(outbox.send(topic, { value: 'x', partition: 7 }), { key: 'partition-missing' });
  await end();
});

test('outbox: linger -> later records share the request', async () => {
  const topic = await freshTopic(broker.brokers, 'linger');
  const { outbox, end } = outboxOn(broker.brokers, { timeouts: { deliveryTimeout: 60_000, linger: 300 } });
  const first = outbox.send(topic, { value: 'first' });
  await new Promise((resolve) => setImmediate(resolve));
  const second = outbox.send(topic, { value: 'second' });
  const [a, b] = await Promise.all([first, second]);
  assert.deepEqual([a.offset, b.offset], ['0', '1']);
  await end();
});

test('outbox: memory limit -> the newest record fails, the others stay pending', async () => {
  const { outbox, end } = outboxOn('127.0.0.1:1', { memoryLimit: 10_000 });
  const answers = Array.from({ length: 12 }, () => outbox.send('any', { value: 'x'.repeat(1000) }));
  const settled = Promise.allSettled(answers);
  await assert.rejects(answers[11] as Promise<Delivery>, { key: 'memory-full' });
  assert.ok(outbox.counters.waitingBytes <= 10_000);
  const waiting = outbox.counters.waiting;
  assert.ok(waiting >= 9);
  assert.equal(await end(10), waiting);
  const reasons = (await settled).map((answer) => (answer as PromiseRejectedResult).reason.key);
  assert.equal(reasons.filter((key) => key === 'closed-before-ack').length, waiting);
  const { in: all, acked, failed } = outbox.counters;
  assert.deepEqual([all, acked, failed], [12, 0, 12]);
});

test('outbox: record after close -> closing, no topic opened', async () => {
  const { outbox, end } = outboxOn(broker.brokers);
  await end();
  await assert.rejects(outbox.send('any', { value: 'x' }), { key: 'closing' });
  assert.equal(outbox.counters.waiting, 0);
});

test('outbox: server that does not speak Kafka -> not-kafka, no connection left', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { outbox, end } = outboxOn(`127.0.0.1:${port}`);
  outbox.open('any');
  await until(() => outbox.health.state === 'failing', 'a failing health');
  assert.equal((outbox.health as { problem: { key: string } }).problem.key, 'not-kafka');
  await end();
  await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
});

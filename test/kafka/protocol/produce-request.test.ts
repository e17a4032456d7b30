import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import theirs from 'kafkajs/src/protocol/requests/produce/v7/request';
import { createClient } from '../../../src/kafka/connection/client';
import { Sockets } from '../../../src/kafka/connection/sockets';
import { encodeProduce, type ProduceFields } from '../../../src/kafka/protocol/produce-request';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../../kafka-broker';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
});
after(() => broker.stop());

const bytes = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' }).map((all) => Buffer.from(all));
const part = fc.oneof(fc.constant(null), bytes(200), bytes(9000));
const headers = fc.dictionary(fc.string(), fc.oneof(bytes(50), fc.array(bytes(50), { maxLength: 3 })), {
  maxKeys: 4,
});
// kafkajs compares timestamps as strings: they must have the same length, as all of this century have.
const timestamp = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }).map(String);
const message = fc.record({
  key: part,
  value: part,
  headers: fc.option(headers, { nil: undefined }),
  timestamp,
});
const batch = fc.record({
  partition: fc.nat(1000),
  firstSequence: fc.nat(),
  messages: fc.array(message, { minLength: 1, maxLength: 10 }),
});
const topic = fc.record({
  topic: fc.string({ minLength: 1 }),
  partitions: fc.array(batch, { minLength: 1, maxLength: 3 }),
});
const fields: fc.Arbitrary<ProduceFields> = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(),
  producerId: fc.oneof(fc.constant(undefined), fc.constant(-1), fc.bigInt(0n, 2n ** 62n).map(String)),
  producerEpoch: fc.oneof(fc.constant(undefined), fc.nat(32_767)),
  topicData: fc.array(topic, { minLength: 1, maxLength: 2 }),
});

test('encodeProduce: any request -> the same bytes as kafkajs', async () => {
  await fc.assert(
    fc.asyncProperty(fields, async (request) => {
      const { buffer } = await theirs(request).encode();
      assert.ok(encodeProduce(request).equals(buffer));
    }),
    { numRuns: 200 },
  );
});

test('a patched producer: bytes, strings, compression -> accepted by Kafka', async () => {
  const name = await freshTopic(broker.brokers, 'produce');
  const settings = {
    brokers: [broker.brokers],
    clientId: 'test',
    connectionTimeout: 5000,
    requestTimeout: 5000,
  };
  const producer = createClient(settings, new Sockets(), () => {}).producer({ idempotent: true });
  await producer.connect();
  try {
    const sent = { topic: name, acks: -1 };
    const one = { key: Buffer.from('k'), value: Buffer.from('bytes'), timestamp: '1700000000000' };
    await producer.send({
      ...sent,
      messages: [one, { ...one, key: null, headers: { h: Buffer.from('x') } }],
    });
    await producer.send({ ...sent, messages: [{ key: 'k', value: 'text' }] });
    await producer.send({ ...sent, compression: 1, messages: [{ ...one, value: Buffer.from('zipped') }] });
  } finally {
    await producer.disconnect();
  }
  const records = await readTopic(broker.brokers, name, 4);
  assert.deepEqual(
    records.map(({ value }) => value?.toString()),
    ['bytes', 'bytes', 'text', 'zipped'],
  );
});

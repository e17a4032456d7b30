import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fc from 'fast-check';
import { CompressionTypes, type Message } from 'kafkajs';
import theirs from 'kafkajs/src/protocol/requests/produce/v7/request';
import { createClient } from '../../../src/kafka/connection/client';
import { Sockets } from '../../../src/kafka/connection/sockets';
import { nullHeaderProblem } from '../../../src/kafka/delivery/kafkajs-producer';
import { classifyError } from '../../../src/kafka/errors';
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
  compression: fc.constantFrom(undefined, 0, CompressionTypes.GZIP),
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
      const ours = await encodeProduce(request, request.compression ? promisify(gzip) : undefined);
      assert.ok(ours.equals(buffer));
    }),
    { numRuns: 200 },
  );
});

test('encodeProduce: timestamps of different length -> first and last by their number', async () => {
  const messages = ['946684800000', '1764072000000'].map((timestamp) => ({
    key: null,
    value: null,
    timestamp,
  }));
  const partitions = [{ partition: 0, firstSequence: 0, messages }];
  const request = await encodeProduce({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions }] });
  const [first, last] = [27, 35].map((at) => request.readBigInt64BE(12 + 3 + 4 + 8 + at));
  assert.deepEqual([first, last], [946684800000n, 1764072000000n]);
});

test('a header that is null: kafkajs throws a TypeError -> NULL_HEADER, which rejects the record', async () => {
  const one = { key: null, value: null, timestamp: '1700000000000', headers: { h: null } };
  const partitions = [{ partition: 0, firstSequence: 0, messages: [one] }];
  const encoding = theirs({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions }] }).encode();
  const thrown = await encoding.then(
    () => undefined,
    (error: Error) => error,
  );
  const wrapped = Object.assign(new Error('wrapped'), { cause: thrown });
  const null1 = { value: 'v', headers: { h: null } } as unknown as Message;
  const null2 = { value: 'v', headers: { h: ['x', null] } } as unknown as Message;
  for (const message of [null1, null2]) {
    const { code, action } = classifyError(nullHeaderProblem(wrapped, [message]), 't');
    assert.deepEqual([code, action], ['NULL_HEADER', 'reject-record']);
  }
  assert.equal(nullHeaderProblem(wrapped, [{ value: 'v', headers: { h: 'x' } }]), undefined);
  assert.equal(nullHeaderProblem(new Error('other'), [null1]), undefined);
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

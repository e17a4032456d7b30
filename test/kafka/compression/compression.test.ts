import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { Compression } from '../../../src/kafka/compression';
import type { Codec } from '../../../src/kafka/compression/codec';
import { lz4Codec } from '../../../src/kafka/compression/lz4';
import { snappyCodec } from '../../../src/kafka/compression/snappy';
import { zstdCodec } from '../../../src/kafka/compression/zstd';
import { freshTopic, type TestBroker, testBroker } from '../../kafka-broker';
import { type Reader, readerName, readTopic, readWithKafkajs, readWithKcat } from '../../topic-reader';
import { outboxOn } from '../test-outbox';

interface Sent {
  value: Buffer | null;
  key?: string;
  headers?: Record<string, string | null | Array<string | null>>;
}

const native = { snappy: CompressionTypes.Snappy, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD };
const codecs = { snappy: snappyCodec, lz4: lz4Codec, zstd: zstdCodec };
const usable = (['snappy', 'lz4', 'zstd'] as const).filter(
  (name) => name !== 'zstd' || 'zstdCompress' in zlib,
);
const written: Compression[] = ['none', 'gzip', ...usable];
const clients: Reader[] = readerName === 'kcat' ? [readWithKcat, readWithKafkajs] : [readWithKafkajs];

const readers = CompressionCodecs as Record<number, () => Pick<Codec, 'decompress'>>;

let broker: TestBroker;
before(async () => {
  // The product registers nothing to read with: these tests do, for the consumers of their process.
  for (const name of usable) readers[native[name]] = codecs[name];
  broker = await testBroker();
});
after(() => broker.stop());

const text = Buffer.from('{"text":"오늘 경기 🏀 tonight"}\n'.repeat(6000));
const sent: Sent[] = [
  { value: Buffer.alloc(0), key: 'empty' },
  { value: Buffer.from('x') },
  { value: text, key: 'text', headers: { kind: 'tweet', language: 'ko' } },
  { value: randomBytes(200_000), headers: { kind: 'binary', none: null, some: [null, 'x', ''] } },
  { value: null, key: 'tombstone', headers: { kind: 'delete' } },
  { value: Buffer.from('last'), key: '키' },
];

async function writeAll(topic: string, compression: Compression): Promise<void> {
  const { outbox, end } = outboxOn(broker.brokers, { compression });
  await Promise.all(sent.map((record) => outbox.send(topic, record)));
  await end();
}

async function assertAllRead(topic: string, reader: Reader): Promise<void> {
  const read = await readTopic(broker.brokers, topic, sent.length, 30_000, reader);
  assert.deepEqual(
    read.map(({ value, key, headers }) => ({ value, key: key?.toString(), headers: plain(headers) })),
    sent.map(({ value, key, headers }) => ({ value, key, headers: pairsOf(headers ?? {}) })),
  );
}

const plain = (headers: [string, Buffer | null][]): Array<[string, string | null]> =>
  headers.map(([name, value]) => [name, value?.toString() ?? null]);

const pairsOf = (headers: NonNullable<Sent['headers']>): Array<[string, string | null]> =>
  Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string | null] => [name, value]),
  );

/** A topic that the broker recompresses, with Kafka's Java library. */
async function topicCompressedByBroker(compression: string): Promise<string> {
  const topic = await freshTopic(broker.brokers, `by-broker-${compression}`);
  const admin = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [
    { name: 'compression.type', value: compression },
    { name: 'retention.ms', value: '-1' },
  ];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] });
  await admin.disconnect();
  return topic;
}

for (const compression of written) {
  test(`${compression}: records -> the same bytes for each client`, async () => {
    const topic = await freshTopic(broker.brokers, `compressed-${compression}`);
    await writeAll(topic, compression);
    for (const reader of clients) await assertAllRead(topic, reader);
  });
}

for (const compression of usable) {
  test(`${compression}: recompressed by the broker -> the same bytes`, async () => {
    const other = compression === 'lz4' ? 'snappy' : 'lz4';
    const recoded = await topicCompressedByBroker(other);
    await writeAll(recoded, compression);
    for (const reader of clients) await assertAllRead(recoded, reader);

    const topic = await topicCompressedByBroker(compression);
    await writeAll(topic, 'none');
    assert.ok((await seenOnFetch(compression, topic)).compressed > 0);
    await assertAllRead(topic, readWithKafkajs);
  });

  test(`${compression}: a batch -> compressed in the topic`, async () => {
    const topic = await freshTopic(broker.brokers, `small-${compression}`);
    const { outbox, end } = outboxOn(broker.brokers, { compression });
    await outbox.send(topic, { value: text });
    await end();
    const { compressed, whole } = await seenOnFetch(compression, topic);
    assert.ok(whole > text.length);
    assert.ok(compressed > 0 && compressed < whole / 10, `${compressed} of ${whole} bytes`);
  });
}

if (readerName === 'kcat') {
  for (const compression of usable) {
    test(`${compression}: a batch of librdkafka -> its records`, async () => {
      const topic = await freshTopic(broker.brokers, `librdkafka-${compression}`);
      const args = ['-P', '-b', broker.brokers, '-t', topic, '-z', compression];
      const posts = Array.from({ length: 300 }, (_, index) => `post ${index} ${'🏀'.repeat(500)}`);
      assert.equal(spawnSync('kcat', args, { input: posts.join('\n'), timeout: 30_000 }).status, 0);
      assert.ok((await seenOnFetch(compression, topic)).compressed > 0);
      const read = await readTopic(broker.brokers, topic, posts.length, 30_000, readWithKafkajs);
      assert.deepEqual(
        read.map(({ value }) => String(value)),
        posts,
      );
    });
  }
}

/** The bytes that a kafkajs consumer of the topic decompressed: before and after. */
async function seenOnFetch(
  compression: keyof typeof native,
  topic: string,
): Promise<{ compressed: number; whole: number }> {
  const type = native[compression];
  const codec = codecs[compression]();
  const seen = { compressed: 0, whole: 0 };
  readers[type] = () => ({
    async decompress(bytes) {
      const records = await codec.decompress(bytes);
      seen.compressed += bytes.length;
      seen.whole += records.length;
      return records;
    },
  });
  const kafka = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer.run({ eachMessage: async () => resolve() }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
    readers[type] = () => codec;
  }
  return seen;
}

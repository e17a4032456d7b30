import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { startBroker } from '../../dev/kafka/broker';
import { fetchMetadata } from '../../dev/kafka/metadata';
import { commandLine } from '../../dev/kafka/orphan-processes';
import { freshTopic, readerName, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { readWithKafkajs } from '../topic-reader';

describe('broker', () => {
  it('SIGKILL and restart -> same topic, directory and port', async () => {
    const broker = await startBroker();
    try {
      const topic = await freshTopic(broker.brokers, 'kept', 2);
      const { brokers, pid = 0, dir } = broker;
      await broker.kill();
      assert.equal(broker.pid, undefined);
      assert.equal(commandLine(pid).includes(dir), false);
      await broker.start();
      assert.equal(broker.brokers, brokers);
      await withAdmin(brokers, async (admin) => {
        assert.deepEqual(await admin.listTopics(), [topic]);
      });
      await broker.pause();
      await assert.rejects(fetchMetadata(Number(brokers.split(':')[1])), /no response/);
      broker.resume();
      await fetchMetadata(Number(brokers.split(':')[1]));
    } finally {
      await broker.stop();
    }
    assert.equal(existsSync(broker.dir), false);
  });

  it('kept directory -> same port; invalid setting or second start -> error with the reason', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kept-é-'));
    const first = await startBroker({ dir });
    await assert.rejects(startBroker({ dir }), /A Kafka broker \(process \d+\) already runs in /);
    await first.stop();
    const second = await startBroker({ dir });
    await second.stop();
    assert.equal(second.brokers, first.brokers);
    const properties = { 'log.retention.hours': 'many' };
    await assert.rejects(
      startBroker({ dir, properties }),
      /^Error: The Kafka broker did not start: Invalid value many .*\. Log: .*broker\.log$/,
    );
    rmSync(dir, { recursive: true });
  });

  it('directory cannot be formatted -> error with the reason', async () => {
    const properties = { 'log.retention.hours': 'many' };
    const dir = mkdtempSync(join(tmpdir(), 'refused-'));
    await assert.rejects(
      startBroker({ dir, properties }),
      /Cannot format the Kafka directory .*: Invalid value many/,
    );
    rmSync(dir, { recursive: true });
  });

  it('port in use -> error', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await assert.rejects(startBroker({ port }), new RegExp(`Port ${port} of 127.0.0.1 is in use`));
    server.close();
  });
});

describe('test helpers', () => {
  let broker: TestBroker;

  before(async () => {
    broker = await testBroker();
  });

  after(() => broker.stop());

  it('freshTopic -> partitions as requested, no retention limit', async () => {
    const topic = await freshTopic(broker.brokers, 'fresh', 3);
    await withAdmin(broker.brokers, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      assert.equal(topics[0]?.partitions.length, 3);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: topic, configNames: ['retention.ms'] }],
      });
      assert.equal(resources[0]?.configEntries[0]?.configValue, '-1');
    });
  });

  it(`readTopic (${readerName}) -> records byte for byte`, async () => {
    const topic = await freshTopic(broker.brokers, 'bytes', 2);
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const sent = [
      { partition: 0, key: null, value: 'a "line"\n/\\ and é 🎉', timestamp: '1288834974657', headers: {} },
      { partition: 0, key: '', value: '', timestamp: '1', headers: { empty: '', commas: 'a=1,b=2\n' } },
      { partition: 1, key: 'k', value: null, timestamp: '1700000000000', headers: {} },
      { partition: 1, key: all, value: all, timestamp: '1700000000001', headers: { all, twice: ['1', '2'] } },
    ];
    const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: sent });
    await producer.disconnect();

    const bytes = (text: Buffer | string | null) => (text === null ? null : Buffer.from(text));
    const expected = sent.map(({ partition, key, value, timestamp, headers }, i) => ({
      partition,
      offset: i % 2,
      timestamp: Number(timestamp),
      key: bytes(key),
      value: bytes(value),
      headers: Object.entries(headers).flatMap(([name, given]) =>
        [given].flat().map((one) => [name, bytes(one)]),
      ),
    }));
    assert.deepEqual(await readTopic(broker.brokers, topic, 4), expected);
    assert.deepEqual(await readTopic(broker.brokers, topic, 4, 30_000, readWithKafkajs), expected);
  });

  it('readTopic: too few records -> error with both counts', async () => {
    const topic = await freshTopic(broker.brokers, 'short');
    await assert.rejects(readTopic(broker.brokers, topic, 1, 1), /has 0 of 1 records|could not read topic/);
  });
});

async function withAdmin(brokers: string, use: (admin: ReturnType<Kafka['admin']>) => Promise<void>) {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await use(admin);
  } finally {
    await admin.disconnect();
  }
}

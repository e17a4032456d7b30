import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import { backpressure } from '../../src/node-red/backpressure';
import { readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab } from './flow';

let broker: TestBroker;
const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-backpressure-'));

before(async () => {
  broker = await testBroker();
  await helper.startServer();
});
after(async () => {
  await helper.unload();
  await helper.stopServer();
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('backpressure: kafka-out is full -> the replay pauses, then resumes; no message is lost or fails', async () => {
  // The topic does not exist yet: replayed records are pending, in a twentieth of the memory they need.
  const topic = `backpressure-${process.pid}-${Date.now()}`;
  const file = join(dir, 'many.jsonl');
  const text = 'basketball '.repeat(180);
  const lines = Array.from({ length: 10_000 }, (_, index) => `{"data":{"id":"${index}","text":"${text}"}}`);
  writeFileSync(file, lines.join('\n'));
  await helper.load(
    [appNode, streamNode, clusterNode, outNode],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      {
        id: 'n-in',
        type: 'twitter-stream-in',
        source: 'replay',
        file,
        fileType: 'str',
        pace: 'max',
        format: 'text',
        wires: [['n-out'], []],
      },
      {
        id: 'n-out',
        type: 'kafka-out',
        name: 'full node',
        cluster: 'c-cluster',
        topic,
        topicType: 'str',
        value: 'payload',
        valueType: 'msg',
        memoryLimit: 1,
        wires: [[]],
      },
    ]),
  );
  const caught = new Inbox('n-caught');
  await until(() => backpressure.fullNode() === 'full node', 'the backpressure raised');

  const admin = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const read = await readTopic(broker.brokers, topic, lines.length, 60_000);
  assert.deepEqual(
    read.map(({ value }) => String(value)),
    lines,
  );
  assert.equal(backpressure.fullNode(), false);
  assert.deepEqual(caught.all, []);
});

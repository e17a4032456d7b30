import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { root } from '../../dev/paths';
import { adminRun } from '../kafka/admin/admin-run';
import { type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';

const dir = mkdtempSync(join(tmpdir(), 'admin-example-'));
let broker: TestBroker;
let nodeRed: NodeRed;

before(async () => {
  broker = await testBroker();
  const [port] = (await freePorts([undefined])) as [number];
  nodeRed = await startNodeRed({ dir, port });
});
after(async () => {
  await nodeRed?.stop();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

/** The example with its own topics and group, and debug nodes that write to the log. */
function example(unique: string): FlowNode[] {
  const text = readFileSync(join(root, 'examples', '02 - Kafka topics, lag and records.json'), 'utf8');
  const own = text
    .replaceAll('tweets, retweets', `tweets-${unique}, retweets-${unique}`)
    .replaceAll('"tweets"', `"tweets-${unique}"`)
    .replaceAll('my-group', `group-${unique}`);
  return (JSON.parse(own) as FlowNode[]).map((node) => ({
    ...node,
    ...(node.type === 'kafka-cluster' ? { brokers: broker.brokers } : {}),
    ...(node.type === 'debug' ? { console: true } : {}),
  }));
}

test('example “Kafka topics, lag and records” -> topics at start, lag alert, last records', async () => {
  const unique = `${process.pid}`;
  const flow = example(unique);
  const press = async (name: string): Promise<void> => {
    const id = flow.find((node) => node.name === name)?.id;
    const response = await fetch(`${nodeRed.url}/inject/${id}`, { method: 'POST' });
    assert.equal(response.status, 200);
  };
  await nodeRed.deploy(flow);
  await until(() => /created: true/.test(nodeRed.log()), 'the topics');
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const topic = `tweets-${unique}`;
  const messages = Array.from({ length: 1001 }, (_, n) => ({ value: `{"n":${n}}`, partition: 0 }));
  await producer.send({ topic, messages });
  await producer.disconnect();
  const admin = adminRun(broker.brokers);
  const group = `group-${unique}`;
  const options = { topics: topic, to: 'earliest', create: true };
  await admin.run('groups.resetOffsets', { target: group, options, confirm: group });
  await admin.close();
  await press('every minute');
  await until(() => /lag: 1001/.test(nodeRed.log()), 'the lag alert');
  await press('last posts');
  await until(() => /n: 1000/.test(nodeRed.log()), 'the last records');
  assert.doesNotMatch(nodeRed.log(), /debug:errors/);
});

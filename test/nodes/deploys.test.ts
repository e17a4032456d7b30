import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { startXApi } from '../../dev/x-api/server';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import classifierNode from '../../nodes/tweet-classifier/tweet-classifier';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import { closeApps } from '../../src/stream/app/app-registry';
import { KINDS } from '../../src/tweet/kinds';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { type Flow, helper, onTab, userDir } from './flow';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
  await helper.startServer();
});
afterEach(async () => {
  await helper.unload();
  await closeApps();
});
after(async () => {
  await helper.stopServer();
  await broker.stop();
});

let runtime: NodeAPI;
/** The payloads that nodes of the type "collector" received, whichever deploy started them. */
let collected: unknown[];

/** A node of another package that takes its time to close. */
function collectorNode(RED: NodeAPI): void {
  runtime = RED;
  collected = [];
  function Collector(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, _send, done) => {
      collected.push(msg.payload);
      done();
    });
    this.on('close', (done: () => void) => setTimeout(done, 300));
  }
  RED.nodes.registerType('collector', Collector);
}

const types = [collectorNode, appNode, streamNode, classifierNode, clusterNode, outNode];

/** Deploys the flow. @param whileStopping called when Node-RED is about to stop nodes */
async function deploy(flow: Flow, type: 'full' | 'nodes', whileStopping = () => {}): Promise<void> {
  runtime.events.once('flows:stopping', whileStopping);
  await helper.setFlows(onTab(flow), type);
}

const send = (id: string, msg: object): void => {
  const node = helper.getNode(id) as unknown as { send(msg: NodeMessageInFlow): void };
  node.send(msg as NodeMessageInFlow);
};
const postOf = (id: string) => ({ data: { id, text: 'basketball' } });

test('full deploy: messages on their way to tweet-classifier and kafka-out -> in Kafka, once, in order', async () => {
  const topic = await freshTopic(broker.brokers, 'deploys');
  const kafka = { type: 'kafka-out', cluster: 'c-cluster', topic, topicType: 'str', wires: [[]] };
  const flow: Flow = [
    { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
    { id: 'n-posts', type: 'helper', wires: [['n-classify']] },
    { id: 'n-classify', type: 'tweet-classifier', wires: KINDS.map(() => ['n-out']) },
    { id: 'n-values', type: 'helper', wires: [['n-other']] },
    { ...kafka, id: 'n-out', key: 'key', keyType: 'msg' },
    {
      ...kafka,
      id: 'n-other',
      key: 'topic',
      keyType: 'msg',
      value: '$string(payload)',
      valueType: 'jsonata',
    },
  ];
  await helper.load(types, onTab(flow));
  const keys: string[] = [];
  for (let at = 1; at <= 5; at++) {
    const post = `1${at}`;
    const value = `2${at}`;
    keys.push(post, value);
    await deploy(flow, 'full', () => {
      send('n-posts', { payload: postOf(post) });
      send('n-values', { payload: at, topic: value });
    });
  }
  const records = await readTopic(broker.brokers, topic, keys.length);
  const written = records.map(({ key }) => String(key));
  assert.deepEqual([...written].sort(), [...keys].sort());
  assert.deepEqual(
    written.filter((key) => key.startsWith('1')),
    ['11', '12', '13', '14', '15'],
  );
});

test('deploy of modified nodes: node after a stream closes for 300 ms -> it receives every post, no new connection', async () => {
  const sent: string[] = [];
  const x = await startXApi({
    rate: 500,
    noticeShare: 0,
    onPost: ({ id, streams }) => streams > 0 && sent.push(id),
  });
  try {
    const flow = (name: string): Flow => [
      { id: 'c-app', type: 'twitter-app', config: true, auth: 'bearer', baseUrl: x.url },
      {
        id: 'n-in',
        type: 'twitter-stream-in',
        app: 'c-app',
        rules: [{ value: 'basketball' }],
        wires: [['n-all']],
      },
      { id: 'n-all', type: 'collector', name },
    ];
    await helper.load(types, onTab(flow('')), { 'c-app': { bearerToken: 'simulated-token' } } as never);
    for (const name of ['a', 'b', 'c']) {
      const count = collected.length;
      await until(() => collected.length > count + 20, 'posts');
      await deploy(flow(name), 'nodes');
    }
    const { length } = sent;
    await until(() => collected.length > length, 'the posts of the deploys');
    const ids = collected.map((payload) => (payload as ReturnType<typeof postOf>).data.id);
    assert.deepEqual(ids, sent.slice(0, ids.length));
    assert.equal(x.connections, 1);
  } finally {
    await helper.unload();
    await x.close();
  }
});

test('deploy of modified nodes: node after a replay closes for 300 ms -> it receives every message', async () => {
  const file = join(userDir, 'deploys.jsonl');
  writeFileSync(file, Array.from({ length: 3000 }, (_, at) => `{"at":${at}}`).join('\n'));
  const flow = (name: string): Flow => [
    {
      id: 'n-in',
      type: 'twitter-stream-in',
      source: 'replay',
      file,
      fileType: 'str',
      pace: 'rate',
      rate: 3000,
      wires: [['n-all']],
    },
    { id: 'n-all', type: 'collector', name },
  ];
  await helper.load(types, onTab(flow('')));
  await until(() => collected.length > 100, 'messages');
  await deploy(flow('changed'), 'nodes');
  await until(() => collected.length >= 3000, 'all messages');
  assert.deepEqual(
    collected.map((payload) => (payload as { at: number }).at),
    Array.from({ length: 3000 }, (_, at) => at),
  );
});

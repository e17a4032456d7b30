import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type FaultProxy, startProxy } from '../../dev/faults/proxy';
import { type KafkaCluster, startCluster } from '../../dev/kafka/cluster';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import { freshTopic } from '../kafka-broker';
import { until } from '../until';
import { codeOf, helper, Inbox, type Msg, onTab, sentenceOf, statusesOf } from './flow';
import { speaking } from './server-language';

const createTopics = 19;
const deleteTopics = 20;
const metadata = 3;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// Not the shared broker: this one is killed, and behind a proxy.
let cluster: KafkaCluster;
let proxy: FaultProxy;
let direct: Admin;
before(async () => {
  proxy = await startProxy();
  cluster = await startCluster({ nodes: 1, advertised: { CLIENT: [{ port: proxy.port }] } });
  proxy.target = { host: '127.0.0.1', port: Number(cluster.brokers.split(':')[1]) };
  direct = new Kafka({ brokers: [cluster.internal], logLevel: logLevel.NOTHING }).admin();
  await helper.startServer();
});
afterEach(async () => {
  proxy.passThrough();
  await helper.unload();
});
after(async () => {
  await helper.stopServer();
  await direct.disconnect();
  await proxy.close();
  await cluster.stop();
});

async function load(timeout: number): Promise<{ done: Inbox; caught: Inbox }> {
  await helper.load(
    [clusterNode, speaking(adminNode as never, 'en-US') as never],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: proxy.address },
      {
        id: 'n-admin',
        type: 'kafka-admin',
        cluster: 'c-cluster',
        operation: 'operation',
        operationType: 'msg',
        target: 'target',
        targetType: 'msg',
        timeout,
        wires: [['n-done']],
      },
      { id: 'n-done', type: 'helper' },
    ]),
  );
  return { done: new Inbox('n-done'), caught: new Inbox('n-caught') };
}

const request = (msg: Msg): void => helper.getNode('n-admin').receive(msg as never);
const requestDelete = (topic: string): void =>
  request({ operation: 'topics.delete', target: topic, confirm: topic });

/** Sends the request and expects its error at the limit, although garbage is collected all the time. */
async function errorAtLimit(send: () => void, caught: Inbox, seconds: number): Promise<Msg> {
  const since = performance.now();
  send();
  await until(
    () => {
      collectGarbage();
      return caught.all.length > 0;
    },
    'the error at the limit',
    seconds * 1000 + 3000,
  );
  assert.ok(performance.now() - since >= seconds * 1000 - 50);
  return caught.all[0] as Msg;
}

async function topics(): Promise<string[]> {
  return direct.listTopics().catch(() => []);
}

/** The topic exists, and still does after some seconds in which a late request would have arrived. */
async function assertKept(topic: string): Promise<void> {
  await until(async () => (await topics()).includes(topic), 'the topic after the outage');
  const end = performance.now() + 4000;
  await until(async () => {
    assert.ok((await topics()).includes(topic), 'the topic was deleted after its delete had failed');
    return performance.now() > end;
  });
}

test('kafka-admin: broker down at the limit, back later -> error at the limit, topic kept', async () => {
  const topic = await freshTopic(cluster.internal, 'kept');
  const { caught } = await load(2);
  const [node = assert.fail()] = cluster.nodes;
  await node.kill();
  const error = await errorAtLimit(() => requestDelete(topic), caught, 2);
  assert.equal(codeOf(error), 'admin-timeout');
  assert.ok(statusesOf('n-admin').some((text) => text.startsWith('waiting: connection')));
  await node.start();
  await assertKept(topic);
});

test('kafka-admin: limit before the delete is sent -> error, topic kept', async () => {
  const topic = await freshTopic(cluster.internal, 'kept');
  const { caught } = await load(1);
  proxy.delay(2500, { apiKey: metadata });
  assert.equal(codeOf(await errorAtLimit(() => requestDelete(topic), caught, 1)), 'admin-timeout');
  await assertKept(topic);
  assert.equal(proxy.counts.requests[deleteTopics], undefined);
});

test('kafka-admin: limit after the delete was sent -> the error says that it may be carried out', async () => {
  const topic = await freshTopic(cluster.internal, 'doubt');
  const { caught } = await load(1);
  proxy.delay(2500, { apiKey: deleteTopics });
  const error = await errorAtLimit(() => requestDelete(topic), caught, 1);
  assert.equal(codeOf(error), 'admin-timeout-in-doubt');
  assert.match(sentenceOf(error), new RegExp(`“${topic}”`));
  await until(async () => !(await topics()).includes(topic), 'the delete, carried out late');
});

test('kafka-admin: answer to a delete lost -> the retry reports it as deleted', async () => {
  const topic = await freshTopic(cluster.internal, 'lost');
  const { done } = await load(20);
  const faults = proxy.counts.faults;
  proxy.cutBeforeResponse({ apiKey: deleteTopics });
  requestDelete(topic);
  await until(() => proxy.counts.faults > faults, 'the answer to be lost');
  proxy.passThrough();
  const { deleted, topics: described } = (await done.next()).payload as {
    deleted: boolean;
    topics: Msg[];
  };
  assert.deepEqual([deleted, described.length], [true, 1]);
});

test('kafka-admin: limit at the second of two topics -> the error names the one that is done', async () => {
  const [one, two] = ['one', 'two'].map((name) => `${name}-${process.pid}`);
  const { caught } = await load(1);
  // Both are validated, then created.
  proxy.delay(2500, { apiKey: createTopics, every: 4 });
  const ensure = (): void => request({ operation: 'topics.ensure', target: `${one},${two}` });
  const error = await errorAtLimit(ensure, caught, 1);
  assert.equal(codeOf(error), 'admin-timeout-in-doubt');
  assert.match(sentenceOf(error), new RegExp(`“${two}”.*done before that: ${one}\\)`));
});

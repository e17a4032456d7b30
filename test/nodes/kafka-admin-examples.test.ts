import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import {
  OPERATIONS,
  type Operation,
  type OperationSchema,
  operationSchemas,
} from '../../src/kafka/admin/operations';
import { adminRun } from '../kafka/admin/admin-run';
import { kafkaTool } from '../kafka/admin/kafka-tools';
import { until } from '../until';
import { helper, type Msg, sentenceOf } from './flow';
import { differences, examplesIn } from './help-examples';
import { type Inboxes, loadOnCluster } from './kafka-flow';

interface Request {
  operation: Operation;
  target?: string;
  options?: object;
}

const examples = examplesIn('kafka-admin', 'en-US').map(({ message, answer }) => ({
  request: message as unknown as Request,
  answer,
}));

let broker: Broker;
let inboxes: Inboxes;

before(async () => {
  broker = await startBroker({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  });
  const admin = adminRun(broker.brokers);
  const options = { partitions: 2, configs: { 'retention.ms': '-1' } };
  await admin.run('topics.ensure', { target: 'tweets,retweets', options });
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const old = { key: '0', value: '{}', timestamp: '1000' };
  const messages = [old, { key: '1', value: '{"text": "hello"}' }];
  await producer.send({ topic: 'tweets', messages: messages.map((one) => ({ ...one, partition: 0 })) });
  await producer.disconnect();
  const reset = { topics: 'tweets', to: 'latest', create: true };
  await admin.run('groups.resetOffsets', { target: 'billing', options: reset, confirm: 'billing' });
  const acl = { resource: 'topic', name: 'tweets', operations: 'read' };
  await admin.run('acls.create', { target: 'User:alice', options: acl, confirm: 'User:alice' });
  await admin.close();
  await helper.startServer();
  const read = { operationType: 'msg', targetType: 'msg', optionsType: 'msg' };
  inboxes = await loadOnCluster([clusterNode, adminNode], broker.brokers, {
    ...{ id: 'n-admin', type: 'kafka-admin', cluster: 'c-cluster', wires: [['n-acked']] },
    ...{ operation: 'operation', target: 'target', options: 'options', ...read },
  });
});
after(async () => {
  await helper.unload();
  await helper.stopServer();
  await broker?.stop();
});

async function answerTo(request: object): Promise<Msg> {
  const { acked, caught } = inboxes;
  const before = acked.all.length;
  helper.getNode('n-admin').receive(request as never);
  await until(() => acked.all.length > before || caught.all.length > 0, 'an answer');
  assert.deepEqual(caught.all.map(sentenceOf), []);
  return acked.next();
}

test('help: each operation has an example, the same in both languages', () => {
  assert.deepEqual(examples.map(({ request }) => request.operation).sort(), [...OPERATIONS].sort());
  assert.deepEqual(examplesIn('kafka-admin', 'ko'), examplesIn('kafka-admin', 'en-US'));
});

for (const { request, answer } of examples) {
  test(`help: example of ${request.operation} -> has what the cluster answers`, async () => {
    const { payload, topic } = await answerTo({ ...request, topic: 'kept' });
    assert.deepEqual(differences(payload, answer), []);
    assert.equal(topic, 'kept');
  });
}

/** The cluster as Kafka's own tools see it. */
async function toldByTools(): Promise<string[]> {
  const { brokers } = broker;
  const told = [
    await kafkaTool('TopicCommand', brokers, '--describe'),
    await kafkaTool('GetOffsetShell', brokers, '--time', '-2'),
    await kafkaTool('ConsumerGroupCommand', brokers, '--describe', '--all-groups'),
    await kafkaTool('AclCommand', brokers, '--list'),
    await kafkaTool('ConfigCommand', brokers, '--describe', '--entity-type', 'brokers', '--entity-default'),
  ];
  // The order of topics and ACLs differs from run to run.
  return told.map((text) => text.split('\n').sort().join('\n'));
}

test('destructive operations: unconfirmed, a wrong name, another’s name, dryRun -> dry runs; the tools see no change', async () => {
  const before = await toldByTools();
  const destructive = examples.filter(({ request: { operation } }) => {
    const schema: OperationSchema = operationSchemas[operation];
    return schema.destructive;
  });
  assert.equal(destructive.length, 10);
  for (const { request } of destructive) {
    const { target, options } = request;
    for (const more of [
      {},
      ...[`${target}x`, 'retweets', true, [target], ''].map((confirm) => ({ confirm })),
      { confirm: target, options: { ...options, dryRun: true } },
    ]) {
      if ('confirm' in more && more.confirm === target && !('options' in more)) continue;
      const answer = (await answerTo({ ...request, ...more })).payload as { dryRun: boolean };
      assert.deepEqual([Object.keys(answer)[0], answer.dryRun], ['dryRun', true], JSON.stringify(more));
    }
  }
  assert.deepEqual(await toldByTools(), before);
});

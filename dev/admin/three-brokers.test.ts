import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import type { ClusterDescription } from '../../src/kafka/admin/cluster/describe-cluster';
import type { GroupLag } from '../../src/kafka/admin/groups/group-lag';
import type { TopicOffsets } from '../../src/kafka/admin/offsets/list-offsets';
import type { Operation } from '../../src/kafka/admin/operations';
import type { TopicDescription } from '../../src/kafka/admin/topics/describe-topics';
import { BrokerRequests } from '../../src/kafka/connection/broker-requests';
import { type AdminRun, adminRun } from '../../test/kafka/admin/admin-run';
import { kafkaTool } from '../../test/kafka/admin/kafka-tools';
import { until } from '../../test/until';
import { startCluster } from '../kafka/cluster';

type Cluster = Awaited<ReturnType<typeof startCluster>>;

const topics = Array.from({ length: 20 }, (_, at) => `wide-${String(at).padStart(2, '0')}`);
const partitionsEach = 100;
const replicated = 'replicated';

let cluster: Cluster;
let admin: AdminRun;
let sent: string[] = [];
const { send } = BrokerRequests.prototype;

before(async () => {
  cluster = await startCluster({});
  admin = adminRun(cluster.brokers);
  BrokerRequests.prototype.send = function count(request, broker) {
    sent.push(request.name);
    return send.call(this, request, broker) as never;
  };
  const wide = { partitions: partitionsEach, replicationFactor: 1 };
  await admin.run('topics.ensure', { target: topics, options: wide });
  const three = { partitions: 6, replicationFactor: 3 };
  await admin.run('topics.ensure', { target: replicated, options: three });
  const kafka = new Kafka({ brokers: cluster.brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  for (const topic of [topics[0] as string, replicated]) {
    await producer.send({ topic, messages: Array.from({ length: 30 }, (_, n) => ({ value: `${n}` })) });
  }
  await producer.disconnect();
  const options = { topics: replicated, to: 'earliest', create: true };
  await admin.run('groups.resetOffsets', { target: 'readers', options, confirm: 'readers' });
});
after(async () => {
  BrokerRequests.prototype.send = send;
  await admin?.close();
  await cluster?.stop();
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => {
  sent = [];
  return admin.run(operation, more);
};

test('2,000 partitions -> as TopicCommand and GetOffsetShell, with a few requests per broker', async () => {
  const described = await run<TopicDescription[]>('topics.describe', { target: topics });
  assert.equal(described.length, topics.length);
  assert.deepEqual(sent.sort(), [
    'DescribeConfigs',
    'DescribeLogDirs',
    'DescribeLogDirs',
    'DescribeLogDirs',
    'Metadata',
  ]);
  const told = await kafkaTool('TopicCommand', cluster.brokers, '--describe', '--topic', 'wide-.*');
  const rows = [
    ...told.matchAll(/Topic: (\S+)\tPartition: (\d+)\tLeader: (\d+)\tReplicas: (\S+)\tIsr: (\S+)/g),
  ];
  assert.deepEqual(
    described.flatMap(({ topic, partitions }) =>
      partitions.map((one) => [
        topic,
        `${one.partition}`,
        `${one.leader}`,
        one.replicas.join(),
        one.isr.join(),
      ]),
    ),
    rows
      .map(([, ...cells]) => cells)
      .sort(([a = '', x], [b = '', y]) => (a === b ? Number(x) - Number(y) : a < b ? -1 : 1)),
  );
  const offsets = await run<TopicOffsets[]>('offsets.list', { target: topics });
  assert.equal(sent.filter((name) => name === 'ListOffsets').length, 9);
  const shell = (await kafkaTool('GetOffsetShell', cluster.brokers, '--topic', 'wide-.*')).trim().split('\n');
  assert.deepEqual(
    offsets
      .flatMap(({ topic, partitions }) => partitions.map((one) => `${topic}:${one.partition}:${one.latest}`))
      .sort(),
    shell.sort(),
  );
});

test('a paused broker -> the error names it, within the time limit', async () => {
  // Its partitions have no other leader before its session ends.
  const [node] = cluster.nodes;
  const address = cluster.brokers.split(',')[0] as string;
  const quick = adminRun(cluster.brokers, { requestTimeout: 1000 }, 2500);
  // It is connected to all brokers.
  await quick.run('offsets.list', { target: topics });
  await node?.pause();
  try {
    await assert.rejects(quick.run('offsets.list', { target: topics }), (error) => {
      assert.match((error as Error).message, new RegExp(address.replace('.', '\\.')));
      return true;
    });
    await quick.close();
  } finally {
    node?.resume();
  }
});

test('one of three brokers killed -> leaders, offline replicas, groups and brokers as the tools see them', async () => {
  const [node] = cluster.nodes;
  await node?.kill();
  await until(async () => {
    const [topic] = await run<TopicDescription[]>('topics.describe', { target: replicated });
    return topic?.partitions.every(
      ({ offlineReplicas, leader }) => offlineReplicas.length === 1 && leader > 0,
    );
  }, 'the others to lead');
  const [topic] = await run<TopicDescription[]>('topics.describe', { target: replicated });
  const told = await kafkaTool(
    'TopicCommand',
    cluster.brokers,
    '--describe',
    '--under-replicated-partitions',
    '--topic',
    replicated,
  );
  assert.equal(topic?.underReplicated, [...told.matchAll(/Partition: /g)].length);
  assert.equal(topic?.underReplicated, 6);
  const wide = await run<TopicDescription[]>('topics.describe', { target: topics });
  const offline = await kafkaTool(
    'TopicCommand',
    cluster.brokers,
    '--describe',
    '--unavailable-partitions',
    '--topic',
    'wide-.*',
  );
  assert.equal(
    wide.reduce((sum, one) => sum + one.offline, 0),
    [...offline.matchAll(/Partition: /g)].length,
  );
  const quick = adminRun(cluster.brokers, {}, 2500);
  await assert.rejects(quick.run('offsets.list', { target: topics }), {
    key: 'admin-timeout',
    message: /Partition \d+ of “wide-\d\d” currently has no leader/,
  });
  await quick.close();
  assert.ok((await run<string[]>('topics.list')).includes(replicated));
  const [lag] = await run<GroupLag[]>('groups.lag', { target: 'readers' });
  assert.equal(lag?.lag, 30);
  const { brokers, controller } = await run<ClusterDescription>('cluster.describe');
  assert.equal(brokers.length, 2);
  assert.ok(brokers.some(({ broker }) => broker === controller));
  await node?.start();
  await until(async () => {
    const [again] = await run<TopicDescription[]>('topics.describe', { target: replicated });
    return again?.underReplicated === 0;
  }, 'the replicas to be in sync');
});

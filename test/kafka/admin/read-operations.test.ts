import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import type { ClusterDescription } from '../../../src/kafka/admin/cluster/describe-cluster';
import type { ResourceConfigs } from '../../../src/kafka/admin/configs/describe-configs';
import type { TopicOffsets } from '../../../src/kafka/admin/offsets/list-offsets';
import type { Operation } from '../../../src/kafka/admin/operations';
import type { TopicDescription } from '../../../src/kafka/admin/topics/describe-topics';
import { type TestBroker, testBroker } from '../../kafka-broker';
import { type AdminRun, adminRun } from './admin-run';
import { kafkaTool } from './kafka-tools';

const unique = `${process.pid}-${Date.now()}`;
const topic = `read-${unique}`;
const empty = `read-empty-${unique}`;
const times = [1_000_000, 2_000_000, 3_000_000];

let broker: TestBroker;
let admin: AdminRun;

before(async () => {
  broker = await testBroker();
  admin = adminRun(broker.brokers);
  const options = { partitions: 2, configs: { 'retention.ms': -1, 'cleanup.policy': 'delete' } };
  await run('topics.ensure', { target: topic, options });
  await run('topics.ensure', { target: empty, options: { partitions: 1 } });
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const messages = times.map((time) => ({ value: 'x', partition: 1, timestamp: String(time) }));
  await producer.send({ topic, messages });
  await producer.disconnect();
});
after(async () => {
  await run('topics.delete', { target: [topic, empty], confirm: `${topic},${empty}` }).catch(() => {});
  await admin?.close();
  await broker?.stop();
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => admin.run(operation, more);

test('topics.describe -> as TopicCommand and LogDirsCommand; in the order of the target', async () => {
  const described = await run<TopicDescription[]>('topics.describe', { target: [topic, empty] });
  assert.deepEqual(
    described.map((one) => one.topic),
    [topic, empty],
  );
  const [first, second] = described;
  assert.ok(first && second);
  const [{ size }] = JSON.parse(
    (await kafkaTool('LogDirsCommand', broker.brokers, '--describe', '--topic-list', topic))
      .split('\n')
      .find((line) => line.startsWith('{')) ?? '',
  ).brokers[0].logDirs[0].partitions.filter(
    ({ partition }: { partition: string }) => partition === `${topic}-1`,
  );
  assert.ok(size > 0);
  const { partitions, ...rest } = first;
  assert.deepEqual(rest, {
    ...{ topic, internal: false, replicationFactor: 1, minIsr: 1, underReplicated: 0, offline: 0 },
    ...{ underMinIsr: 0, bytes: size, configs: { 'cleanup.policy': 'delete', 'retention.ms': '-1' } },
  });
  const ok = { offlineReplicas: [], underReplicated: false, offline: false, underMinIsr: false };
  const id = partitions[0]?.leader;
  assert.deepEqual(partitions, [
    { partition: 0, leader: id, replicas: [id], isr: [id], ...ok, bytes: 0 },
    { partition: 1, leader: id, replicas: [id], isr: [id], ...ok, bytes: size },
  ]);
  assert.deepEqual(second.configs, {});
});

test('topics.list -> without the internal ones unless asked for; a topic of the user with "__" is none', async () => {
  const own = `__own-${unique}`;
  const group = `read-${unique}`;
  await run('topics.ensure', { target: own });
  // The first group of a cluster makes __consumer_offsets.
  const options = { topics: [topic], to: 'earliest', create: true };
  await run('groups.resetOffsets', { target: group, options, confirm: group });
  try {
    const all = (await kafkaTool('TopicCommand', broker.brokers, '--list')).trim().split('\n');
    const listed = await run<string[]>('topics.list', { options: { internal: true } });
    for (const name of [own, topic, '__consumer_offsets']) {
      assert.ok(all.includes(name) && listed.includes(name), name);
    }
    const without = await run<string[]>('topics.list');
    assert.ok(without.includes(own) && !without.includes('__consumer_offsets'));
    assert.deepEqual(without, [...without].sort());
  } finally {
    await run('topics.delete', { target: own, confirm: own });
    await run('groups.delete', { target: group, confirm: group });
  }
});

test('topics.ensure -> differences of configs; a dry run validates, and creates nothing', async () => {
  const configs = { 'retention.ms': 5, 'max.message.bytes': 1_000_000, nonsense: 1 };
  const [existing] = await run<object[]>('topics.ensure', {
    target: topic,
    options: { partitions: 3, configs },
  });
  assert.deepEqual(existing, {
    ...{ topic, dryRun: false, created: false, partitions: 2, replicationFactor: 1 },
    differences: [
      'partitions: 2, not 3',
      'retention.ms: -1, not 5',
      'max.message.bytes: 1048588, not 1000000',
      'nonsense: none, not 1',
    ],
  });
  const missing = `missing-${unique}`;
  const replicas = [
    [(await run<TopicDescription[]>('topics.describe', { target: topic }))[0]?.partitions[0]?.leader],
  ];
  assert.deepEqual(await run('topics.ensure', { target: missing, options: { replicas, dryRun: true } }), [
    { topic: missing, dryRun: true, created: false, partitions: 1, replicationFactor: 1, differences: [] },
  ]);
  assert.ok(!(await run<string[]>('topics.list')).includes(missing));
  for (const [options, key, words] of [
    [{ replicationFactor: 9, dryRun: true }, 'admin-failed', /9.*registered.*INVALID_REPLICATION_FACTOR/],
    [{ configs: { 'retention.ms': 'soon' } }, 'config-rejected', /retention\.ms/],
  ] as const) {
    await assert.rejects(run('topics.ensure', { target: missing, options }), (error) => {
      assert.equal((error as { key: string }).key, key);
      assert.match((error as Error).message, words);
      return true;
    });
  }
});

test('offsets.list -> as GetOffsetShell; the newest record, and the first one since a time', async () => {
  const [offsets] = await run<TopicOffsets[]>('offsets.list', {
    target: topic,
    options: { time: times[1] },
  });
  const shell = async (time: string): Promise<string[]> =>
    (await kafkaTool('GetOffsetShell', broker.brokers, '--topic', topic, '--time', time)).trim().split('\n');
  const lines = (name: 'earliest' | 'latest'): string[] =>
    (offsets?.partitions ?? []).map((one) => `${topic}:${one.partition}:${one[name]}`);
  assert.deepEqual(await shell('-1'), lines('latest'));
  assert.deepEqual(await shell('-2'), lines('earliest'));
  assert.deepEqual(offsets, {
    topic,
    records: 3,
    partitions: [
      { partition: 0, earliest: '0', latest: '0', records: 0, newest: null, atTime: null },
      {
        ...{ partition: 1, earliest: '0', latest: '3', records: 3 },
        newest: { offset: '2', timestamp: times[2] },
        atTime: '1',
      },
    ],
  });
  const [since] = await run<TopicOffsets[]>('offsets.list', { target: topic, options: { age: '1 h' } });
  assert.equal(since?.partitions[1]?.atTime, null);
});

test('configs.describe -> as ConfigCommand: topics, one broker, all brokers', async () => {
  const [described] = await run<ResourceConfigs[]>('configs.describe', { target: topic });
  assert.deepEqual(
    described?.configs.filter(({ source }) => source === 'topic').map(({ name, value }) => [name, value]),
    [
      ['cleanup.policy', 'delete'],
      ['retention.ms', '-1'],
    ],
  );
  const [all] = await run<ResourceConfigs[]>('configs.describe', { target: topic, options: { all: true } });
  const told = await kafkaTool(
    'ConfigCommand',
    broker.brokers,
    ...['--describe', '--all', '--entity-type', 'topics', '--entity-name', topic],
  );
  const names = [...told.matchAll(/^ {2}([\w.]+)=/gm)].map(([, name]) => name).sort();
  assert.ok(names.length > 20);
  assert.deepEqual(
    all?.configs.map(({ name }) => name),
    names,
  );
  const id = (await run<ClusterDescription>('cluster.describe')).brokers[0]?.broker;
  const options = { resource: 'broker' };
  const [own, cluster] = await run<ResourceConfigs[]>('configs.describe', {
    target: `${id}, default`,
    options,
  });
  const fixed = own?.configs.find(({ name }) => name === 'node.id');
  assert.deepEqual([fixed?.value, fixed?.source, fixed?.readOnly], [String(id), 'file', true]);
  assert.ok(cluster?.configs.every(({ source }) => source === 'cluster'));
  await assert.rejects(run('configs.describe', { target: '99', options }), { key: 'broker-not-found' });
});

test('cluster.describe -> id, release, controller, features, folders', async () => {
  const cluster = await run<ClusterDescription>('cluster.describe');
  const told = await kafkaTool('ClusterTool', broker.brokers, 'cluster-id');
  assert.equal(cluster.version, '4.3');
  assert.equal(cluster.controller, cluster.brokers[0]?.broker);
  assert.deepEqual(cluster.quorum?.voters, [cluster.controller]);
  assert.equal(cluster.features?.['metadata.version'], 30);
  assert.equal(/Cluster ID: ([\w-]{22})/.exec(told)?.[1], cluster.clusterId);
  const [folder] = cluster.brokers[0]?.folders ?? [];
  assert.ok(
    folder && folder.bytes > 0 && Number(folder.free) > 0 && Number(folder.total) > Number(folder.free),
  );
  assert.equal(folder.error, null);
});

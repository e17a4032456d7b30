import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CompressionTypes } from 'kafkajs';
import type { Acl } from '../../src/kafka/admin/acls/acls';
import type { ClusterDescription } from '../../src/kafka/admin/cluster/describe-cluster';
import type { ResourceConfigs } from '../../src/kafka/admin/configs/describe-configs';
import { OPERATIONS, operationSchemas } from '../../src/kafka/admin/operations';
import type { Peeked } from '../../src/kafka/admin/records/peek';
import type { TopicDescription } from '../../src/kafka/admin/topics/describe-topics';
import { Problem } from '../../src/util/problem';
import { testGroups } from './groups-of-release';
import { ReleaseUnderTest, releases } from './releases';

const topic = 'posts';
const alice = 'User:alice';

for (const release of releases) {
  const { kafka, version, features, minIsrSource } = release;

  describe(`Kafka ${kafka}`, () => {
    let tested: ReleaseUnderTest;
    let run: ReleaseUnderTest['run'];
    let change: ReleaseUnderTest['change'];

    before(async () => {
      tested = await ReleaseUnderTest.start(release);
      run = tested.run.bind(tested);
      change = tested.change.bind(tested);
    });
    after(() => tested?.stop());

    it('cluster.describe -> release, features, controllers, folders with the sizes of their volumes', async () => {
      const { clusterId, brokers, ...rest } = await run<ClusterDescription>('cluster.describe');
      const quorum = { leader: 1, voters: [1], observers: [] };
      assert.deepEqual(rest, { controller: 1, version, features, quorum });
      assert.equal(clusterId?.length, 22);
      const [{ total, free } = { total: 0, free: 0 }] = brokers[0]?.folders ?? [];
      assert.ok(Number(free) > 0 && Number(total) > Number(free));
      const port = Number(tested.broker.brokers.split(':')[1]);
      const folders = [{ path: `${tested.broker.dir}/data`, bytes: 0, total, free, error: null }];
      assert.deepEqual(brokers, [{ broker: 1, host: '127.0.0.1', port, rack: null, version, folders }]);
    });

    it('topics.ensure, topics.list -> a topic, once; a config that the release lacks: config-rejected', async () => {
      const options = { partitions: 2, configs: { 'retention.ms': -1 } };
      const planned = { topic, dryRun: true, created: false, partitions: 2, differences: [] };
      assert.deepEqual(await run('topics.ensure', topic, { ...options, dryRun: true }), [
        { ...planned, replicationFactor: null },
      ]);
      assert.deepEqual(await run('topics.list', '', { internal: true }), []);
      const ensured = { ...planned, dryRun: false, replicationFactor: 1 };
      assert.deepEqual(await run('topics.ensure', topic, options), [{ ...ensured, created: true }]);
      assert.deepEqual(await run('topics.ensure', topic, { ...options, partitions: 3 }), [
        { ...ensured, differences: ['partitions: 2, not 3'] },
      ]);
      assert.deepEqual(await run('topics.list'), [topic]);
      const configs = { 'remote.log.copy.disable': false };
      const other = run('topics.ensure', 'other', { configs, dryRun: true });
      if (release.hasRemoteCopy) await other;
      else {
        const reason = 'Unknown topic config name: remote.log.copy.disable';
        const message = `Kafka rejected the configs for “other”: ${reason}`;
        await assert.rejects(other, { key: 'config-rejected', message });
      }
    });

    it('topics.describe, offsets.list -> sizes, configs, offsets; also of the newest record', async () => {
      await tested.producer.send({ topic, messages: messages(), compression: CompressionTypes.GZIP });
      const row = (latest: string, newest: object, atTime: string | null): object => ({
        ...{ earliest: '0', latest, records: Number(latest), newest, atTime },
      });
      const partitions = [
        { partition: 0, ...row('1', { offset: '0', timestamp: 1000 }, null) },
        { partition: 1, ...row('3', { offset: '2', timestamp: 4000 }, '1') },
      ];
      assert.deepEqual(await run('offsets.list', topic, { time: 3000 }), [{ topic, records: 4, partitions }]);
      const [described] = await run<TopicDescription[]>('topics.describe', topic);
      const sizes = sizesOf(described);
      assert.ok(sizes.length === 2 && sizes.every((size) => size > 0));
      assert.deepEqual(described, describedTopic(sizes, { 'retention.ms': '-1' }));
    });

    it('configs.describe, configs.change -> of a topic, a broker, all brokers', async () => {
      const common = { readOnly: false, sensitive: false };
      const configs = [
        { name: 'min.insync.replicas', value: '1', source: minIsrSource, ...common },
        { name: 'retention.ms', value: '-1', source: 'topic', ...common },
      ];
      assert.deepEqual(await run('configs.describe', topic), [{ resource: 'topic', name: topic, configs }]);
      const row = (config: string, values: string[]): object => ({
        ...{ resource: 'topic', name: topic, config, before: values[0], after: values[1] },
      });
      const compacted = ['delete', 'delete,compact'];
      await change(
        'configs.change',
        topic,
        { set: { 'max.message.bytes': 5000 }, append: { 'cleanup.policy': 'compact' } },
        { changes: [row('max.message.bytes', ['1048588', '5000']), row('cleanup.policy', compacted)] },
      );
      const back = { unset: 'max.message.bytes', subtract: { 'cleanup.policy': 'compact' } };
      assert.deepEqual(await run('configs.change', topic, back, topic), {
        dryRun: false,
        changes: [row('max.message.bytes', ['5000', '1048588']), row('cleanup.policy', compacted.reverse())],
      });
      const invalid = run('configs.change', topic, { set: { 'retention.ms': 'soon' } });
      await assert.rejects(invalid, { key: 'config-rejected', message: /soon .*retention\.ms/ });
      for (const [target, source, value] of [
        ['default', 'cluster', '1500000'],
        ['1', 'broker', '2000000'],
      ] as const) {
        const name = 'message.max.bytes';
        await run('configs.change', target, { resource: 'broker', set: { [name]: value } }, target);
        const [described] = await run<ResourceConfigs[]>('configs.describe', target, { resource: 'broker' });
        const found = described?.configs.find((config) => config.name === name);
        assert.deepEqual(found, { name, value, source, ...common });
      }
    });

    testGroups(release, topic, () => tested);

    it('records.peek -> what kafkajs wrote: gzip, headers, a committed and an aborted transaction', async () => {
      const transactional = { transactionalId: 't', maxInFlightRequests: 1, idempotent: true };
      const producer = tested.kafka.producer(transactional);
      await producer.connect();
      for (const end of ['abort', 'commit'] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value: end, partition: 0, timestamp: '9000' }] });
        await transaction[end]();
      }
      await producer.disconnect();
      const committed = { key: null, value: 'commit', headers: {}, bytes: 6 };
      const [first, ...others] = messages().map(({ key, headers, partition }, n) => ({
        ...{ partition, offset: String(Math.max(n - 1, 0)), timestamp: 1000 * (n + 1) },
        ...{ key, value: { n }, headers, bytes: 11 },
      }));
      assert.deepEqual(await run('records.peek', topic, { format: 'json' }), {
        ...{ topic, stopped: 'end' },
        records: [first, { partition: 0, offset: '3', timestamp: 9000, ...committed }, ...others],
        partitions: [
          { partition: 0, earliest: '0', latest: '5', next: '5' },
          { partition: 1, earliest: '0', latest: '3', next: '3' },
        ],
      });
      const last = await run<Peeked>('records.peek', topic, { last: 2, partitions: 1 });
      const keys = last.records.map(({ key }) => key);
      assert.deepEqual(keys, ['k3', 'k2']);
    });

    it('acls.create, acls.list, acls.delete -> ACLs', async () => {
      const acl = (operation: string): Acl => ({
        ...{ principal: alice, host: '*', operation, permission: 'allow', resource: 'topic', name: topic },
        pattern: 'literal',
      });
      const options = { resource: 'topic', name: topic, operations: 'read, write' };
      await change('acls.create', alice, options, { acls: [acl('read'), acl('write')] });
      await tested.untilAnswers('acls.list', '', [acl('read'), acl('write')]);
      await change('acls.delete', alice, { operations: 'read' }, { acls: [acl('read')] });
      await tested.untilAnswers('acls.list', alice, [acl('write')]);
    });

    it('topics.addPartitions, records.delete, topics.empty, topics.delete -> as their dry runs say', async () => {
      const configs = { 'retention.ms': '-1', 'cleanup.policy': 'delete' };
      const sizes = sizesOf((await run<TopicDescription[]>('topics.describe', topic))[0]);
      const more = { topics: [{ topic, before: 2, after: 3 }], warnings: [new Problem('keys-move').message] };
      await change('topics.addPartitions', topic, { partitions: 3 }, more);
      await tested.untilAnswers('topics.describe', topic, [describedTopic([...sizes, 0], configs)]);
      const deletion = (records: number, ...ends: Array<[number, number]>): object => {
        const partitions = ends.map(([from, to], partition) => ({
          ...{ partition, before: String(from), after: String(to), records: to - from },
        }));
        return { topics: [{ topic, records, partitions }] };
      };
      const older = { time: 3000, partitions: [0, 1] };
      await change('records.delete', topic, older, deletion(2, [0, 1], [0, 1]));
      await change('topics.empty', topic, {}, deletion(6, [1, 5], [1, 3], [0, 0]));
      await change('topics.delete', topic, {}, { topics: await run('topics.describe', topic) });
      await tested.untilAnswers('topics.list', '', []);
    });

    it('all operations -> were run; destructive ones first as a dry run', () => {
      for (const operation of OPERATIONS) {
        const [plan, run] = [tested.done.indexOf(`${operation}?`), tested.done.indexOf(operation)];
        assert.ok(run >= 0, operation);
        if ('destructive' in operationSchemas[operation]) assert.ok(plan >= 0 && plan < run, operation);
      }
    });
  });
}

/** One for partition 0, three for partition 1. */
const messages = () =>
  [0, 1, 2, 3].map((n) => ({
    ...{ key: `k${n}`, value: `{"n":${n}}`, headers: { h: 'x' }, partition: Math.min(n, 1) },
    timestamp: String(1000 * (n + 1)),
  }));

const sizesOf = (described: TopicDescription | undefined): number[] =>
  described?.partitions.map(({ bytes }) => Number(bytes)) ?? [];

/** The topic with partitions of these sizes, on the one broker. */
function describedTopic(sizes: number[], configs: Record<string, string>): TopicDescription {
  const own = { leader: 1, replicas: [1], isr: [1], offlineReplicas: [] };
  const healthy = { underReplicated: false, offline: false, underMinIsr: false };
  return {
    ...{ topic, internal: false, replicationFactor: 1, minIsr: 1, underReplicated: 0, offline: 0 },
    ...{ underMinIsr: 0, bytes: sizes.reduce((sum, size) => sum + size, 0), configs },
    partitions: sizes.map((bytes, partition) => ({ partition, ...own, ...healthy, bytes })),
  };
}

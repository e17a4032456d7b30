import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ResourceConfigs } from '../../../src/kafka/admin/configs/describe-configs';
import type { TopicOffsets } from '../../../src/kafka/admin/offsets/list-offsets';
import type { Operation } from '../../../src/kafka/admin/operations';
import { freshTopic } from '../../kafka-broker';
import { type AdminSetup, setUpAdmin } from './admin-run';
import { kafkaTool } from './kafka-tools';

let setup: AdminSetup;
let topic: string;

before(async () => {
  setup = await setUpAdmin();
});
after(async () => {
  await setup?.close();
});
beforeEach(async () => {
  topic = await freshTopic(setup.broker.brokers, 'change', 2);
  const messages = [1, 2, 3, 4].map((n) => ({ value: 'x', partition: 1, timestamp: String(n * 1000) }));
  await setup.producer.send({ topic, messages });
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => setup.run(operation, more);

/** The first offsets, as Kafka's tool prints them. */
const firstOffsets = async (): Promise<string[]> =>
  (await kafkaTool('GetOffsetShell', setup.broker.brokers, '--topic', topic, '--time', '-2'))
    .trim()
    .split('\n');

test('destructive operations: not confirmed, another name, dryRun -> a dry run; the tools see no change', async () => {
  const requests: Array<[Operation, object]> = [
    ['topics.addPartitions', { partitions: 3 }],
    ['topics.empty', {}],
    ['records.delete', { offset: 2, partitions: '1' }],
    ['configs.change', { set: { 'retention.ms': 1000 } }],
    ['topics.delete', {}],
  ];
  for (const [operation, options] of requests) {
    for (const more of [
      { options },
      { options, confirm: `${topic}x` },
      { options: { ...options, dryRun: true }, confirm: topic },
      { options: { ...options, dryRun: true }, confirm: true },
    ]) {
      const answer = await run<object>(operation, { target: topic, ...more });
      assert.equal(Object.keys(answer)[0], 'dryRun');
      assert.equal((answer as { dryRun: boolean }).dryRun, true, operation);
    }
  }
  const described = await kafkaTool('TopicCommand', setup.broker.brokers, '--describe', '--topic', topic);
  assert.match(described, /PartitionCount: 2.*retention\.ms=-1/);
  assert.deepEqual(await firstOffsets(), [`${topic}:0:0`, `${topic}:1:0`]);
});

test('topics.addPartitions -> more; fewer are an error; as many change nothing', async () => {
  const add = (partitions: number): Promise<unknown> =>
    run('topics.addPartitions', { target: topic, options: { partitions }, confirm: topic });
  assert.deepEqual(await add(2), { dryRun: false, topics: [{ topic, before: 2, after: 2 }], warnings: [] });
  const { warnings, ...rest } = (await add(5)) as { warnings: string[] };
  assert.deepEqual(rest, { dryRun: false, topics: [{ topic, before: 2, after: 5 }] });
  assert.match(warnings[0] ?? '', /another partition/);
  assert.match(
    await kafkaTool('TopicCommand', setup.broker.brokers, '--describe', '--topic', topic),
    /PartitionCount: 5/,
  );
  await assert.rejects(add(4), { key: 'partitions-decrease' });
  await assert.rejects(run('topics.addPartitions', { target: topic }), { key: 'option-missing' });
});

test('topics.empty -> no records, the same ends; a compacted topic is an error, compact,delete is not', async () => {
  const answer = await run('topics.empty', { target: topic, confirm: topic });
  assert.deepEqual(answer, {
    dryRun: false,
    topics: [
      {
        ...{ topic, records: 4 },
        partitions: [
          { partition: 0, before: '0', after: '0', records: 0 },
          { partition: 1, before: '0', after: '4', records: 4 },
        ],
      },
    ],
  });
  assert.deepEqual(await firstOffsets(), [`${topic}:0:0`, `${topic}:1:4`]);
  const policy = (value: string): Promise<unknown> =>
    run('configs.change', { target: topic, options: { set: { 'cleanup.policy': value } }, confirm: topic });
  await policy('compact');
  await assert.rejects(run('topics.empty', { target: topic }), { key: 'records-compacted' });
  await policy('compact,delete');
  assert.equal(
    (await run<{ dryRun: boolean }>('topics.empty', { target: topic, confirm: topic })).dryRun,
    false,
  );
});

test('records.delete: offset, offsets, time, age, one partition -> what is older goes', async () => {
  const deleted = async (options: object): Promise<string[]> => {
    await run('records.delete', { target: topic, options, confirm: topic });
    return firstOffsets();
  };
  assert.deepEqual(await deleted({ offset: '1', partitions: [1] }), [`${topic}:0:0`, `${topic}:1:1`]);
  assert.deepEqual(await deleted({ time: 3000 }), [`${topic}:0:0`, `${topic}:1:2`]);
  assert.deepEqual(await deleted({ offsets: { 1: 3 } }), [`${topic}:0:0`, `${topic}:1:3`]);
  assert.deepEqual(await deleted({ age: '1 h' }), [`${topic}:0:0`, `${topic}:1:4`]);
  for (const [options, key] of [
    [{ offset: 9, partitions: '1' }, 'offset-out-of-range'],
    [{ offsets: { 7: '0' } }, 'partition-not-found'],
    [{}, 'option-missing'],
    [{ offset: 1, time: 1 }, 'option-invalid'],
    [{ offset: -1 }, 'option-invalid'],
  ] as const) {
    await assert.rejects(run('records.delete', { target: topic, options }), { key });
  }
  await assert.rejects(run('records.delete', { target: `${topic},b`, options: { offset: 1 } }), {
    key: 'target-one',
  });
});

test('configs.change -> before and after; what is so already is no change; unset is read back', async () => {
  const change = (options: object): Promise<{ changes: unknown[] }> =>
    run('configs.change', { target: topic, options, confirm: topic });
  const row = (config: string, before: string | null, after: string | null): object => ({
    ...{ resource: 'topic', name: topic, config, before, after },
  });
  assert.deepEqual((await change({ set: { 'retention.ms': -1 } })).changes, []);
  assert.deepEqual(
    (await change({ set: { 'retention.ms': 100_000 }, unset: ['max.message.bytes'] })).changes,
    [row('retention.ms', '-1', '100000')],
  );
  assert.deepEqual((await change({ append: { 'cleanup.policy': ['compact'] } })).changes, [
    row('cleanup.policy', 'delete', 'delete,compact'),
  ]);
  assert.deepEqual((await change({ subtract: { 'cleanup.policy': 'delete' } })).changes, [
    row('cleanup.policy', 'delete,compact', 'compact'),
  ]);
  const told = await kafkaTool(
    'ConfigCommand',
    setup.broker.brokers,
    ...['--describe', '--entity-type', 'topics', '--entity-name', topic],
  );
  assert.match(told, /retention\.ms=100000 /);
  assert.match(told, /cleanup\.policy=compact /);
  const other = await freshTopic(setup.broker.brokers, 'other');
  await run('configs.change', { target: other, options: { unset: 'retention.ms' }, confirm: other });
  const [all] = await run<ResourceConfigs[]>('configs.describe', { target: other, options: { all: true } });
  const defaults = all?.configs.find(({ name }) => name === 'retention.ms');
  assert.notEqual(defaults?.source, 'topic');
  const unset = row('retention.ms', '100000', defaults?.value ?? '');
  // Kafka tells what it is only afterwards where log.retention.hours is set.
  assert.deepEqual((await change({ unset: 'retention.ms', dryRun: true })).changes, [
    { ...unset, after: null },
  ]);
  assert.deepEqual((await change({ unset: 'retention.ms' })).changes, [unset]);
  await change({ set: { 'max.message.bytes': 5000 } });
  for (const dryRun of [true, false]) {
    const { changes } = await change({ unset: 'max.message.bytes', dryRun });
    assert.deepEqual(changes, [row('max.message.bytes', '5000', '1048588')]);
  }
  const [described] = await run<ResourceConfigs[]>('configs.describe', { target: topic });
  assert.equal(
    described?.configs.some(({ name }) => name === 'retention.ms'),
    false,
  );
  for (const [target, options, key, words] of [
    [topic, { set: { 'retention.ms': 'soon' } }, 'config-rejected', /retention\.ms/],
    [topic, { set: { nonsense: 1 } }, 'config-rejected', /nonsense/],
    ...['1', 'default', '1,default'].map(
      (brokers) =>
        [
          brokers,
          { resource: 'broker', set: { 'auto.create.topics.enable': false } },
          'config-read-only',
          /^auto\.create\.topics\.enable is read-only at run time\. Set it in the broker's server\.properties/,
        ] as const,
    ),
  ] as const) {
    await assert.rejects(run('configs.change', { target, options }), (error) => {
      assert.equal((error as { key: string }).key, key);
      assert.match((error as Error).message, words);
      return true;
    });
  }
});

test('several targets, one invalid -> an error, and nothing is changed', async () => {
  const target = [topic, `no-${topic}`];
  for (const [operation, options] of [
    ['topics.empty', {}],
    ['topics.delete', {}],
    ['topics.addPartitions', { partitions: 4 }],
    ['configs.change', { set: { 'retention.ms': 5 } }],
  ] as Array<[Operation, object]>) {
    await assert.rejects(run(operation, { target, options, confirm: target.join(',') }), {
      key: 'topic-not-found',
    });
  }
  const [offsets] = await run<TopicOffsets[]>('offsets.list', { target: topic });
  assert.deepEqual([offsets?.records, offsets?.partitions.length], [4, 2]);
});

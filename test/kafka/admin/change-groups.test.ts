import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Consumer } from 'kafkajs';
import type { GroupLag } from '../../../src/kafka/admin/groups/group-lag';
import type { GroupListing } from '../../../src/kafka/admin/groups/known-groups';
import type { Operation } from '../../../src/kafka/admin/operations';
import { freshTopic } from '../../kafka-broker';
import { until } from '../../until';
import { type AdminSetup, setUpAdmin } from './admin-run';
import { kafkaTool, startTool, tableOf } from './kafka-tools';

let setup: AdminSetup;
let topic: string;
let group: string;

before(async () => {
  setup = await setUpAdmin();
});
after(async () => {
  await setup?.close();
});
beforeEach(async () => {
  topic = await freshTopic(setup.broker.brokers, 'moved', 2);
  group = `group of ${topic}`;
  const messages = [1, 2, 3, 4].map((n) => ({ value: 'x', partition: 1, timestamp: String(n * 1000) }));
  await setup.producer.send({ topic, messages });
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => setup.run(operation, more);
const reset = (options: object, confirm: unknown = group): Promise<unknown> =>
  run('groups.resetOffsets', { target: group, options, confirm });

/** What the group has committed, as Kafka's tool prints it. */
async function committed(): Promise<string[]> {
  const text = await kafkaTool('ConsumerGroupCommand', setup.broker.brokers, '--describe', '--group', group);
  return tableOf(text.replaceAll(group, 'the-group'))
    .filter(({ TOPIC }) => TOPIC === topic)
    .map((row) => `${row.PARTITION}:${row['CURRENT-OFFSET']}:${row.LAG}`)
    .sort();
}

async function reading(): Promise<Consumer> {
  const consumer = setup.kafka.consumer({ groupId: group });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  await until(async () => {
    const [lag] = await run<GroupLag[]>('groups.lag', { target: group }).catch(() => []);
    return lag?.lag === 0 && lag.partitions.length === 2;
  }, 'the group to read');
  return consumer;
}

test('groups.resetOffsets: a group that does not exist -> only with create; then a dry run changes nothing', async () => {
  await assert.rejects(reset({ topics: [topic], to: 'earliest' }), { key: 'group-not-found' });
  const row = (partition: number, before: string | null, after: string, lag: number): object => ({
    ...{ topic, partition, before, after, lag },
  });
  const created = { topics: topic, to: 'latest', create: true };
  assert.deepEqual(await reset(created, false), {
    ...{ dryRun: true, group },
    partitions: [row(0, null, '0', 0), row(1, null, '4', 0)],
  });
  await assert.rejects(run('groups.lag', { target: group }), { key: 'group-not-found' });
  assert.deepEqual(await reset(created), {
    ...{ dryRun: false, group },
    partitions: [row(0, null, '0', 0), row(1, null, '4', 0)],
  });
  assert.deepEqual(await committed(), ['0:0:0', '1:4:0']);
  const listed = await run<GroupListing[]>('groups.list', { options: { states: 'empty' } });
  assert.equal(listed.find((one) => one.group === group)?.type, 'classic');
});

test('groups.resetOffsets: to, offset, time, age, shift, offsets -> as the tool then reports; beyond an end: the end', async () => {
  await reset({ topics: [topic], to: 'latest', create: true });
  for (const [options, expected] of [
    [{ to: 'earliest' }, ['0:0:0', '1:0:4']],
    [{ offset: '3' }, ['0:0:0', '1:3:1']],
    [{ shift: -2 }, ['0:0:0', '1:1:3']],
    [{ time: 3000 }, ['0:0:0', '1:2:2']],
    [{ age: '1 h' }, ['0:0:0', '1:4:0']],
    [{ shift: '-99' }, ['0:0:0', '1:0:4']],
    [{ offsets: { [topic]: { 1: '99' } } }, ['0:0:0', '1:4:0']],
  ] as const) {
    await reset(options);
    assert.deepEqual(await committed(), expected, JSON.stringify(options));
  }
});

test('groups.resetOffsets: a Java consumer that would begin at the end -> reads from the offset', async () => {
  const read = async (count: number): Promise<string[]> => {
    const text = await kafkaTool(
      'ConsoleConsumer',
      setup.broker.brokers,
      ...['--topic', topic, '--group', group, '--max-messages', String(count)],
      ...['--command-property', 'auto.offset.reset=latest', '--formatter-property', 'print.offset=true'],
    );
    return [...text.matchAll(/Offset:(\d+)/g)].map(([, offset = '']) => offset);
  };
  await reset({ topics: topic, to: 'earliest', create: true });
  assert.deepEqual(await read(4), ['0', '1', '2', '3']);
  await reset({ time: 3000 });
  assert.deepEqual(await read(2), ['2', '3']);
});

test('groups with members -> group-active, group-subscribed; without -> deleted', async () => {
  const consumer = await reading();
  await assert.rejects(reset({ to: 'earliest' }), { key: 'group-active' });
  await assert.rejects(run('groups.delete', { target: group, confirm: group }), { key: 'group-active' });
  await assert.rejects(run('groups.deleteOffsets', { target: group, confirm: group }), {
    key: 'group-subscribed',
  });
  await consumer.disconnect();
  const partitions = [
    { topic, partition: 0, before: '0' },
    { topic, partition: 1, before: '4' },
  ];
  await until(async () => {
    const [lag] = await run<GroupLag[]>('groups.lag', { target: group });
    return lag?.state === 'Empty';
  }, 'the group to be empty');
  const committedRows = (await run<GroupLag[]>('groups.lag', { target: group }))[0]?.partitions.filter(
    (one) => one.committed !== null,
  );
  const deletable = partitions.filter(({ partition }) =>
    committedRows?.some((one) => one.partition === partition),
  );
  assert.deepEqual(await run('groups.deleteOffsets', { target: group }), {
    ...{ dryRun: true, group, partitions: deletable },
  });
  assert.equal((await committed()).length, deletable.length);
  await run('groups.deleteOffsets', { target: group, confirm: group });
  assert.deepEqual(
    (await run<GroupLag[]>('groups.lag', { target: group }).catch(() => []))[0]?.partitions ?? [],
    [],
  );
});

test('groups.delete -> gone, also for the tools; a dry run deletes nothing', async () => {
  await reset({ topics: [topic], to: 'latest', create: true });
  const answer = { groups: [{ group, type: 'classic', state: 'Empty', offsets: 2 }] };
  assert.deepEqual(await run('groups.delete', { target: group, confirm: 'another' }), {
    ...{ dryRun: true, deleted: false, ...answer },
  });
  assert.match(await kafkaTool('ConsumerGroupCommand', setup.broker.brokers, '--list'), new RegExp(group));
  assert.deepEqual(await run('groups.delete', { target: [group], confirm: group }), {
    ...{ dryRun: false, deleted: true, ...answer },
  });
  assert.doesNotMatch(
    await kafkaTool('ConsumerGroupCommand', setup.broker.brokers, '--list'),
    new RegExp(group),
  );
});

test('group of the new protocol -> reset keeps its type', async () => {
  const reader = await startTool(
    'ConsoleConsumer',
    setup.broker.brokers,
    ...[
      '--topic',
      topic,
      '--group',
      group,
      '--from-beginning',
      '--command-property',
      'group.protocol=consumer',
    ],
  );
  const typeOf = async (): Promise<GroupListing | undefined> =>
    (await run<GroupListing[]>('groups.list')).find((one) => one.group === group);
  try {
    await until(async () => (await typeOf())?.state === 'Stable', 'the group to read');
    await assert.rejects(reset({ to: 'earliest', topics: [topic] }), { key: 'group-active' });
  } finally {
    await reader.end();
  }
  await until(async () => (await typeOf())?.state === 'Empty', 'the group to be empty', 90_000);
  await reset({ to: 'earliest', topics: [topic] });
  assert.deepEqual([(await typeOf())?.type, await committed()], ['consumer', ['0:0:0', '1:0:4']]);
});

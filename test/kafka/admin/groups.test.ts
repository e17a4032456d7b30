import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Consumer } from 'kafkajs';
import type { GroupDescription } from '../../../src/kafka/admin/groups/describe-groups';
import type { GroupLag } from '../../../src/kafka/admin/groups/group-lag';
import type { GroupListing } from '../../../src/kafka/admin/groups/known-groups';
import type { Operation } from '../../../src/kafka/admin/operations';
import { freshTopic } from '../../kafka-broker';
import { until } from '../../until';
import { type AdminSetup, setUpAdmin } from './admin-run';
import { kafkaTool, startTool, tableOf } from './kafka-tools';

const unique = `${process.pid}-${Date.now()}`;
const classic = `classic, with a comma ${unique}`;

let topic: string;
let setup: AdminSetup;
let consumer: Consumer;

before(async () => {
  setup = await setUpAdmin();
  topic = await freshTopic(setup.broker.brokers, 'groups', 2);
  await setup.producer.send({ topic, messages: [{ value: 'x', partition: 1 }] });
  consumer = setup.kafka.consumer({ groupId: classic });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
});
after(async () => {
  await consumer?.disconnect();
  await setup?.close();
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => setup.run(operation, more);

async function lagOf(group: string): Promise<GroupLag> {
  const [lag] = await run<GroupLag[]>('groups.lag', { target: group });
  assert.ok(lag);
  return lag;
}

test('groups.lag, groups.describe -> as ConsumerGroupCommand, for a name with commas', async () => {
  await setup.producer.send({ topic, messages: [{ value: 'y', partition: 0 }] });
  let lag: GroupLag | undefined;
  await until(
    async () => {
      lag = await lagOf(classic);
      return lag.lag === 0 && lag.partitions.every(({ committed }) => committed !== null);
    },
    'both partitions to be committed',
    30_000,
  );
  const rows = tableOf(
    await kafkaTool('ConsumerGroupCommand', setup.broker.brokers, '--describe', '--group', classic).then(
      (text) =>
        // The tool's columns are separated by spaces, and so are the words of the name.
        text.replaceAll(classic, 'the-group'),
    ),
  );
  assert.deepEqual(
    lag?.partitions.map((one) => [
      `${one.partition}`,
      one.committed,
      one.latest,
      `${one.lag}`,
      one.member,
      one.host,
    ]),
    rows.map((row) => [
      row.PARTITION,
      row['CURRENT-OFFSET'],
      row['LOG-END-OFFSET'],
      row.LAG,
      row['CONSUMER-ID'],
      row.HOST,
    ]),
  );
  const [described] = await run<GroupDescription[]>('groups.describe', { target: classic });
  assert.deepEqual(
    [described?.type, described?.protocol, described?.state, described?.assignor, described?.members.length],
    ['classic', 'consumer', 'Stable', 'RoundRobinAssigner', 1],
  );
  assert.deepEqual(described?.members[0]?.topics, [{ topic, partitions: [0, 1] }]);
  await assert.rejects(run('groups.lag', { target: `no-${unique}` }), { key: 'group-not-found' });
});

test('groups.lag: nothing committed -> null, and not counted; a deleted topic -> no longer listed', async () => {
  const group = `silent-${unique}`;
  const gone = await freshTopic(setup.broker.brokers, 'gone');
  const silent = setup.kafka.consumer({ groupId: group });
  await silent.connect();
  await silent.subscribe({ topics: [topic] });
  await silent.run({ autoCommit: false, eachMessage: async () => {} });
  try {
    await until(async () => (await lagOf(group).catch(() => undefined))?.state === 'Stable', 'it to read');
    const { lag, partitions } = await lagOf(group);
    assert.deepEqual(
      [lag, partitions.map((one) => [one.committed, one.lag])],
      [
        0,
        [
          [null, null],
          [null, null],
        ],
      ],
    );
    assert.ok(partitions.every(({ latest, member }) => latest !== null && member !== null));
  } finally {
    await silent.disconnect();
  }
  const options = { topics: [topic, gone], to: 'earliest', create: true };
  const other = `other-${unique}`;
  await run('groups.resetOffsets', { target: other, options, confirm: other });
  const count = async (): Promise<number> =>
    (await lagOf(other)).partitions.filter((one) => one.topic === gone).length;
  assert.equal(await count(), 1);
  await run('topics.delete', { target: gone, confirm: gone });
  await until(async () => {
    const { partitions } = await lagOf(other);
    const left = partitions.filter((one) => one.topic === gone);
    for (const { latest, lag } of left) assert.deepEqual([latest, lag], [null, null]);
    return left.length === 0;
  }, 'Kafka to forget the offsets of a deleted topic');
});

test('groups of the new protocol and share groups -> their type, members and lag', async () => {
  const [modern, share] = [`modern-${unique}`, `share-${unique}`];
  const readers = await Promise.all([
    startTool(
      'ConsoleConsumer',
      setup.broker.brokers,
      ...['--topic', topic, '--group', modern, '--from-beginning'],
      ...['--command-property', 'group.protocol=consumer'],
    ),
    startTool('ConsoleShareConsumer', setup.broker.brokers, '--topic', topic, '--group', share),
  ]);
  try {
    let described: GroupDescription[] = [];
    await until(async () => {
      const target = [modern, share];
      described = await run<GroupDescription[]>('groups.describe', { target }).catch(() => []);
      return described.length === 2 && described.every(({ members }) => members.length === 1);
    }, 'both to read');
    assert.deepEqual(
      described.map(({ group, type, state }) => [group, type, state]),
      [
        [modern, 'consumer', 'Stable'],
        [share, 'share', 'Stable'],
      ],
    );
    assert.deepEqual(described[0]?.members[0]?.topics, [{ topic, partitions: [0, 1] }]);
    const listed = await run<GroupListing[]>('groups.list', { options: { types: 'consumer,share' } });
    assert.deepEqual(
      listed.filter(({ group }) => group.endsWith(unique)).map(({ group, type }) => [group, type]),
      [
        [modern, 'consumer'],
        [share, 'share'],
      ],
    );
    const told = tableOf(await kafkaTool('GroupsCommand', setup.broker.brokers, '--list'));
    assert.equal(told.find(({ GROUP }) => GROUP === share)?.TYPE, 'Share');
    await assert.rejects(run('groups.lag', { target: share }), { key: 'group-type-unsupported' });
    assert.ok((await lagOf(modern)).partitions.every(({ member }) => member !== null));
  } finally {
    await Promise.all(readers.map((reader) => reader.end()));
  }
});

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { after, afterEach, before, test } from 'node:test';
import { answerTable } from '../../nodes/kafka-admin/answer-table';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import { freshTopic, type TestBroker, testBroker } from '../kafka-broker';
import { helper } from './flow';
import { loadOnCluster } from './kafka-flow';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  await helper.stopServer();
  await broker.stop();
});

const load = (): Promise<unknown> =>
  loadOnCluster([clusterNode, adminNode], broker.brokers, {
    id: 'n-admin',
    type: 'kafka-admin',
    cluster: 'c-cluster',
  });

interface Answer {
  answer?: { dryRun?: boolean; deleted?: boolean };
  problem?: { key: string };
  text?: string;
}
const press = async (fields: object): Promise<Answer> => {
  const request = { cluster: 'c-cluster', target: '', options: {}, ...fields };
  return (await helper.request().post('/kafka-admin/run').send(request).expect(200)).body as Answer;
};

const infoLevel = 40;
const logged = (): string[] =>
  helper
    .log()
    .args.map(([entry]) => entry as { level: number; msg: unknown })
    .filter(({ level, msg }) => level === infoLevel && String(msg).startsWith('kafka-admin: '))
    .map(({ msg }) => String(msg));

test('Run now: the answer; a destructive operation is a dry run until the name is typed; each run is logged', async () => {
  await load();
  const topic = await freshTopic(broker.brokers, 'run');
  const deletion = { operation: 'topics.delete', target: topic };
  for (const confirm of [undefined, true, `${topic}x`]) {
    const { answer } = await press({ ...deletion, confirm });
    assert.deepEqual([answer?.dryRun, answer?.deleted], [true, false]);
  }
  const { answer } = await press({ ...deletion, confirm: topic });
  assert.deepEqual([answer?.dryRun, answer?.deleted], [false, true]);
  assert.equal(logged()[0], `kafka-admin: anonymous ran topics.delete ${topic} (dry run)`);
  assert.equal(logged().at(-1), `kafka-admin: anonymous ran topics.delete ${topic}`);
});

test('Run now: invalid, unknown, not deployed -> the sentence', async () => {
  await load();
  for (const [fields, key] of [
    [{ operation: 'topics.describe', target: 'no-such-topic' }, 'topic-not-found'],
    [{ operation: 'topics.list', options: { all: true } }, 'option-unknown'],
    [{ operation: 'topics.list', cluster: 'gone' }, 'run-not-deployed'],
    [{ operation: 'topics.list', cluster: 'n-admin' }, 'run-not-deployed'],
    [{ operation: {} }, 'operation-unknown'],
  ] as const) {
    const { problem, text } = await press(fields);
    assert.equal(problem?.key, key);
    assert.ok(text);
  }
});

test('Run now: needs the permission to change the node', () => {
  const guarded: Record<string, string> = {};
  adminNode({
    nodes: { registerType: () => {} },
    events: new EventEmitter(),
    auth: { needsPermission: (permission: string) => permission },
    httpAdmin: { post: (path: string, permission: string) => Object.assign(guarded, { [path]: permission }) },
  } as never);
  assert.deepEqual(guarded, { '/kafka-admin/run': 'kafka-admin.write' });
});

test('answer as a table: lists of names, rows of partitions, facts, Buffers, markup as it is', () => {
  assert.deepEqual(answerTable(['a', 'b']), { facts: [], columns: [''], rows: [['a'], ['b']] });
  const partitions = [
    { partition: 0, replicas: [1, 2], lag: null },
    { partition: 1, replicas: [2, 1], lag: 3 },
  ];
  assert.deepEqual(answerTable([{ topic: '<b>', lag: 3, partitions }]), {
    facts: [],
    columns: ['topic', 'lag', 'partition', 'replicas', 'partitions.lag'],
    rows: [
      ['<b>', '3', '0', '1, 2', '–'],
      ['<b>', '3', '1', '2, 1', '3'],
    ],
  });
  const value = { type: 'Buffer', data: [255] };
  assert.deepEqual(answerTable({ dryRun: true, stopped: 'end', records: [{ value }] }), {
    facts: [
      ['dryRun', 'true'],
      ['stopped', 'end'],
    ],
    columns: ['value'],
    rows: [['{"type":"Buffer","data":[255]}']],
  });
  assert.deepEqual(answerTable({ dryRun: false, acls: [] }).rows, []);
});

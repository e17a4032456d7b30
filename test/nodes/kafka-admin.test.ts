import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import { adminRun } from '../kafka/admin/admin-run';
import { type TestBroker, testBroker } from '../kafka-broker';
import { codeOf, type Flow, helper, type Msg, sentenceOf } from './flow';
import { type Inboxes, loadOnCluster } from './kafka-flow';

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

const load = (node: Record<string, unknown>, brokers = broker.brokers, more: Flow = []): Promise<Inboxes> =>
  loadOnCluster([clusterNode, adminNode], brokers, node, more);

/** Creates a topic, unless it exists. */
async function ensureTopic(topic: string): Promise<void> {
  const admin = adminRun(broker.brokers);
  await admin.run('topics.ensure', { target: topic });
  await admin.close();
}

const receive = (msg: Msg, id = 'n-admin'): void => helper.getNode(id).receive(msg as never);

test('kafka-admin: ensure twice, describe, list; delete -> only when confirmed', async () => {
  const topic = `admin-${process.pid}-${Date.now()}`;
  const admin = {
    id: 'n-admin',
    type: 'kafka-admin',
    cluster: 'c-cluster',
    operation: 'operation',
    operationType: 'msg',
    target: 'target',
    targetType: 'msg',
    options: 'options',
    optionsType: 'msg',
    wires: [['n-acked']],
  };
  const { acked, caught } = await load(admin);
  const request = async (msg: Msg): Promise<unknown> => {
    receive(msg, 'n-admin');
    return (await acked.next()).payload;
  };
  const options = { partitions: 2 };
  const ensured = { topic, dryRun: false, partitions: 2, replicationFactor: 1, differences: [] };
  assert.deepEqual(await request({ operation: 'topics.ensure', target: topic, options }), [
    { ...ensured, created: true },
  ]);
  assert.deepEqual(await request({ operation: 'topics.ensure', target: [topic], options }), [
    { ...ensured, created: false },
  ]);
  const [described] = (await request({ operation: 'topics.describe', target: topic })) as Array<
    Record<string, unknown>
  >;
  assert.equal(described?.underReplicated, 0);
  assert.equal((described as { partitions: unknown[] }).partitions.length, 2);
  assert.ok(((await request({ operation: 'topics.list' })) as string[]).includes(topic));
  const dry = (await request({ operation: 'topics.delete', target: topic })) as Record<string, unknown>;
  assert.deepEqual([dry.deleted, dry.dryRun], [false, true]);
  assert.ok(((await request({ operation: 'topics.list' })) as string[]).includes(topic));
  const other = (await request({
    operation: 'topics.delete',
    target: topic,
    confirm: 'another',
  })) as typeof dry;
  assert.deepEqual([other.deleted, other.dryRun], [false, true]);
  const deleted = (await request({
    operation: 'topics.delete',
    target: topic,
    confirm: ` ${topic}, `,
  })) as Record<string, unknown>;
  assert.equal(deleted.deleted, true);
  assert.ok(!((await request({ operation: 'topics.list' })) as string[]).includes(topic));

  for (const [msg, code] of [
    [{ operation: 'topics.explode' }, 'operation-unknown'],
    [{}, 'operation-none'],
    [{ operation: 'topics.ensure' }, 'target-none'],
    [{ operation: 'topics.ensure', target: 'no spaces' }, 'topic-invalid'],
    [{ operation: 'topics.ensure', target: 5 }, 'target-invalid'],
    [{ operation: 'topics.ensure', target: 'x', options: { partitions: -1 } }, 'option-invalid'],
    [{ operation: 'topics.ensure', target: 'x', options: { replicationFactor: 9 } }, 'admin-failed'],
    [{ operation: 'topics.describe', target: `no-${topic}` }, 'topic-not-found'],
  ] as Array<[Msg, string]>) {
    receive(msg, 'n-admin');
    assert.equal(codeOf(await caught.next()), code);
  }
});

test('kafka-admin: Confirm box -> applies only where operation and target are fixed in the dialog; dryRun overrides', async () => {
  const topic = `box-${process.pid}-${Date.now()}`;
  const msg = { operation: 'topics.delete', target: topic };
  const inDialog = (name: 'operation' | 'target') => ({ [name]: msg[name], [`${name}Type`]: 'str' });
  const inMessage = (name: string) => ({ [name]: name, [`${name}Type`]: 'msg' });
  for (const [fields, options, dryRun] of [
    [{ ...inMessage('operation'), ...inDialog('target') }, {}, true],
    [{ ...inDialog('operation'), ...inMessage('target') }, {}, true],
    [{ ...inDialog('operation'), ...inDialog('target') }, { dryRun: true }, true],
    [{ ...inDialog('operation'), ...inDialog('target') }, {}, false],
  ] as const) {
    await ensureTopic(topic);
    const { acked } = await load({
      ...{ id: 'n-admin', type: 'kafka-admin', cluster: 'c-cluster', wires: [['n-acked']] },
      ...{ confirm: true, options: 'options', optionsType: 'msg', ...fields },
    });
    receive({ ...msg, options });
    const { payload } = await acked.next();
    assert.deepEqual(
      [(payload as { dryRun: boolean }).dryRun, (payload as { deleted: boolean }).deleted],
      [dryRun, !dryRun],
    );
    await helper.unload();
  }
});

test('kafka-admin: unreachable brokers -> one error after the timeout', async () => {
  const admin = {
    id: 'n-admin',
    type: 'kafka-admin',
    cluster: 'c-cluster',
    operation: 'topics.list',
    operationType: 'str',
    timeout: 1,
    wires: [['n-acked']],
  };
  const { caught } = await load(admin, '127.0.0.1:1');
  receive({ payload: 'go' }, 'n-admin');
  const error = await caught.next();
  assert.equal(codeOf(error), 'admin-timeout');
  assert.match(sentenceOf(error), /127\.0\.0\.1:1/);
});

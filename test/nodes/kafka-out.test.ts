import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { codeOf, type Flow, helper, type Msg, sentenceOf, statusesOf } from './flow';
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

const outDefaults = {
  id: 'n-out',
  type: 'kafka-out',
  cluster: 'c-cluster',
  topicType: 'str',
  key: 'key',
  keyType: 'msg',
  value: 'payload',
  valueType: 'msg',
  timestamp: 'timestamp',
  timestampType: 'msg',
  wires: [['n-acked']],
};

const load = (node: Record<string, unknown>, brokers = broker.brokers, more: Flow = []): Promise<Inboxes> =>
  loadOnCluster([clusterNode, outNode, adminNode], brokers, node, more);

const receive = (msg: Msg, id = 'n-out'): void => helper.getNode(id).receive(msg as never);

test('kafka-out: acknowledged record -> whole message with delivery report', async () => {
  const topic = await freshTopic(broker.brokers, 'node');
  const { acked } = await load({ ...outDefaults, topic });
  const payload = { id: '1', text: 'é🏀' };
  receive({ payload, key: 'k', timestamp: 1_569_693_923_661, mine: 'kept' });
  const msg = await acked.next();
  assert.deepEqual(msg.kafka, { topic, partition: 0, offset: '0', timestamp: 1_569_693_923_661 });
  assert.deepEqual(msg.payload, payload);
  assert.equal(msg.mine, 'kept');
  const [record] = await readTopic(broker.brokers, topic, 1, 20_000);
  assert.equal(record?.value?.toString(), JSON.stringify(payload));
  assert.equal(record?.key?.toString(), 'k');
  // Without or with the rate of records.
  const good = ['node-red:common.status.connected', 'kafka-out.status.flowing'];
  await until(() => good.includes(statusesOf('n-out').at(-1) ?? ''), 'connected');
});

test('kafka-out: only cluster and topic in the flow -> the dialog’s defaults', async () => {
  const topic = await freshTopic(broker.brokers, 'bare');
  const { acked } = await load({
    id: 'n-out',
    type: 'kafka-out',
    cluster: 'c-cluster',
    topic,
    wires: [['n-acked']],
  });
  receive({ payload: 'x', key: 'k', timestamp: 1_569_693_923_661 });
  assert.ok((await acked.next()).kafka);
  const [record] = await readTopic(broker.brokers, topic, 1, 20_000);
  assert.deepEqual(
    [String(record?.value), String(record?.key), Number(record?.timestamp)],
    ['x', 'k', 1_569_693_923_661],
  );
});

test('kafka-out: headers without their type in the flow -> error, not ignored', async () => {
  const topic = await freshTopic(broker.brokers, 'typeless');
  const { caught } = await load({ ...outDefaults, topic, headers: 'headers' });
  receive({ payload: 'x', headers: { a: 'b' } });
  assert.equal(codeOf(await caught.next()), 'headers-invalid');
});

test('kafka-out: values that arrive later -> records in the order of the messages', async () => {
  const topic = await freshTopic(broker.brokers, 'jsonata');
  // JSONata calls back later than a plain property.
  const { acked } = await load({ ...outDefaults, topic, value: 'payload & "!"', valueType: 'jsonata' });
  for (let number = 0; number < 50; number++) receive({ payload: String(number) });
  for (let number = 0; number < 50; number++) await acked.next();
  const read = await readTopic(broker.brokers, topic, 50, 20_000);
  assert.deepEqual(
    read.map(({ value }) => value?.toString()),
    Array.from({ length: 50 }, (_, number) => `${number}!`),
  );
});

test('kafka-out: invalid record -> Catch with the message and one sentence; the next is written', async () => {
  const topic = await freshTopic(broker.brokers, 'bad');
  const { acked, caught } = await load({ ...outDefaults, topic });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const table: Array<[Msg, string]> = [
    [{ payload: undefined }, 'value-none'],
    [{ payload: circular }, 'value-no-json'],
    [{ payload: 'x', key: {} }, 'key-invalid'],
    [{ payload: 'x', key: 2 ** 60 }, 'key-rounded'],
    [{ payload: 'x', timestamp: 'yesterday' }, 'timestamp-invalid'],
    [{ payload: 'x'.repeat(2_000_000) }, 'record-too-large'],
    [{ action: 'explode' }, 'unknown-action'],
  ];
  for (const [msg, code] of table) {
    receive({ ...msg, mine: code });
    const error = await caught.next();
    assert.equal(codeOf(error), code);
    assert.match(sentenceOf(error), /^[A-Zm].{20,}/);
    assert.doesNotMatch(sentenceOf(error), /__\w+__|KafkaJS|\n/);
    assert.equal(error.mine, code);
  }
  receive({ payload: Buffer.from('fine'), action: 'data, not a command' });
  assert.ok((await acked.next()).kafka);
  assert.equal(caught.all.length, table.length);
});

test('kafka-out: flush -> after all records before it; status -> the counters', async () => {
  const topic = await freshTopic(broker.brokers, 'flush');
  const { acked } = await load({ ...outDefaults, topic });
  for (let number = 0; number < 20; number++) receive({ payload: number });
  receive({ action: 'flush' });
  for (let number = 0; number < 20; number++) assert.ok((await acked.next()).kafka);
  assert.equal((await acked.next()).action, 'flush');
  receive({ action: 'status' });
  const { payload } = await acked.next();
  const counters = { in: 20, acked: 20, failed: 0, waiting: 0, waitingBytes: 0, retries: 0 };
  const { rate, queue, ...report } = payload as { rate: number; queue: { records: number } };
  assert.equal(queue.records, 0);
  assert.deepEqual(report, {
    state: 'connected',
    paused: false,
    ...counters,
    restored: 0,
    damaged: 0,
    discarded: 0,
    onDisk: 0,
    diskBytes: 0,
    diskLimit: 1024_000_000,
    memoryLimit: 32_000_000,
    brokersAway: [],
    topics: [{ topic, state: 'connected', ...counters, onDisk: 0 }],
  });
  assert.ok(rate >= 0 && rate <= 20, String(rate));
});

test('kafka-out: flush -> after messages before it whose values are pending', async () => {
  const topic = await freshTopic(broker.brokers, 'flush-late');
  const { acked } = await load({ ...outDefaults, topic, value: 'payload & "!"', valueType: 'jsonata' });
  for (let number = 0; number < 20; number++) receive({ payload: String(number) });
  receive({ action: 'flush' });
  for (let number = 0; number < 20; number++) assert.ok((await acked.next()).kafka);
  assert.equal((await acked.next()).action, 'flush');
});

test('kafka-out: flow stops -> pending records are written first', async () => {
  const topic = await freshTopic(broker.brokers, 'close');
  await load({ ...outDefaults, topic });
  for (let number = 0; number < 500; number++) receive({ payload: number });
  await helper.unload();
  assert.equal((await readTopic(broker.brokers, topic, 500, 20_000)).length, 500);
});

test('kafka-out: invalid settings -> error for each message', async () => {
  const table: Array<[Record<string, unknown>, string, string]> = [
    [{ topic: 'no spaces' }, broker.brokers, 'topic-invalid'],
    [{ topic: '' }, broker.brokers, 'topic-none'],
    [{ topic: 'where', topicType: 'msg' }, broker.brokers, 'topic-none'],
    [{ topic: 't', cluster: '' }, broker.brokers, 'no-config'],
    [{ topic: 't', cluster: 'c-deleted' }, broker.brokers, 'config-missing'],
    [{ topic: 't' }, 'not a:broker', 'config-invalid'],
    [{ topic: 't' }, `$${'{SURELY_NOT_SET_ANYWHERE}'}`, 'config-invalid'],
    [{ topic: 't', cluster: 'c-disabled' }, broker.brokers, 'config-missing'],
    [{ topic: 't', cluster: 'n-catch' }, broker.brokers, 'config-other-type'],
    [{ topic: 'SURELY_NOT_SET_ANYWHERE', topicType: 'env' }, broker.brokers, 'env-unset'],
    [{ topic: 't', compression: 'zip' }, broker.brokers, 'compression-unknown'],
    [{ topic: 't', linger: 'soon' }, broker.brokers, 'number-invalid'],
    [{ topic: 't', acks: '2' }, broker.brokers, 'setting-unknown'],
    [{ topic: 't', createTopic: true, createPartitions: 1.5 }, broker.brokers, 'integer-invalid'],
    [{ topic: 't', createTopic: true, createReplication: 0 }, broker.brokers, 'integer-invalid'],
  ];
  for (const [properties, brokers, code] of table) {
    const { caught } = await load({ ...outDefaults, ...properties }, brokers, [
      { id: 'c-disabled', type: 'kafka-cluster', config: true, d: true, brokers },
    ]);
    receive({ payload: 'x', mine: code });
    let error = await caught.next();
    // A node that cannot start reports it at once, and again for each message.
    if (error.mine === undefined) error = await caught.next();
    assert.equal(codeOf(error), code);
    assert.equal(error.payload, 'x');
    assert.ok(statusesOf('n-out').some((text) => text.length > 5));
    await helper.unload();
  }
});

test('kafka-out: three nodes write to one topic -> each sends its own messages', async () => {
  const topic = await freshTopic(broker.brokers, 'shared');
  const { acked, caught } = await load({ ...outDefaults, topic }, broker.brokers, [
    { ...outDefaults, id: 'n-copy', topic },
    { ...outDefaults, id: 'n-other', topic, compression: 'gzip', idempotent: false },
  ]);
  for (const id of ['n-out', 'n-copy', 'n-other']) receive({ payload: id }, id);
  const offsets = [await acked.next(), await acked.next(), await acked.next()].map(
    (msg) => (msg.kafka as { offset: string }).offset,
  );
  assert.deepEqual(offsets.sort(), ['0', '1', '2']);
  assert.deepEqual(caught.all, []);
});

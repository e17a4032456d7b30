import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { codeOf, type Flow, helper, Inbox, type Msg, onTab, sentenceOf, statusesOf } from './flow';
import { speaking } from './server-language';

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

async function load(topic: string, more: object = {}, others: Flow = []): Promise<Inboxes> {
  const out = { type: 'kafka-out', cluster: 'c-cluster', topic, topicType: 'str', wires: [['n-acked']] };
  await helper.load(
    [clusterNode, speaking(outNode as never, 'en-US') as never],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      { ...out, id: 'n-out', ...more },
      ...others.map((other) => ({ ...out, ...other })),
      { id: 'n-acked', type: 'helper' },
    ]),
  );
  return { acked: new Inbox('n-acked'), caught: new Inbox('n-caught') };
}

interface Inboxes {
  acked: Inbox;
  caught: Inbox;
}

const receive = (msg: Msg, id = 'n-out'): void => helper.getNode(id).receive(msg as never);
const valuesIn = async (topic: string, count: number): Promise<string[]> =>
  (await readTopic(broker.brokers, topic, count, 20_000)).map(({ value }) => String(value));
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

test('kafka-out: pause and resume -> commands pass, pending records are shown, then written in order', async () => {
  const topic = await freshTopic(broker.brokers, 'pause');
  const { acked, caught } = await load(topic);
  for (const number of numbers(0, 10)) receive({ payload: number });
  receive({ action: 'pause' });
  for (const number of numbers(10, 15)) receive({ payload: number });
  receive({ action: 'flush' });
  receive({ action: 'pause' });
  await until(() => acked.all.length === 12, 'the records before the pause, and the commands');
  assert.equal(acked.all.filter(({ action }) => action === 'pause').length, 2);
  await until(() => statusesOf('n-out').at(-1) === 'paused · 5 pending', 'the status of a pause');

  receive({ action: 'status' });
  await until(() => acked.all.length === 13, 'the report');
  const report = acked.all.at(-1)?.payload as Record<string, unknown>;
  const { paused, in: accepted, acked: written, failed, waiting, waitingBytes, topics } = report;
  assert.deepEqual([paused, accepted, written, failed, waiting], [true, 15, 10, 0, 5]);
  assert.ok(Number(waitingBytes) > 5);
  assert.deepEqual(
    (topics as Array<Record<string, unknown>>).map((one) => [one.topic, one.in, one.acked, one.waiting]),
    [[topic, 15, 10, 5]],
  );

  receive({ action: 'resume' });
  receive({ action: 'resume' });
  receive({ payload: '15' });
  await until(() => acked.all.length === 22, 'the pending records, the commands and the flush');
  // The flush is sent after the records before it.
  const last = acked.all.slice(15).map(({ action, payload }) => action ?? payload);
  assert.ok(last.indexOf('flush') > last.indexOf('14'), String(last));
  assert.deepEqual(await valuesIn(topic, 16), numbers(0, 16));
  assert.deepEqual(caught.all, []);
});

test('kafka-out: pause -> only this node, although another writes to the same topic', async () => {
  const topic = await freshTopic(broker.brokers, 'pause-shared');
  const { acked } = await load(topic, {}, [{ id: 'n-copy' }]);
  receive({ action: 'pause' });
  receive({ payload: 'held' });
  receive({ payload: 'not held' }, 'n-copy');
  await until(() => acked.all.some(({ payload }) => payload === 'not held'), 'the other node writes');
  receive({ action: 'status' }, 'n-copy');
  await until(() => acked.all.length === 3, 'the report of the other node');
  const report = acked.all[2]?.payload as Record<string, unknown> | undefined;
  assert.deepEqual([report?.paused, report?.in], [false, 1]);
  receive({ action: 'resume' });
  await until(() => acked.all.some(({ payload }) => payload === 'held'), 'written after the resume');
  assert.deepEqual(await valuesIn(topic, 2), ['not held', 'held']);
});

test('kafka-out: close while paused, in memory only -> pending records are written', async () => {
  const topic = await freshTopic(broker.brokers, 'pause-close');
  const { caught } = await load(topic, { queue: 'memory' });
  receive({ action: 'pause' });
  for (const number of numbers(0, 200)) receive({ payload: number });
  await helper.unload();
  assert.deepEqual(await valuesIn(topic, 200), numbers(0, 200));
  assert.deepEqual(caught.all, []);
});

test('kafka-out: close while paused -> pending records are on disk, and written after the start', async () => {
  const topic = await freshTopic(broker.brokers, 'pause-disk');
  const { caught } = await load(topic);
  receive({ action: 'pause' });
  for (const number of numbers(0, 200)) receive({ payload: number, key: 'k' });
  await helper.unload();
  assert.deepEqual(caught.all, []);
  const { acked } = await load(topic);
  assert.deepEqual(await valuesIn(topic, 200), numbers(0, 200));
  await until(() => acked.all.length === 200, 'all acknowledged');
  const [first] = acked.all;
  assert.deepEqual(Object.keys(first ?? {}).sort(), ['_msgid', 'kafka', 'key', 'topic']);
  assert.equal((first?.kafka as { queued: boolean } | undefined)?.queued, true);
});

test('kafka-out: records flow -> status shows the rate, then no rate', async () => {
  const topic = await freshTopic(broker.brokers, 'rate');
  const { acked } = await load(topic);
  for (const number of numbers(0, 3000)) receive({ payload: number });
  await until(() => acked.all.length === 3000, 'all acknowledged');
  await until(
    () => statusesOf('n-out').some((text) => /^connected · [\d.]+k?\/s$/.test(text)),
    'a rate is shown',
  );
  await until(() => statusesOf('n-out').at(-1) === 'node-red:common.status.connected', 'no rate any more');
});

test('kafka-out: unknown action -> error lists the known ones', async () => {
  const topic = await freshTopic(broker.brokers, 'action');
  const { caught } = await load(topic);
  for (const action of ['stop', 5, '']) {
    receive({ action, mine: 'kept' });
    const error = await caught.next();
    assert.deepEqual([codeOf(error), error.mine], ['unknown-action', 'kept']);
    assert.match(sentenceOf(error), /flush, pause, resume, status, queue, export, discard, adopt/);
  }
});

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab } from './flow';
import { speaking } from './server-language';

// Not the shared broker: this one is killed and paused.
let broker: Broker;
before(async () => {
  broker = await startBroker({});
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  await helper.stopServer();
  await broker.stop();
});

const node = (id: string, topic: string): Record<string, unknown> => ({
  id,
  type: 'kafka-out',
  cluster: 'c-cluster',
  topic,
  topicType: 'str',
  value: 'payload',
  valueType: 'msg',
  wires: [['n-acked']],
});

type Level = 'warn' | 'log';
type Spied = Record<Level, { getCalls(): Array<{ thisValue: unknown; args: unknown[] }> }>;

/** What the kafka-cluster wrote to Node-RED's log. */
function linesOf(level: Level): string[] {
  const cluster = helper.getNode('c-cluster') as unknown as Spied;
  return cluster[level]
    .getCalls()
    .filter(({ thisValue }) => thisValue === cluster)
    .map(({ args }) => String(args[0]));
}

async function load(language: 'en-US' | 'ko', ...nodes: Array<Record<string, unknown>>): Promise<Inbox> {
  await helper.load(
    [speaking(clusterNode as never, language) as never, outNode, adminNode],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      ...nodes,
      { id: 'n-acked', type: 'helper' },
    ]),
  );
  return new Inbox('n-acked');
}

const send = (id: string, payload = 'x'): void => helper.getNode(id).receive({ payload } as never);

test('kafka-cluster: broker down for 20 s -> a warning within 10 s, one line when it is back', async () => {
  const [one, two] = [await freshTopic(broker.brokers, 'one'), await freshTopic(broker.brokers, 'two')];
  const acked = await load('en-US', node('n-one', one), node('n-two', two));
  for (const id of ['n-one', 'n-two']) send(id);
  await until(() => acked.all.length === 2, 'acknowledged');
  await broker.kill();
  const killed = performance.now();
  for (const id of ['n-one', 'n-one', 'n-one', 'n-two', 'n-two']) send(id);
  await until(() => linesOf('warn').length > 0, 'the warning', 10_000);
  const [warning = ''] = linesOf('warn');
  const place = broker.brokers.replaceAll('.', '\\.');
  const parts = `^Kafka at ${place} is unreachable .* \\d+ s \\(records waiting: 5\\): .*${place}.*ECONNREFUSED`;
  assert.match(warning, new RegExp(parts));
  await until(() => performance.now() - killed > 20_000, '20 s');
  await broker.start();
  await until(() => acked.all.length === 7, 'all acknowledged');
  await until(() => linesOf('log').length > 0, 'the line at the end', 10_000);
  const [end = ''] = linesOf('log');
  const seconds = Number(/is back after (\d+) s \(records that waited: 5\)/.exec(end)?.[1]);
  assert.ok(seconds >= 20 && seconds < 60, end);
  assert.deepEqual([linesOf('warn').length, linesOf('log').length], [1, 1]);
});

test('kafka-cluster: broker that does not answer -> a warning within 10 s, in Korean', async () => {
  const topic = await freshTopic(broker.brokers, 'paused');
  const acked = await load('ko', node('n-out', topic));
  send('n-out');
  await until(() => acked.all.length === 1, 'acknowledged');
  await broker.pause();
  try {
    send('n-out');
    await until(() => linesOf('warn').length > 0, 'the warning', 10_000);
  } finally {
    broker.resume();
  }
  assert.match(linesOf('warn')[0] ?? '', new RegExp(`${broker.brokers}.*\\d초째.*1개`));
  await until(() => linesOf('log').length > 0, 'the line at the end', 30_000);
  assert.match(linesOf('log')[0] ?? '', /\d초 만에 복구.*1개/);
});

test('kafka-cluster: closed during an outage -> no further line', async () => {
  const topic = await freshTopic(broker.brokers, 'closed');
  await load('en-US', node('n-out', topic));
  // Unloading removes the helper's spies.
  const lines: unknown[] = [];
  const record = (line: unknown): void => void lines.push(line);
  Object.assign(helper.getNode('c-cluster'), { warn: record, log: record });
  await broker.kill();
  try {
    const since = performance.now();
    send('n-out');
    await until(() => performance.now() - since > 3000, '3 s of an outage');
    // The node drains for up to 8 s; the outage would be worth a warning by then.
    await helper.unload();
    assert.deepEqual(lines, []);
  } finally {
    await broker.start();
  }
});

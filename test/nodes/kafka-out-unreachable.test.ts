import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab, statusesOf } from './flow';
import { speaking } from './server-language';

interface Report {
  state: string;
  in: number;
  acked: number;
  failed: number;
  waiting: number;
  waitingBytes: number;
  retries: number;
  brokersAway: string[];
  lastCause?: string;
  lastCauseAt?: number;
  topics: Report[];
}

// Not the shared broker: this one is killed.
let broker: Broker;
before(async () => {
  broker = await startBroker({});
  await helper.startServer();
});
after(async () => {
  await helper.unload();
  await helper.stopServer();
  await broker.stop();
});

test('kafka-out: broker killed -> status and report show pending records, brokers, cause and retries', async () => {
  const topic = await freshTopic(broker.brokers, 'away');
  await helper.load(
    [clusterNode, speaking(outNode as never, 'ko') as never],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      {
        id: 'n-out',
        type: 'kafka-out',
        cluster: 'c-cluster',
        topic,
        topicType: 'str',
        wires: [['n-acked']],
      },
      { id: 'n-acked', type: 'helper' },
    ]),
  );
  const acked = new Inbox('n-acked');
  const out = helper.getNode('n-out');
  const send = (payload: string): void => out.receive({ payload } as never);
  const report = async (): Promise<Report> => {
    const before = acked.all.length;
    out.receive({ action: 'status' } as never);
    await until(() => acked.all.slice(before).some(({ action }) => action === 'status'), 'the report');
    return acked.all.findLast(({ action }) => action === 'status')?.payload as Report;
  };
  send('first');
  await until(() => acked.all.length === 1, 'acknowledged');
  assert.deepEqual([(await report()).brokersAway, (await report()).lastCause], [[], undefined]);

  await broker.kill();
  const killedAt = Date.now();
  const value = 'x'.repeat(100);
  for (let number = 0; number < 7; number++) send(value);
  await until(
    () => statusesOf('n-out').includes('7개 대기 · 브로커 1개 연결 불가'),
    'the status of the outage',
  );
  let outage = await report();
  await until(async () => {
    outage = await report();
    return outage.retries >= 7;
  }, 'retried');
  assert.deepEqual([outage.state, outage.brokersAway], ['failing', [broker.brokers]]);
  assert.deepEqual([outage.in, outage.acked, outage.failed, outage.waiting], [8, 1, 0, 7]);
  assert.ok(outage.waitingBytes >= 7 * value.length && outage.waitingBytes < 7 * value.length * 2);
  assert.match(String(outage.lastCause), /[가-힣]/);
  assert.ok(Number(outage.lastCauseAt) >= killedAt);
  const [{ in: accepted, acked: written, waiting, retries, lastCause } = assert.fail()] = outage.topics;
  assert.deepEqual([accepted, written, waiting, retries], [8, 1, 7, outage.retries]);
  assert.match(String(lastCause), /[가-힣]/);

  await broker.start();
  await until(() => acked.all.filter(({ kafka }) => kafka).length === 8, 'all acknowledged');
  const recovered = await report();
  assert.deepEqual(
    [recovered.state, recovered.brokersAway, recovered.in, recovered.acked],
    ['connected', [], 8, 8],
  );
  assert.deepEqual([recovered.waiting, recovered.waitingBytes], [0, 0]);
  assert.match(String(recovered.lastCause), /[가-힣]/);
});

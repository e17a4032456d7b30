import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab, statusesOf } from './flow';
import { speaking } from './server-language';

interface Story {
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
  topics: Story[];
}

// A broker of its own: it is killed.
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

test('a broker that goes away: status and story say what waits, for whom and why; retries are counted', async () => {
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
  const story = async (): Promise<Story> => {
    const before = acked.all.length;
    out.receive({ action: 'status' } as never);
    await until(() => acked.all.slice(before).some(({ action }) => action === 'status'), 'the story');
    return acked.all.findLast(({ action }) => action === 'status')?.payload as Story;
  };
  send('first');
  await until(() => acked.all.length === 1, 'acknowledged');
  assert.deepEqual([(await story()).brokersAway, (await story()).lastCause], [[], undefined]);

  await broker.kill();
  const killedAt = Date.now();
  const value = 'x'.repeat(100);
  for (let number = 0; number < 7; number++) send(value);
  await until(
    () => statusesOf('n-out').includes('7개 대기 · 브로커 1개 접속 불가'),
    'the status of an outage',
  );
  let away = await story();
  await until(async () => {
    away = await story();
    return away.retries >= 7;
  }, 'sent again');
  assert.deepEqual([away.state, away.brokersAway], ['failing', [broker.brokers]]);
  assert.deepEqual([away.in, away.acked, away.failed, away.waiting], [8, 1, 0, 7]);
  assert.ok(away.waitingBytes >= 7 * value.length && away.waitingBytes < 7 * value.length * 2);
  assert.match(String(away.lastCause), /[가-힣]/);
  assert.ok(Number(away.lastCauseAt) >= killedAt);
  const [{ in: taken, acked: written, waiting, retries, lastCause } = assert.fail()] = away.topics;
  assert.deepEqual([taken, written, waiting, retries], [8, 1, 7, away.retries]);
  assert.match(String(lastCause), /[가-힣]/);

  await broker.start();
  await until(() => acked.all.filter(({ kafka }) => kafka).length === 8, 'all acknowledged');
  const back = await story();
  assert.deepEqual([back.state, back.brokersAway, back.in, back.acked], ['connected', [], 8, 8]);
  assert.deepEqual([back.waiting, back.waitingBytes], [0, 0]);
  assert.match(String(back.lastCause), /[가-힣]/);
});

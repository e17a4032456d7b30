import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab } from './flow';

const count = 250;
const rounds = 2;

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

test('kafka-out: messages to 250 topics at once -> all acknowledged, in order in each topic', async () => {
  const topics = Array.from({ length: count }, (_, number) => `many-${number}-${randomUUID().slice(0, 8)}`);
  const admin = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })) });
    await helper.load(
      [clusterNode, outNode],
      onTab([
        { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
        {
          ...{ id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic: 'topic', topicType: 'msg' },
          wires: [['n-acked']],
        },
        { id: 'n-acked', type: 'helper' },
      ]),
    );
    const [acked, caught] = [new Inbox('n-acked'), new Inbox('n-caught')];
    for (let round = 0; round < rounds; round++) {
      for (const topic of topics) helper.getNode('n-out').receive({ topic, payload: round } as never);
    }
    const answered = (): number => acked.all.length + caught.all.length;
    await until(() => answered() >= rounds * count, `${rounds * count} answers`, 60_000);
    assert.deepEqual(
      caught.all.map((msg) => msg.error),
      [],
    );
    const offsets = new Map(
      acked.all.map(({ kafka, payload }) => {
        const { topic, offset } = kafka as { topic: string; offset: string };
        return [`${topic} ${payload}`, offset];
      }),
    );
    for (const topic of topics) {
      for (let round = 0; round < rounds; round++)
        assert.equal(offsets.get(`${topic} ${round}`), String(round), topic);
    }
  } finally {
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  }
});

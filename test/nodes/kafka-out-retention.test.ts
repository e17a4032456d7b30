import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { codeOf, helper, Inbox, onTab } from './flow';

const day = 86_400_000;

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

async function topicWith(configs: Record<string, string>): Promise<string> {
  const topic = await freshTopic(broker.brokers, 'retention');
  const admin = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
  return topic;
}

function warningsOf(id: string): string[] {
  const { warn } = helper.getNode(id) as unknown as { warn: { getCalls(): Array<{ args: unknown[] }> } };
  return warn.getCalls().map(({ args }) => String(args[0]));
}

test('kafka-out: timestamp older than the retention -> acknowledged, and one warning', async () => {
  const oneDay = await topicWith({ 'retention.ms': String(day) });
  const others = [
    await topicWith({ 'retention.ms': '-1' }),
    await topicWith({ 'retention.ms': String(day), 'message.timestamp.type': 'LogAppendTime' }),
    await topicWith({ 'retention.ms': String(day), 'cleanup.policy': 'compact' }),
  ];
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
  const timestamp = Date.now() - 30 * day;
  for (const topic of [...others, oneDay, oneDay]) {
    helper.getNode('n-out').receive({ topic, payload: 'old', key: 'k', timestamp } as never);
    assert.ok((await acked.next()).kafka);
  }
  await until(() => warningsOf('n-out').length > 0, 'a warning');
  const [warning] = warningsOf('n-out');
  assert.match(String(warning), new RegExp(`${oneDay}.* 30 d .* 24 h .*retention\\.ms`));
  assert.equal(warningsOf('n-out').length, 1);

  helper.getNode('n-out').receive({ topic: oneDay, payload: 'x', timestamp: timestamp / 1000 } as never);
  assert.equal(codeOf(await caught.next()), 'timestamp-seconds');
});

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import { freePorts } from '../../dev/kafka/ports';
import { Writer } from '../../dev/kafka/protocol';
import { sendRequest } from '../../dev/kafka/request';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { until } from '../until';
import { helper, Inbox, onTab, sentenceOf, statusesOf } from './flow';
import { speaking } from './server-language';

// A broker that advertises an address at which nothing listens, as one in a container does.
let broker: Broker;
let advertised: string;
before(async () => {
  const [port = 0] = await freePorts([undefined]);
  advertised = `127.0.0.9:${port}`;
  broker = await startBroker({
    port,
    properties: { 'advertised.listeners': `CLIENT://${advertised},INTERNAL://${advertised}` },
  });
  // kafkajs cannot create a topic there: this request for its metadata does.
  const body = new Writer().int32(1).string('tweets').boolean(true).bytes();
  await sendRequest(port, { api: 3, version: 4, body }, () => {});
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  await helper.stopServer();
  await broker.stop();
});

const languages = [
  ['en-US', /^1 pending · advertised address$/, /answers, but names itself .*: check advertised\.listeners/],
  ['ko', /^1개 대기 · 알려 준 주소에 연결 불가$/, /자기 주소를 .* advertised\.listeners를 확인하세요/],
] as const;

for (const [language, status, sentence] of languages) {
  test(`kafka-out, kafka-admin: advertised address unreachable -> named everywhere, ${language}`, async () => {
    const names = (text: unknown): void => {
      assert.match(String(text), sentence);
      for (const part of [broker.brokers, advertised, 'ECONNREFUSED']) assert.ok(String(text).includes(part));
    };
    await helper.load(
      [clusterNode, speaking(outNode as never, language), speaking(adminNode as never, language)] as never,
      onTab([
        { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
        {
          id: 'n-out',
          type: 'kafka-out',
          queue: 'memory',
          cluster: 'c-cluster',
          topic: 'tweets',
          deliveryTimeout: 3,
          wires: [['n-reports']],
        },
        {
          id: 'n-admin',
          type: 'kafka-admin',
          cluster: 'c-cluster',
          operation: 'topics.ensure',
          operationType: 'str',
          target: 'tweets',
          targetType: 'str',
          timeout: 2,
        },
        { id: 'n-reports', type: 'helper' },
      ]),
    );
    const caught = new Inbox('n-caught');
    const reports = new Inbox('n-reports');
    const out = helper.getNode('n-out');
    out.receive({ payload: 'lost' } as never);
    await until(() => statusesOf('n-out').some((text) => status.test(text)), 'the status with the cause');
    out.receive({ action: 'status' } as never);
    const report = (await reports.next()).payload as { lastCause: string; brokersAway: string[] };
    names(report.lastCause);
    assert.deepEqual(report.brokersAway, [advertised]);
    names(sentenceOf(await caught.next()));

    helper.getNode('n-admin').receive({} as never);
    names(sentenceOf(await caught.next()));
  });
}

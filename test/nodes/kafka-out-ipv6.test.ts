import assert from 'node:assert/strict';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import { freePorts } from '../../dev/kafka/ports';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freeIpv6Port, ipv6Test } from '../ipv6';
import { freshTopic, readTopic } from '../kafka-broker';
import { until } from '../until';
import { helper, Inbox, onTab, statusesOf } from './flow';

/** A broker with one more listener on [::1], which names this address to clients that come by it. */
async function ipv6Broker(): Promise<{ broker: Broker; address: string }> {
  const [client, internal, controller] = await freePorts([undefined, undefined, undefined]);
  const address = `[::1]:${await freeIpv6Port()}`;
  const others = `CLIENT://127.0.0.1:${client},INTERNAL://127.0.0.1:${internal},SIX://${address}`;
  const broker = await startBroker({
    port: client,
    properties: {
      listeners: `${others},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': others,
      'listener.security.protocol.map':
        'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,SIX:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    },
  });
  return { broker, address };
}

ipv6Test('kafka-out, kafka-admin, Test: broker on [::1] -> written, listed, tested, named', async () => {
  const { broker, address } = await ipv6Broker();
  await helper.startServer();
  try {
    const topic = await freshTopic(broker.brokers, 'ipv6');
    await helper.load(
      [clusterNode, outNode, adminNode],
      onTab([
        { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: `PLAINTEXT://${address}` },
        { id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic, wires: [['n-acked']] },
        {
          id: 'n-admin',
          type: 'kafka-admin',
          cluster: 'c-cluster',
          operation: 'topics.list',
          operationType: 'str',
          wires: [['n-listed']],
        },
        { id: 'n-acked', type: 'helper' },
        { id: 'n-listed', type: 'helper' },
      ]),
    );
    const acked = new Inbox('n-acked');
    const listed = new Inbox('n-listed');
    helper.getNode('n-out').receive({ payload: 'over IPv6' } as never);
    assert.equal((await acked.next()).kafka !== undefined, true);
    const [record] = await readTopic(broker.brokers, topic, 1);
    assert.equal(String(record?.value), 'over IPv6');
    helper.getNode('n-admin').receive({} as never);
    assert.ok(((await listed.next()).payload as string[]).includes(topic));
    const request = helper.request().post('/kafka-cluster/test');
    const { body } = await request.send({ id: 'c-new', brokers: address, sasl: 'none' }).expect(200);
    const texts = (body as { lines: Array<{ text: string }> }).lines.map(({ text }) => text);
    assert.equal(body.ok, true, texts.join(' '));
    assert.ok(
      texts.every((text) => text.includes(address)),
      texts.join(' '),
    );

    await broker.kill();
    const out = helper.getNode('n-out');
    out.receive({ payload: 'pending' } as never);
    await until(() => statusesOf('n-out').length > 2, 'the status of the outage');
    let report: { brokersAway: string[]; lastCause?: string } = { brokersAway: [] };
    await until(async () => {
      out.receive({ action: 'status' } as never);
      report = (await acked.next()).payload as typeof report;
      return report.lastCause !== undefined && report.brokersAway.length > 0;
    }, 'the report of the outage');
    assert.deepEqual(report.brokersAway, [address]);
    assert.ok(report.lastCause?.includes(address), report.lastCause);
  } finally {
    await helper.unload();
    await helper.stopServer();
    await broker.stop();
  }
});

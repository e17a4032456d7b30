import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProxy } from '../../../dev/faults/proxy';
import { startBroker } from '../../../dev/kafka/broker';
import { AdminClient } from '../../../src/kafka/admin/admin-client';
import { PartitionCount } from '../../../src/kafka/delivery/partition-count';
import { classifyError } from '../../../src/kafka/errors';
import { freshTopic } from '../../kafka-broker';

const metadataKey = 3;
const limits = { connectionTimeout: 5000, requestTimeout: 6000 };

test('PartitionCount: connection cut while the cluster is asked -> the error names the connection', async () => {
  const proxy = await startProxy();
  const advertised = `CLIENT://${proxy.address},INTERNAL://${proxy.address}`;
  const broker = await startBroker({ properties: { 'advertised.listeners': advertised } });
  const [host = '', port] = broker.brokers.split(':');
  proxy.target = { host, port: Number(port) };
  const admin = new AdminClient({ brokers: [proxy.address], clientId: 'test', ...limits }, () => {});
  try {
    const topic = await freshTopic(proxy.address, 'cut', 3);
    const ids: string[] = [];
    const count = new PartitionCount(topic, admin, undefined, (id) => ids.push(id));
    assert.equal(await count.fetch(), 3);
    assert.equal(ids.length, 1);
    proxy.cutBeforeResponse({ apiKey: metadataKey });
    await assert.rejects(count.fetch(), (error) => {
      const { source, problem } = classifyError(error, topic);
      assert.equal(source, 'connection');
      assert.equal(problem.key, 'connection-closed', problem.message);
      return true;
    });
    proxy.passThrough();
    assert.equal(await count.fetch(), 3);
  } finally {
    await admin.close();
    await broker.stop();
    await proxy.close();
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProxy } from '../../../dev/faults/proxy';
import { startBroker } from '../../../dev/kafka/broker';
import { AdminClient } from '../../../src/kafka/admin/admin-client';
import { PartitionCount, type TopicCreation } from '../../../src/kafka/delivery/partition-count';
import { classifyError } from '../../../src/kafka/errors';
import { freshTopic, testBroker } from '../../kafka-broker';
import { until } from '../../until';

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

test('PartitionCount: missing topic -> created; where Kafka refuses, its own sentence', async () => {
  const broker = await testBroker();
  const admin = new AdminClient({ brokers: [broker.brokers], clientId: 'test', ...limits }, () => {});
  const topic = `created-${process.pid}-${Date.now()}`;
  const create = (creation: TopicCreation): Promise<number> =>
    new PartitionCount(topic, admin, creation).fetch();
  try {
    await assert.rejects(create({ partitions: 2, replicationFactor: 9 }), (error) => {
      const { code, problem } = classifyError(error, topic);
      assert.equal(code, 'INVALID_REPLICATION_FACTOR');
      assert.match(problem.message, /replication factor of 9|replication factor 9|9 time/i);
      return true;
    });
    await until(
      () =>
        create({ partitions: 2 }).then(
          (count) => count === 2,
          () => false,
        ),
      'the new topic',
    );
    assert.equal(await create({ partitions: 5 }), 2);
  } finally {
    await admin.close();
    await broker.stop();
  }
});

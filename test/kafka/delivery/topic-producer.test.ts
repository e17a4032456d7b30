import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { CompressionTypes } from 'kafkajs';
import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import { TopicProducer } from '../../../src/kafka/delivery/topic-producer';

test('a producer that was closed opens no connection any more', async () => {
  let connections = 0;
  const server = createServer(() => connections++).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const settings = {
    brokers: [`127.0.0.1:${port}`],
    clientId: 'test',
    connectionTimeout: 1000,
    requestTimeout: 1000,
  };
  const options = { idempotent: false, acks: -1, compression: CompressionTypes.None } as const;
  const producer = new TopicProducer(
    settings,
    options,
    () => {},
    new BrokerHealth(),
    () => {},
  );
  await producer.close();
  // Whoever was still looking the topic up goes on only now.
  await assert.rejects(producer.connect(), { key: 'closing' });
  await new Promise((resolve) => server.close(resolve));
  assert.equal(connections, 0);
});

import { Kafka, logLevel, type Producer } from 'kafkajs';
import { AdminClient } from '../../../src/kafka/admin/admin-client';
import { administer } from '../../../src/kafka/admin/administrator';
import type { Operation } from '../../../src/kafka/admin/operations';
import type { ClusterSettings } from '../../../src/kafka/connection/client';
import { type TestBroker, testBroker } from '../../kafka-broker';

export interface AdminRun {
  /** Runs an operation as a message requests it. */
  run<Answer>(operation: Operation, more?: object): Promise<Answer>;
  close(): Promise<void>;
}

/** The operations of kafka-admin on a cluster. */
export function adminRun(brokers: string, more: Partial<ClusterSettings> = {}, limitMs = 30_000): AdminRun {
  const settings = { brokers: brokers.split(','), clientId: 'test' };
  const client = new AdminClient(
    { ...settings, connectionTimeout: 10_000, requestTimeout: 10_000, ...more },
    () => {},
  );
  return {
    run<Answer>(operation: Operation, fields: object = {}) {
      const request = { operation, target: '', options: {}, confirm: false, ...fields };
      return administer(client, request, limitMs, new AbortController().signal) as Promise<Answer>;
    },
    close: () => client.close(),
  };
}

/** The shared broker, a producer, and the operations of kafka-admin. */
export interface AdminSetup extends AdminRun {
  broker: TestBroker;
  kafka: Kafka;
  producer: Producer;
}

/** For a file's `before`; its `after` calls `close`. */
export async function setUpAdmin(): Promise<AdminSetup> {
  const broker = await testBroker();
  const admin = adminRun(broker.brokers);
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  return {
    ...{ broker, kafka, producer, run: admin.run },
    async close() {
      await producer.disconnect();
      await admin.close();
      await broker.stop();
    },
  };
}

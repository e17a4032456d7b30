import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { startBroker } from '../dev/kafka/broker';

export { readerName, readTopic, type TopicRecord } from './topic-reader';

export interface TestBroker {
  /** "127.0.0.1:port" */
  brokers: string;
  /** Call it after the tests of the file. */
  stop(): Promise<void>;
}

/** The broker that `npm test` shares among all files (TEST_KAFKA_BROKERS), or a new one if a file runs alone. */
export async function testBroker(): Promise<TestBroker> {
  const shared = process.env.TEST_KAFKA_BROKERS;
  if (shared) return { brokers: shared, stop: async () => {} };
  return startBroker({ progress: (line) => console.error(line) });
}

/**
 * Creates a topic with a unique name and returns the name once its partitions have leaders.
 * No retention limit: recorded posts are years old, and Kafka would delete them within a minute.
 */
export async function freshTopic(brokers: string, prefix: string, numPartitions = 1): Promise<string> {
  const topic = `${prefix}-${randomUUID().slice(0, 8)}`;
  const configEntries = [{ name: 'retention.ms', value: '-1' }];
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
  return topic;
}

import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { startBroker } from '../dev/kafka/broker';

export { readerName, readTopic, type TopicRecord } from './topic-reader';

export interface TestBroker {
  /** "127.0.0.1:port" */
  brokers: string;
  /** To be called when the file's tests are over. */
  stop(): Promise<void>;
}

/** The broker that `npm test` shares among all files (TEST_KAFKA_BROKERS), or one of its own for a file run by hand. */
export async function testBroker(): Promise<TestBroker> {
  const shared = process.env.TEST_KAFKA_BROKERS;
  if (shared) return { brokers: shared, stop: async () => {} };
  return startBroker({ progress: (line) => console.error(line) });
}

/**
 * Creates a topic that no other test has and returns its name, as soon as its partitions have leaders.
 * Its records never expire: recorded posts are years old, and Kafka would delete them within a minute.
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

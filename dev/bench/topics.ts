import { Kafka, logLevel } from 'kafkajs';
import type { Lane } from './producer-under-test';

/** Creates the topics of the lanes without retention limit; resolves when their partitions have leaders. */
export async function createTopics(brokers: string, lanes: Lane[]): Promise<void> {
  const configEntries = [{ name: 'retention.ms', value: '-1' }];
  const topics = lanes.map(({ topic, partitions }) => ({ topic, numPartitions: partitions, configEntries }));
  await withAdmin(brokers, (admin) => admin.createTopics({ topics, waitForLeaders: true }));
}

/** Number of records in a topic. */
export async function countRecords(brokers: string, topic: string): Promise<number> {
  const partitions = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  return partitions.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
}

type Admin = ReturnType<Kafka['admin']>;

async function withAdmin<T>(brokers: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

import { Kafka, logLevel } from 'kafkajs';

/** The topics of the example flow. */
export const topics = ['tweets', 'retweets'];

/** Checks that a broker responds. @throws an error that tells what to do */
export async function checkCluster(brokers: string): Promise<void> {
  try {
    await withAdmin(brokers, (admin) => admin.listTopics());
  } catch (error) {
    throw new Error(
      `No Kafka broker responds at KAFKA_BROKERS=${brokers} (${(error as Error).message}). ` +
        'Check the address, or unset KAFKA_BROKERS to start a local Kafka.',
    );
  }
}

/** Number of records in each topic; 0 if the topic does not exist. */
export async function countRecords(brokers: string): Promise<Map<string, number>> {
  return withAdmin(brokers, async (admin) => {
    const counts = new Map<string, number>();
    for (const topic of topics) {
      const offsets = await admin.fetchTopicOffsets(topic).catch(() => []);
      counts.set(
        topic,
        offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0),
      );
    }
    return counts;
  });
}

async function withAdmin<T>(
  brokers: string,
  run: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const retry = { retries: 2, initialRetryTime: 200 };
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry }).admin();
  try {
    await admin.connect();
    return await run(admin);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

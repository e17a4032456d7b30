import { Problem } from '../../util/problem';
import type { AdminClient } from '../admin/admin-client';
import { rootOf } from '../errors';

/** How a missing topic is made. */
export interface TopicCreation {
  partitions: number;
  /** Copies of each partition; undefined: the broker's default. */
  replicationFactor?: number;
}

/** What a cluster tells of its topics. */
export class TopicCatalogue {
  constructor(private readonly admin: AdminClient) {}

  /**
   * The number of a topic's partitions.
   * @param creation makes the topic where it is missing
   * @throws what kafkajs threw; UNKNOWN_TOPIC_OR_PARTITION where there is no such topic
   */
  async partitionCount(topic: string, creation?: TopicCreation): Promise<number> {
    return this.admin.use(async (admin) => {
      try {
        return await count();
      } catch (error) {
        const missing = (rootOf(error) as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION';
        if (!creation || !missing) throw error;
        await admin.createTopics({
          waitForLeaders: false,
          topics: [
            {
              topic,
              numPartitions: creation.partitions,
              replicationFactor: creation.replicationFactor ?? -1,
            },
          ],
        });
        return await count();
      }

      async function count(): Promise<number> {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]?.partitions.length ?? 0;
        if (partitions === 0) throw new Problem('topic-missing', { topic });
        return partitions;
      }
    });
  }
}

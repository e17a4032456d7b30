import type { BrokerRequests } from '../../connection/broker-requests';
import { visibleTopics } from './topic-metadata';

/** The names of all topics that the user may see, sorted. @param internal with Kafka's own, e.g. __consumer_offsets */
export async function listTopics(requests: BrokerRequests, internal: boolean): Promise<string[]> {
  const topics = [...(await visibleTopics(requests, null)).values()];
  return topics
    .filter((topic) => internal || !topic.internal)
    .map(({ name }) => name)
    .sort();
}

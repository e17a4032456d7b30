import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { type ClusterMetadata, metadata } from '../../protocol/requests/metadata';
import { notAuthorized } from '../not-authorized';

export type TopicMetadata = ClusterMetadata['topics'][number];

const unknownTopic = 3;
const leaderNotAvailable = 5;
const topicAuthorizationFailed = 29;

/**
 * The metadata of topics, in the order of the names, their partitions sorted.
 * @throws Problem "topic-not-found" or "not-authorized" for the first that cannot be seen
 */
export async function topicsNamed(requests: BrokerRequests, names: string[]): Promise<TopicMetadata[]> {
  const found = await visibleTopics(requests, names);
  return names.map((name) => {
    const topic = found.get(name);
    if (!topic || topic.errorCode === unknownTopic) throw new Problem('topic-not-found', { topic: name });
    if (topic.errorCode === topicAuthorizationFailed) throw notAuthorized('Describe', 'topic', name);
    if (topic.errorCode !== 0 && topic.errorCode !== leaderNotAvailable) throw answerError(topic.errorCode);
    return topic;
  });
}

/** What one broker answers of topics, by name; also of those that are missing. @param broker absent: any */
export async function visibleTopics(
  requests: BrokerRequests,
  names: string[] | null,
  broker?: number,
): Promise<Map<string, TopicMetadata>> {
  const { topics } = await requests.send(metadata(names), broker);
  for (const { partitions } of topics) partitions.sort((one, other) => one.partition - other.partition);
  return new Map(topics.map((topic) => [topic.name, topic]));
}

/** Whether a topic is there and may be seen. */
export const isVisible = (topic: TopicMetadata | undefined): topic is TopicMetadata =>
  topic !== undefined && (topic.errorCode === 0 || topic.errorCode === leaderNotAvailable);

/** Partitions by the broker that leads them. @throws LEADER_NOT_AVAILABLE where one has none: it may get one soon */
export function byLeader(
  topics: Array<{ name: string; partitions: TopicMetadata['partitions'] }>,
): Map<number, Array<{ topic: string; partitions: number[] }>> {
  const leaders = new Map<number, Array<{ topic: string; partitions: number[] }>>();
  for (const { name, partitions } of topics) {
    for (const { partition, leader } of partitions) {
      if (leader < 0)
        throw Object.assign(answerError(leaderNotAvailable), { leaderless: { topic: name, partition } });
      const list = leaders.get(leader) ?? [];
      leaders.set(leader, list);
      const last = list.at(-1);
      if (last?.topic === name) last.partitions.push(partition);
      else list.push({ topic: name, partitions: [partition] });
    }
  }
  return leaders;
}

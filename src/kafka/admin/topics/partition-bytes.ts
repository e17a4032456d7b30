import type { BrokerRequests } from '../../connection/broker-requests';
import { describeLogDirs, type LogDirs } from '../../protocol/requests/log-dirs';
import { orNullIfTooOld } from '../too-old';
import type { TopicMetadata } from './topic-metadata';

/**
 * The size of each partition's leader copy, by "topic/partition": one request per broker. Partitions without a leader are
 * missing, and all where the user may not see sizes.
 */
export async function partitionBytes(
  requests: BrokerRequests,
  topics: TopicMetadata[],
): Promise<Map<string, number>> {
  const leaderOf = new Map<string, number>(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => [`${name}/${partition}`, leader] as const),
    ),
  );
  const leaders = [...new Set(leaderOf.values())].filter((leader) => leader >= 0);
  const sizes = new Map<string, number>();
  await Promise.all(
    leaders.map(async (leader) => {
      const answer = await logDirsOf(requests, leader);
      for (const { topics: stored } of answer?.dirs ?? []) {
        for (const { name, partitions } of stored) {
          for (const { partition, size, future } of partitions) {
            const key = `${name}/${partition}`;
            // A future copy is being moved to another directory of the broker.
            if (!future && leaderOf.get(key) === leader) sizes.set(key, Number(size));
          }
        }
      }
    }),
  );
  return sizes;
}

/** The log directories of a broker; null: the user may not see them, or the broker is too old. */
export async function logDirsOf(requests: BrokerRequests, broker: number): Promise<LogDirs | null> {
  const answer = await orNullIfTooOld(requests.send(describeLogDirs(), broker));
  return answer?.errorCode === 0 ? answer : null;
}

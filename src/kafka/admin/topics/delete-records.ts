import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { deleteRecords, type FirstOffsets } from '../../protocol/requests/changes';
import { isDenied, notAuthorized } from '../not-authorized';
import { endsOf, offsetsAt, sinceOf } from '../offsets/list-offsets';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';
import type { TopicChanges } from '../topic-changes';
import { topicConfigs } from './describe-topics';
import { byLeader, type TopicMetadata, topicsNamed } from './topic-metadata';

/** Offsets are decimal: of the first record before and after. `records`: at most how many go, for gaps are counted. */
interface Emptied {
  topic: string;
  records: number;
  partitions: Array<{ partition: number; before: string; after: string; records: number }>;
}

/** The new first offset of a partition. */
type Choice = (topic: string, partition: number, earliest: bigint, latest: bigint) => bigint;

/** Plans to delete all records of topics. @throws Problem "records-compacted" */
export async function planEmpty(requests: BrokerRequests, names: string[]): Promise<Planned> {
  const topics = await topicsNamed(requests, names);
  return plan(requests, topics, (_topic, _partition, _earliest, latest) => latest);
}

/**
 * Plans to delete the records of a topic before an offset or a time.
 * @throws Problem "records-compacted", "offset-out-of-range" or "partition-not-found"
 */
export async function planDeleteRecords(
  requests: BrokerRequests,
  name: string,
  { offset, offsets, time, age, partitions: only }: OptionsOf<'records.delete'>,
): Promise<Planned> {
  const [topic] = await topicsNamed(requests, [name]);
  if (!topic) throw new Problem('topic-not-found', { topic: name });
  const wanted =
    only ?? (offsets && [...offsets.keys()]) ?? topic.partitions.map(({ partition }) => partition);
  const chosen = { ...topic, partitions: partitionsNamed(topic, wanted) };
  const since = sinceOf({ time, age });
  const atTime = since === undefined ? undefined : await offsetsAt(requests, [chosen], BigInt(since));
  return plan(requests, [chosen], (_topic, partition, _earliest, latest) => {
    // No record since then: all are older.
    const found = atTime?.get(`${name}/${partition}`)?.offset ?? -1n;
    const target = atTime ? (found < 0n ? latest : found) : (offsets?.get(partition) ?? offset ?? 0n);
    if (target > latest) {
      throw new Problem('offset-out-of-range', {
        offset: String(target),
        topic: name,
        partition,
        latest: String(latest),
      });
    }
    return target;
  });
}

/** @throws Problem "partition-not-found" */
export function partitionsNamed(
  { name, partitions }: TopicMetadata,
  ids: number[],
): TopicMetadata['partitions'] {
  return ids.map((id) => {
    const found = partitions.find(({ partition }) => partition === id);
    if (!found)
      throw new Problem('partition-not-found', { topic: name, partition: id, last: partitions.length - 1 });
    return found;
  });
}

async function plan(requests: BrokerRequests, topics: TopicMetadata[], choose: Choice): Promise<Planned> {
  const configs = await topicConfigs(
    requests,
    topics.map(({ name }) => name),
  );
  for (const { name } of topics) {
    const policy = configs.get(name)?.find((config) => config.name === 'cleanup.policy')?.value ?? 'delete';
    if (!policy.includes('delete')) throw new Problem('records-compacted', { topic: name, policy });
  }
  const ends = await endsOf(requests, topics);
  const planned = topics.map(({ name, partitions }): Emptied => {
    const all = partitions.map(({ partition }) => {
      const { first, end } = ends(`${name}/${partition}`);
      const target = choose(name, partition, first, end);
      const after = target > first ? target : first;
      return { partition, before: String(first), after: String(after), records: Number(after - first) };
    });
    return { topic: name, records: all.reduce((sum, { records }) => sum + records, 0), partitions: all };
  });
  return {
    answer: { topics: planned },
    async apply(sender, changes, signal) {
      for (const one of planned) await deleteOf(sender, one, changes, signal);
      return undefined;
    },
  };
}

/** An offset that is deleted already stays so: it may be sent again. */
async function deleteOf(
  requests: BrokerRequests,
  { topic, partitions }: Emptied,
  changes: TopicChanges,
  signal: AbortSignal,
): Promise<void> {
  const offsets = new Map(
    partitions.filter(({ records }) => records > 0).map(({ partition, after }) => [partition, BigInt(after)]),
  );
  if (offsets.size === 0) return;
  await changes.change(topic, signal, async () => {
    const [described] = await topicsNamed(requests, [topic]);
    const changed = (described?.partitions ?? []).filter(({ partition }) => offsets.has(partition));
    const leaders = byLeader([{ name: topic, partitions: changed }]);
    const sent = [...leaders].map(([leader, queries]) => {
      const wanted = queries.map(
        (query): FirstOffsets => ({
          topic,
          partitions: query.partitions.map((partition) => ({
            partition,
            offset: offsets.get(partition) ?? 0n,
          })),
        }),
      );
      return requests.send(deleteRecords(wanted), leader);
    });
    for (const { errorCode } of (await Promise.all(sent)).flat()) {
      if (isDenied(errorCode)) throw notAuthorized('Delete', 'topic', topic);
      if (errorCode !== 0) throw answerError(errorCode);
    }
    return true;
  });
}

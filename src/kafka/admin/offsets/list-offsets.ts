import type { BrokerRequests } from '../../connection/broker-requests';
import { answerError } from '../../connection/broker-requests';
import { type FoundOffset, listOffsets, offsetTimes } from '../../protocol/requests/list-offsets';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import { orNullIfTooOld } from '../too-old';
import { byLeader, type TopicMetadata, topicsNamed } from '../topics/topic-metadata';

/** One topic in the answer of `offsets.list`. Offsets are decimal, times epoch ms. */
export interface TopicOffsets {
  topic: string;
  /** latest - earliest of all partitions: at most this many, for gaps are counted. */
  records: number;
  partitions: PartitionOffsets[];
}

export interface PartitionOffsets {
  partition: number;
  earliest: string;
  latest: string;
  records: number;
  /** The record with the latest timestamp; null: none, or the broker is older than Kafka 3.0. */
  newest: { offset: string; timestamp: number } | null;
  /** The first record at or after the time that was asked for; null: none since. Absent: no time was asked for. */
  atTime?: string | null;
}

/** The offsets of topics: a few requests per broker. */
export async function topicOffsets(
  requests: BrokerRequests,
  names: string[],
  { time, age, isolation }: OptionsOf<'offsets.list'>,
): Promise<TopicOffsets[]> {
  const topics = await topicsNamed(requests, names);
  const since = sinceOf({ time, age });
  const [ends, newest, atTime] = await Promise.all([
    endsOf(requests, topics, isolation === 'committed'),
    orNullIfTooOld(offsetsAt(requests, topics, offsetTimes.newest)),
    since === undefined ? undefined : offsetsAt(requests, topics, BigInt(since)),
  ]);
  return topics.map(({ name, partitions }) => {
    const all = partitions.map(({ partition }) => {
      const key = `${name}/${partition}`;
      const { first, end } = ends(key);
      const last = newest?.get(key);
      const found = atTime?.get(key)?.offset;
      return {
        partition,
        earliest: String(first),
        latest: String(end),
        records: Number(end - first),
        newest:
          last && last.offset >= 0n
            ? { offset: String(last.offset), timestamp: Number(last.timestamp) }
            : null,
        ...(found === undefined ? {} : { atTime: found < 0n ? null : String(found) }),
      };
    });
    return { topic: name, records: all.reduce((sum, { records }) => sum + records, 0), partitions: all };
  });
}

/** The time that is asked for, epoch ms. */
export const sinceOf = ({ time, age }: { time?: number; age?: number }): number | undefined =>
  age === undefined ? time : Date.now() - age;

/**
 * The offsets of all partitions of topics at a time, by "topic/partition": one request per leader.
 * @throws Problem "not-authorized"; an error of Kafka's, such as NOT_LEADER_FOR_PARTITION, which a later attempt may not get
 */
export async function offsetsAt(
  requests: BrokerRequests,
  topics: Array<Pick<TopicMetadata, 'name' | 'partitions'>>,
  time: bigint,
  committed = false,
): Promise<Map<string, FoundOffset>> {
  const answers = await Promise.all(
    [...byLeader(topics)].map(([leader, queries]) =>
      requests.send(listOffsets(queries, time, committed), leader),
    ),
  );
  const found = answers.flat();
  for (const { errorCode, topic } of found) {
    if (isDenied(errorCode)) throw notAuthorized('Describe', 'topic', topic);
    if (errorCode !== 0) throw answerError(errorCode);
  }
  return new Map(found.map((one) => [`${one.topic}/${one.partition}`, one]));
}

/** The first offset of a partition, and the one after its last record. */
export interface Ends {
  first: bigint;
  end: bigint;
}

/**
 * The ends of all partitions of topics, by "topic/partition".
 * @param committed the end is the first record of an open transaction
 */
export async function endsOf(
  requests: BrokerRequests,
  topics: Array<Pick<TopicMetadata, 'name' | 'partitions'>>,
  committed = false,
): Promise<(key: string) => Ends> {
  const [earliest, latest] = await Promise.all([
    offsetsAt(requests, topics, offsetTimes.earliest),
    offsetsAt(requests, topics, offsetTimes.latest, committed),
  ]);
  return (key) => ({ first: earliest.get(key)?.offset ?? 0n, end: latest.get(key)?.offset ?? 0n });
}

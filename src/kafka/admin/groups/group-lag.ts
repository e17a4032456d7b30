import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests, failOn } from '../../connection/broker-requests';
import { type CommittedOffset, fetchOffsets } from '../../protocol/requests/group-offsets';
import type { GroupMember } from '../../protocol/requests/groups';
import { offsetTimes } from '../../protocol/requests/list-offsets';
import { isDenied, notAuthorized } from '../not-authorized';
import { offsetsAt } from '../offsets/list-offsets';
import type { OptionsOf } from '../operations';
import { isVisible, visibleTopics } from '../topics/topic-metadata';
import { describedGroups, groupsNamed, type KnownGroup } from './known-groups';

/** One group in the answer of `groups.lag`. Offsets are decimal. */
export interface GroupLag {
  group: string;
  state: string | null;
  /** The sum of the known ones. */
  lag: number;
  partitions: PartitionLag[];
}

export interface PartitionLag {
  topic: string;
  partition: number;
  /** null: nothing is committed. */
  committed: string | null;
  /** null: the topic is gone, or the user may not see it. */
  latest: string | null;
  /** null where one of them is. */
  lag: number | null;
  /** Of the member that reads the partition; null: none does. */
  member: string | null;
  client: string | null;
  host: string | null;
}

/** How far groups are behind: all that they have committed, or are assigned. */
export async function groupLag(
  requests: BrokerRequests,
  names: string[],
  { topics: only }: OptionsOf<'groups.lag'>,
): Promise<GroupLag[]> {
  const groups = await groupsNamed(requests, names);
  const share = groups.find(({ type }) => type === 'share');
  if (share) throw new Problem('group-type-unsupported', { group: share.group, type: 'share' });
  const described = await describedGroups(requests, groups);
  const committed = await Promise.all(groups.map((group) => committedOffsets(requests, group)));
  const wanted = ({ topic }: { topic: string }): boolean => !only || only.includes(topic);
  const rows = groups.map(({ group }, index) =>
    partitionsOf(committed[index] ?? [], described.get(group)?.members ?? []).filter(wanted),
  );
  const latest = await latestOffsets(requests, rows.flat());
  return groups.map(({ group, state }, index) => {
    const partitions = (rows[index] ?? []).map((row) => withLag(row, latest));
    const lag = partitions.reduce((sum, one) => sum + (one.lag ?? 0), 0);
    return { group, state: described.get(group)?.state ?? state, lag, partitions };
  });
}

/** What a group has committed, sorted. @throws Problem "not-authorized" */
export async function committedOffsets(
  requests: BrokerRequests,
  { group, coordinator }: Pick<KnownGroup, 'group' | 'coordinator'>,
): Promise<CommittedOffset[]> {
  const answer = await requests.send(fetchOffsets(group), coordinator);
  if (isDenied(answer.errorCode)) throw notAuthorized('Describe', 'group', group);
  failOn(answer);
  for (const { errorCode } of answer.offsets) if (errorCode !== 0) throw answerError(errorCode);
  return answer.offsets.filter(({ offset }) => offset >= 0n).sort(byPartition);
}

interface Row {
  topic: string;
  partition: number;
  committed?: bigint;
  reader?: GroupMember;
}

function partitionsOf(committed: CommittedOffset[], members: GroupMember[]): Row[] {
  const rows = new Map<string, Row>();
  const rowOf = (topic: string, partition: number): Row => {
    const key = `${topic}/${partition}`;
    const row = rows.get(key) ?? { topic, partition };
    rows.set(key, row);
    return row;
  };
  for (const { topic, partition, offset } of committed) rowOf(topic, partition).committed = offset;
  for (const reader of members) {
    for (const { topic, partitions } of reader.topics) {
      for (const partition of partitions) rowOf(topic, partition).reader = reader;
    }
  }
  return [...rows.values()].sort(byPartition);
}

/** The ends of the partitions that exist and may be seen, by "topic/partition". */
async function latestOffsets(requests: BrokerRequests, rows: Row[]): Promise<Map<string, bigint>> {
  const names = [...new Set(rows.map(({ topic }) => topic))];
  if (names.length === 0) return new Map();
  const topics = [...(await visibleTopics(requests, names)).values()].filter(isVisible);
  const read = new Set(rows.map(({ topic, partition }) => `${topic}/${partition}`));
  const wanted = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.filter(({ partition }) => read.has(`${name}/${partition}`)),
  }));
  const found = await offsetsAt(requests, wanted, offsetTimes.latest);
  return new Map([...found].map(([key, { offset }]) => [key, offset]));
}

function withLag({ topic, partition, committed, reader }: Row, ends: Map<string, bigint>): PartitionLag {
  const latest = ends.get(`${topic}/${partition}`);
  return {
    ...{ topic, partition },
    committed: committed === undefined ? null : String(committed),
    latest: latest === undefined ? null : String(latest),
    lag: committed === undefined || latest === undefined ? null : Number(latest - committed),
    ...{ member: reader?.member ?? null, client: reader?.client ?? null, host: reader?.host ?? null },
  };
}

const byPartition = (
  one: { topic: string; partition: number },
  other: { topic: string; partition: number },
): number => (one.topic === other.topic ? one.partition - other.partition : one.topic < other.topic ? -1 : 1);

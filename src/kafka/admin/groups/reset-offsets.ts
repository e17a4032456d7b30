import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { commitOffsets } from '../../protocol/requests/changes';
import { isDenied, notAuthorized } from '../not-authorized';
import { type Ends, endsOf, offsetsAt, sinceOf } from '../offsets/list-offsets';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';
import { partitionsNamed } from '../topics/delete-records';
import { type TopicMetadata, topicsNamed } from '../topics/topic-metadata';
import { failIfActive } from './change-groups';
import { committedOffsets } from './group-lag';
import { coordinatorOf, describedGroups, findGroups, type KnownGroup } from './known-groups';

type Options = OptionsOf<'groups.resetOffsets'>;

const unknownMember = 25;
const groupAuthorizationFailed = 30;

/**
 * Plans new offsets for a group without members. An offset beyond either end of a partition becomes that end.
 * @throws Problem "group-active", "group-not-found", "group-type-unsupported", "reset-nothing", "partition-not-found"
 */
export async function planReset(requests: BrokerRequests, name: string, options: Options): Promise<Planned> {
  const group = await groupToReset(requests, name, options.create);
  const committed = group.isNew ? [] : await committedOffsets(requests, group);
  const before = new Map(committed.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  const topics = await topicsToReset(requests, options, [...before.keys()]);
  if (topics.length === 0) throw new Problem('reset-nothing', { group: name });
  const ends = await endsOf(requests, topics);
  const since = sinceOf(options);
  const atTime = since === undefined ? undefined : await offsetsAt(requests, topics, BigInt(since));
  const rows = topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partition }) => {
      const key = `${topic}/${partition}`;
      const { first, end } = ends(key);
      const found = atTime?.get(key)?.offset;
      const target = targetOf(options, key, { first, end, found, before: before.get(key) });
      const after = target < first ? first : target > end ? end : target;
      const old = before.get(key);
      return {
        ...{ topic, partition, before: old === undefined ? null : String(old) },
        ...{ after: String(after), lag: Number(end - after) },
      };
    }),
  );
  return {
    answer: { group: name, partitions: rows },
    async apply(sender, changes, signal) {
      await changes.change(name, signal, async () => {
        const offsets = rows.map(({ topic, partition, after }) => ({
          topic,
          partition,
          offset: BigInt(after),
        }));
        const answers = await sender.send(commitOffsets(name, offsets), group.coordinator);
        for (const { errorCode, topic } of answers) failOnCommit(errorCode, name, topic);
        return true;
      });
      return undefined;
    },
  };
}

function failOnCommit(errorCode: number, group: string, topic: string): void {
  if (errorCode === unknownMember) throw new Problem('group-active-now', { group });
  if (errorCode === groupAuthorizationFailed) throw notAuthorized('Read', 'group', group);
  if (isDenied(errorCode)) throw notAuthorized('Read', 'topic', topic);
  if (errorCode !== 0) throw answerError(errorCode);
}

async function groupToReset(
  requests: BrokerRequests,
  name: string,
  create: boolean,
): Promise<Pick<KnownGroup, 'group' | 'coordinator'> & { isNew: boolean }> {
  const [group] = await findGroups(requests, [name]);
  if (!group && create) return { group: name, coordinator: await coordinatorOf(requests, name), isNew: true };
  if (!group) throw new Problem('group-not-found', { group: name });
  if (group.type === 'share') throw new Problem('group-type-unsupported', { group: name, type: 'share' });
  failIfActive((await describedGroups(requests, [group])).get(name), name);
  return { ...group, isNew: false };
}

/** The partitions that are named; else all of the topics that are named; else all that are committed. */
async function topicsToReset(
  requests: BrokerRequests,
  { topics, offsets }: Options,
  committed: string[],
): Promise<TopicMetadata[]> {
  const keys = offsets ? [...offsets.keys()] : topics ? undefined : committed;
  const names = topics ?? [...new Set((keys ?? []).map((key) => key.slice(0, key.lastIndexOf('/'))))];
  if (names.length === 0) return [];
  const found = await topicsNamed(requests, names);
  if (!keys) return found;
  return found.map((topic) => {
    const ids = keys
      .filter((key) => key.startsWith(`${topic.name}/`) && key.lastIndexOf('/') === topic.name.length)
      .map((key) => Number(key.slice(topic.name.length + 1)));
    return { ...topic, partitions: partitionsNamed(topic, ids) };
  });
}

function targetOf(
  { to, offset, shift, offsets }: Options,
  key: string,
  { first, end, found, before }: Ends & { found?: bigint; before?: bigint },
): bigint {
  if (to === 'earliest') return first;
  if (to === 'latest') return end;
  if (offset !== undefined) return offset;
  // No record since then: the next one.
  if (found !== undefined) return found < 0n ? end : found;
  if (shift !== undefined) return (before ?? first) + BigInt(shift);
  return offsets?.get(key) ?? first;
}

import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests, failOn } from '../../connection/broker-requests';
import { deleteGroups, deleteOffsets } from '../../protocol/requests/changes';
import type { DescribedGroup } from '../../protocol/requests/groups';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';
import { committedOffsets } from './group-lag';
import { describedGroups, groupsNamed, type KnownGroup } from './known-groups';

const groupNotFound = 69;
const nonEmptyGroup = 68;
const groupSubscribed = 86;

/** Plans to delete groups with all that they have committed. @throws Problem "group-active" for one with members */
export async function planDeleteGroups(requests: BrokerRequests, names: string[]): Promise<Planned> {
  const groups = await groupsNamed(requests, names);
  const described = await describedGroups(requests, groups);
  for (const { group } of groups) failIfActive(described.get(group), group);
  const rows = await Promise.all(
    groups.map(async (group) => ({
      ...{ group: group.group, type: group.type, state: group.state },
      offsets: group.type === 'share' ? null : (await committedOffsets(requests, group)).length,
    })),
  );
  return {
    answer: { deleted: false, groups: rows },
    async apply(sender, changes, signal) {
      for (const { group, coordinator } of groups) {
        await changes.change(group, signal, async (maybeDone) => {
          const [answer] = await sender.send(deleteGroups([group]), coordinator);
          const errorCode = answer?.errorCode ?? -1;
          if (errorCode === groupNotFound && maybeDone) return true;
          if (errorCode === nonEmptyGroup) throw new Problem('group-active-now', { group });
          if (isDenied(errorCode)) throw notAuthorized('Delete', 'group', group);
          if (errorCode !== 0) throw answerError(errorCode);
          return true;
        });
      }
      return { deleted: true };
    },
  };
}

/**
 * Plans to delete what a group has committed.
 * @throws Problem "group-subscribed" where a member reads one of the topics
 */
export async function planDeleteOffsets(
  requests: BrokerRequests,
  name: string,
  { topics: only }: OptionsOf<'groups.deleteOffsets'>,
): Promise<Planned> {
  const [group] = (await groupsNamed(requests, [name])) as [KnownGroup];
  if (group.type === 'share') throw new Problem('group-type-unsupported', { group: name, type: 'share' });
  const offsets = (await committedOffsets(requests, group)).filter(
    ({ topic }) => !only || only.includes(topic),
  );
  const described = (await describedGroups(requests, [group])).get(name);
  const read = new Set(described?.members.flatMap(({ topics }) => topics.map(({ topic }) => topic)));
  const subscribed = offsets.find(({ topic }) => read.has(topic));
  if (subscribed) throw new Problem('group-subscribed', { group: name, topic: subscribed.topic });
  const partitions = offsets.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    before: String(offset),
  }));
  return {
    answer: { group: name, partitions },
    async apply(sender, changes, signal) {
      if (offsets.length === 0) return undefined;
      await changes.change(name, signal, async (maybeDone) => {
        const answer = await sender.send(deleteOffsets(name, offsets), group.coordinator);
        // Up to Kafka 3.9 a group is gone with its last offset.
        if (answer.errorCode === groupNotFound && maybeDone) return true;
        if (isDenied(answer.errorCode)) throw notAuthorized('Delete', 'group', name);
        failOn(answer);
        for (const { topic, errorCode } of answer.partitions) {
          if (errorCode === groupSubscribed) throw new Problem('group-subscribed', { group: name, topic });
          if (isDenied(errorCode)) throw notAuthorized('Read', 'topic', topic);
          if (errorCode !== 0) throw answerError(errorCode);
        }
        return true;
      });
      return undefined;
    },
  };
}

/** @throws Problem "group-active" */
export function failIfActive(described: DescribedGroup | undefined, group: string): void {
  const { members = [], state = '' } = described ?? {};
  if (members.length > 0) throw new Problem('group-active', { group, state, count: members.length });
}

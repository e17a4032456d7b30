import type { BrokerRequests } from '../../connection/broker-requests';
import type { GroupMember } from '../../protocol/requests/groups';
import { describedGroups, type GroupListing, groupsNamed } from './known-groups';

/** One group in the answer of `groups.describe`. */
export interface GroupDescription extends GroupListing {
  /** What assigns the partitions, e.g. "range"; "" without members. */
  assignor: string;
  /** The broker's id. */
  coordinator: number;
  members: GroupMember[];
}

/** Describes groups, in the order of the names. */
export async function describeGroups(requests: BrokerRequests, names: string[]): Promise<GroupDescription[]> {
  const groups = await groupsNamed(requests, names);
  const described = await describedGroups(requests, groups);
  return groups.map(({ group, type, protocol, state, coordinator }) => {
    const { state: current = state, assignor = '', members = [] } = described.get(group) ?? {};
    return { group, type, protocol, state: current, assignor, coordinator, members: members.map(sorted) };
  });
}

const sorted = ({ topics, ...member }: GroupMember): GroupMember => ({
  ...member,
  topics: topics
    .map(({ topic, partitions }) => ({ topic, partitions: [...partitions].sort((a, b) => a - b) }))
    .sort((one, other) => (one.topic < other.topic ? -1 : 1)),
});

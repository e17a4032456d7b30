import { Problem } from '../../../util/problem';
import { type BrokerRequests, failOn } from '../../connection/broker-requests';
import {
  type DescribedGroup,
  describeClassicGroups,
  describeConsumerGroups,
  describeShareGroups,
  findCoordinator,
  type ListedGroup,
  listGroups,
} from '../../protocol/requests/groups';
import { isDenied, notAuthorized } from '../not-authorized';

/** One group in the answer of `groups.list`. null: the broker is older than Kafka 3.8 (type) or 2.6 (state). */
export interface GroupListing {
  group: string;
  /** classic, consumer, share or streams. */
  type: string | null;
  /** "consumer" for consumers; "" where a group only commits. */
  protocol: string;
  state: string | null;
}

/** A group and its coordinator. */
export interface KnownGroup extends GroupListing {
  coordinator: number;
}

type Needed = Parameters<typeof listGroups>[0];

/**
 * All groups that the user may see, sorted: one request per broker.
 * @param needed what each group must have
 * @throws Problem "broker-too-old" where a broker does not report it
 */
export async function allGroups(requests: BrokerRequests, needed?: Needed): Promise<KnownGroup[]> {
  const brokers = await requests.brokers();
  const listed = await Promise.all(brokers.map((broker) => groupsAt(requests, broker, needed)));
  return listed.flat().sort(byName);
}

/**
 * Groups by their names, in that order.
 * @throws Problem "group-not-found" or "not-authorized" for the first that cannot be seen
 */
export async function groupsNamed(requests: BrokerRequests, names: string[]): Promise<KnownGroup[]> {
  const found = await findGroups(requests, names);
  return names.map((name, index) => {
    const group = found[index];
    if (!group) throw new Problem('group-not-found', { group: name });
    return group;
  });
}

/** Groups by their names; undefined: there is none. @throws Problem "not-authorized" */
export async function findGroups(
  requests: BrokerRequests,
  names: string[],
): Promise<Array<KnownGroup | undefined>> {
  const coordinators = await Promise.all(names.map((name) => coordinatorOf(requests, name)));
  const brokers = [...new Set(coordinators)];
  const listed = (await Promise.all(brokers.map((broker) => groupsAt(requests, broker)))).flat();
  return names.map((name) => listed.find(({ group }) => group === name));
}

/** The id of the broker that coordinates a group. @throws Problem "not-authorized" */
export async function coordinatorOf(requests: BrokerRequests, group: string): Promise<number> {
  const answer = await requests.send(findCoordinator(group));
  if (isDenied(answer.errorCode)) throw notAuthorized('Describe', 'group', group);
  failOn(answer);
  return answer.broker;
}

/** Describes groups of any type but streams, each at its coordinator: at most three requests per broker. */
export async function describedGroups(
  requests: BrokerRequests,
  groups: KnownGroup[],
): Promise<Map<string, DescribedGroup>> {
  const streams = groups.find(({ type }) => type === 'streams');
  if (streams) throw new Problem('group-type-unsupported', { group: streams.group, type: 'streams' });
  const answers: Array<Promise<DescribedGroup[]>> = [];
  for (const broker of new Set(groups.map(({ coordinator }) => coordinator))) {
    const here = groups.filter(({ coordinator }) => coordinator === broker);
    for (const [type, request] of [
      ['classic', describeClassicGroups],
      ['consumer', describeConsumerGroups],
      ['share', describeShareGroups],
    ] as const) {
      const names = here.filter((one) => (one.type ?? 'classic') === type).map(({ group }) => group);
      if (names.length > 0) answers.push(requests.send(request(names), broker));
    }
  }
  const described = (await Promise.all(answers)).flat();
  for (const one of described) {
    if (isDenied(one.errorCode)) throw notAuthorized('Describe', 'group', one.group);
    failOn(one);
  }
  return new Map(described.map((one) => [one.group, one]));
}

async function groupsAt(requests: BrokerRequests, broker: number, needed?: Needed): Promise<KnownGroup[]> {
  const answer = await requests.send(listGroups(needed), broker);
  failOn(answer);
  return answer.groups.map((group) => ({ ...listing(group), coordinator: broker }));
}

/** Kafka has written types in both cases. */
const listing = ({ group, type, protocol, state }: ListedGroup): GroupListing => ({
  ...{ group, type: type?.toLowerCase() ?? null, protocol, state: state ?? null },
});

const byName = (one: GroupListing, other: GroupListing): number => (one.group < other.group ? -1 : 1);

import type { AnswerError, ApiRequest } from '../api-request';
import { WireReader } from '../wire';

export interface ListedGroup {
  group: string;
  /** "consumer" for consumers, "" for a group that only commits. */
  protocol: string;
  /** undefined before version 4 (Kafka 2.6). */
  state?: string;
  /** undefined before version 5 (Kafka 3.8). */
  type?: string;
}

const listings = {
  names: { name: 'ListGroups', versions: [3, 5], since: '2.4' },
  states: { name: 'ListGroups with states', versions: [4, 5], since: '2.6' },
  types: { name: 'ListGroups with types', versions: [5, 5], since: '3.8' },
} as const;

/**
 * The groups whose coordinator is the asked broker.
 * @param needed what the answer must have: a broker that does not report it is too old
 */
export const listGroups = (
  needed: keyof typeof listings = 'names',
): ApiRequest<AnswerError & { groups: ListedGroup[] }> => ({
  ...{ key: 16, flexibleFrom: 3, ...listings[needed] },
  encode(body, version) {
    if (version >= 4) body.array([], () => {});
    if (version >= 5) body.array([], () => {});
    body.end();
  },
  decode(body, version) {
    body.int32();
    const errorCode = body.int16();
    const groups = body.array(() => {
      const group: ListedGroup = { group: body.string(), protocol: body.string() };
      if (version >= 4) group.state = body.string();
      if (version >= 5) group.type = body.string();
      body.end();
      return group;
    });
    return { errorCode, groups };
  },
});

/** The coordinator of a group. */
export const findCoordinator = (
  group: string,
): ApiRequest<AnswerError & { broker: number; host: string; port: number }> => ({
  ...{ key: 10, name: 'FindCoordinator', versions: [2, 2], since: '2.0' },
  encode(body) {
    body.string(group).int8(0);
  },
  decode(body) {
    body.int32();
    return {
      errorCode: body.int16(),
      errorMessage: body.nullableString(),
      broker: body.int32(),
      host: body.string(),
      port: body.int32(),
    };
  },
});

export interface GroupMember {
  member: string;
  client: string;
  host: string;
  topics: Array<{ topic: string; partitions: number[] }>;
}

export interface DescribedGroup extends AnswerError {
  group: string;
  state: string;
  protocol: string;
  assignor: string;
  members: GroupMember[];
}

/** Groups of the classic protocol, asked at their coordinator. One of another type is "Dead". */
export const describeClassicGroups = (groups: string[]): ApiRequest<DescribedGroup[]> => ({
  ...{ key: 15, name: 'DescribeGroups', versions: [3, 4], since: '2.3' },
  encode(body) {
    body.array(groups, (group) => body.string(group)).boolean(false);
  },
  decode(body, version) {
    body.int32();
    return body.array(() => {
      const head = { errorCode: body.int16(), group: body.string(), state: body.string() };
      const [protocol, assignor] = [body.string(), body.string()];
      const members = body.array(() => {
        const member = body.string();
        if (version >= 4) body.nullableString();
        const [client, host] = [body.string(), body.string()];
        body.data();
        return { member, client, host, assignment: body.data() };
      });
      body.int32();
      return { ...head, protocol, assignor, members: members.map(withTopics) };
    });
  },
});

/** Groups of the protocol of KIP-848, asked at their coordinator. */
export const describeConsumerGroups = (groups: string[]): ApiRequest<DescribedGroup[]> => ({
  ...{ key: 69, name: 'ConsumerGroupDescribe', versions: [0, 1], flexibleFrom: 0, since: '3.8' },
  encode(body) {
    body.array(groups, (group) => body.string(group));
    body.boolean(false).end();
  },
  decode: (body, version) =>
    describedGroups(body, 'consumer', () => {
      const member = body.string();
      body.nullableString();
      body.nullableString();
      body.int32();
      const [client, host] = [body.string(), body.string()];
      body.array(() => body.string());
      body.nullableString();
      const topics = assignment(body);
      assignment(body);
      if (version >= 1) body.int8();
      body.end();
      return { member, client, host, topics };
    }),
});

/** Share groups, asked at their coordinator. */
export const describeShareGroups = (groups: string[]): ApiRequest<DescribedGroup[]> => ({
  ...{ key: 77, name: 'ShareGroupDescribe', versions: [1, 1], flexibleFrom: 0, since: '4.1' },
  encode(body) {
    body.array(groups, (group) => body.string(group));
    body.boolean(false).end();
  },
  decode: (body) =>
    describedGroups(body, 'share', () => {
      const member = body.string();
      body.nullableString();
      body.int32();
      const [client, host] = [body.string(), body.string()];
      body.array(() => body.string());
      const topics = assignment(body);
      body.end();
      return { member, client, host, topics };
    }),
});

function describedGroups(body: WireReader, protocol: string, member: () => GroupMember): DescribedGroup[] {
  body.int32();
  return body.array(() => {
    const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
    const [group, state] = [body.string(), body.string()];
    body.int32();
    body.int32();
    const assignor = body.string();
    const members = body.array(member);
    body.int32();
    body.end();
    return { ...error, group, state, protocol, assignor, members };
  });
}

function assignment(body: WireReader): GroupMember['topics'] {
  const topics = body.array(() => {
    body.uuid();
    const topic = body.string();
    const partitions = body.array(() => body.int32());
    body.end();
    return { topic, partitions };
  });
  body.end();
  return topics;
}

interface ClassicMember extends Omit<GroupMember, 'topics'> {
  /** As the consumer's leader encoded it. */
  assignment: Buffer;
}

function withTopics({ assignment: bytes, ...member }: ClassicMember): GroupMember {
  if (bytes.length === 0) return { ...member, topics: [] };
  const body = new WireReader(bytes);
  body.int16();
  return {
    ...member,
    topics: body.array(() => ({ topic: body.string(), partitions: body.array(() => body.int32()) })),
  };
}

import type { AnswerError, ApiRequest } from '../api-request';
import { type ConfigResource, resourceTypes } from './configs';

/** How long a broker may work on a request. */
const workMs = 5000;

export interface MorePartitions {
  topic: string;
  /** In all. */
  partitions: number;
  /** The brokers of each new partition; null: the broker chooses. */
  replicas: number[][] | null;
}

/** Adds partitions to topics. @param validateOnly the broker checks the request, and changes nothing */
export const createPartitions = (
  topics: MorePartitions[],
  validateOnly: boolean,
): ApiRequest<Array<AnswerError & { topic: string }>> => ({
  ...{ key: 37, name: 'CreatePartitions', versions: [1, 1], since: '2.0' },
  encode(body) {
    body.array(topics, ({ topic, partitions, replicas }) => {
      body.string(topic).int32(partitions);
      body.array(replicas, (brokers) => body.array(brokers, (broker) => body.int32(broker)));
    });
    body.int32(workMs).boolean(validateOnly);
  },
  decode(body) {
    body.int32();
    return body.array(() => ({
      topic: body.string(),
      errorCode: body.int16(),
      errorMessage: body.nullableString(),
    }));
  },
});

export interface FirstOffsets {
  topic: string;
  partitions: Array<{ partition: number; offset: bigint }>;
}

/** Deletes records before an offset, of the partitions that the asked broker leads. */
export const deleteRecords = (
  topics: FirstOffsets[],
): ApiRequest<Array<AnswerError & { topic: string; partition: number; offset: bigint }>> => ({
  ...{ key: 21, name: 'DeleteRecords', versions: [1, 1], since: '2.0' },
  encode(body) {
    body.array(topics, ({ topic, partitions }) => {
      body.string(topic);
      body.array(partitions, ({ partition, offset }) => body.int32(partition).int64(offset));
    });
    body.int32(workMs);
  },
  decode(body) {
    body.int32();
    const found = body.array(() => {
      const topic = body.string();
      return body.array(() => ({
        topic,
        partition: body.int32(),
        offset: body.int64(),
        errorCode: body.int16(),
      }));
    });
    return found.flat();
  },
});

/** Kafka's numbers of what is done to a config. */
export const configActions = { set: 0, unset: 1, append: 2, subtract: 3 } as const;

export interface ConfigChange {
  config: string;
  action: keyof typeof configActions;
  /** null for unset. */
  value: string | null;
}

/** Changes configs of resources; what is not named stays. @param validateOnly the broker only checks the request */
export const alterConfigs = (
  resources: Array<ConfigResource & { changes: ConfigChange[] }>,
  validateOnly: boolean,
): ApiRequest<Array<AnswerError & { name: string }>> => ({
  ...{ key: 44, name: 'IncrementalAlterConfigs', versions: [0, 0], since: '2.3' },
  encode(body) {
    body.array(resources, ({ type, name, changes }) => {
      body.int8(resourceTypes[type]).string(name);
      body.array(changes, ({ config, action, value }) =>
        body.string(config).int8(configActions[action]).string(value),
      );
    });
    body.boolean(validateOnly);
  },
  decode(body) {
    body.int32();
    return body.array(() => {
      const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
      body.int8();
      return { ...error, name: body.string() };
    });
  },
});

export interface GroupOffset {
  topic: string;
  partition: number;
  offset: bigint;
}

type PartitionAnswer = AnswerError & { topic: string; partition: number };

/** Commits offsets for a group without members: it joins none, and keeps the group's type. */
export const commitOffsets = (group: string, offsets: GroupOffset[]): ApiRequest<PartitionAnswer[]> => ({
  ...{ key: 8, name: 'OffsetCommit', versions: [5, 5], since: '2.1' },
  encode(body) {
    body.string(group).int32(-1).string('');
    body.array(byTopic(offsets), ([topic, partitions]) => {
      body.string(topic);
      body.array(partitions, ({ partition, offset }) => body.int32(partition).int64(offset).string(null));
    });
  },
  decode(body) {
    body.int32();
    const answers = body.array(() => {
      const topic = body.string();
      return body.array(() => ({ topic, partition: body.int32(), errorCode: body.int16() }));
    });
    return answers.flat();
  },
});

/** Deletes committed offsets of a group. */
export const deleteOffsets = (
  group: string,
  offsets: Array<Omit<GroupOffset, 'offset'>>,
): ApiRequest<AnswerError & { partitions: PartitionAnswer[] }> => ({
  ...{ key: 47, name: 'OffsetDelete', versions: [0, 0], since: '2.4' },
  encode(body) {
    body.string(group);
    body.array(byTopic(offsets), ([topic, partitions]) => {
      body.string(topic);
      body.array(partitions, ({ partition }) => body.int32(partition));
    });
  },
  decode(body) {
    const errorCode = body.int16();
    body.int32();
    const partitions = body.array(() => {
      const topic = body.string();
      return body.array(() => ({ topic, partition: body.int32(), errorCode: body.int16() }));
    });
    return { errorCode, partitions: partitions.flat() };
  },
});

/** Deletes groups without members, at their coordinator. */
export const deleteGroups = (groups: string[]): ApiRequest<Array<AnswerError & { group: string }>> => ({
  ...{ key: 42, name: 'DeleteGroups', versions: [1, 1], since: '2.0' },
  encode(body) {
    body.array(groups, (group) => body.string(group));
  },
  decode(body) {
    body.int32();
    return body.array(() => ({ group: body.string(), errorCode: body.int16() }));
  },
});

function byTopic<Partition extends { topic: string }>(partitions: Partition[]): Array<[string, Partition[]]> {
  const topics = new Map<string, Partition[]>();
  for (const one of partitions) topics.set(one.topic, [...(topics.get(one.topic) ?? []), one]);
  return [...topics];
}

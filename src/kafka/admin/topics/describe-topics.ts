import type { BrokerRequests } from '../../connection/broker-requests';
import { type ConfigEntry, describeConfigs } from '../../protocol/requests/configs';
import { partitionBytes } from './partition-bytes';
import { type TopicMetadata, topicsNamed } from './topic-metadata';

/** One topic in the answer of `topics.describe`. null: the user may not see it, or the broker does not report it. */
export interface TopicDescription {
  topic: string;
  internal: boolean;
  replicationFactor: number;
  minIsr: number | null;
  /** How many partitions have a replica that is not in sync. */
  underReplicated: number;
  /** How many have no leader. */
  offline: number;
  /** How many have fewer replicas in sync than `minIsr`. */
  underMinIsr: number | null;
  /** Of the leaders' copies. */
  bytes: number | null;
  /** Those set on the topic. */
  configs: Record<string, string | null> | null;
  partitions: PartitionDescription[];
}

export interface PartitionDescription {
  partition: number;
  /** The broker's id; -1: no leader at present. */
  leader: number;
  replicas: number[];
  isr: number[];
  offlineReplicas: number[];
  underReplicated: boolean;
  offline: boolean;
  underMinIsr: boolean | null;
  bytes: number | null;
}

const setOnTopic = 1;
const minIsrConfig = 'min.insync.replicas';

/** Describes topics. @throws Problem "topic-not-found" or "not-authorized" for the first that cannot be seen */
export async function describeTopics(requests: BrokerRequests, names: string[]): Promise<TopicDescription[]> {
  const topics = await topicsNamed(requests, names);
  const [configs, bytes] = await Promise.all([
    topicConfigs(requests, names),
    partitionBytes(requests, topics),
  ]);
  return topics.map((topic) => describe(topic, configs.get(topic.name) ?? null, bytes));
}

/** The configs of topics, by name; null: the user may not see them. */
export async function topicConfigs(
  requests: BrokerRequests,
  names: string[],
): Promise<Map<string, ConfigEntry[] | null>> {
  const described = await requests.send(
    describeConfigs(
      names.map((name) => ({ type: 'topic', name })),
      false,
    ),
  );
  return new Map(described.map(({ name, errorCode, configs }) => [name, errorCode === 0 ? configs : null]));
}

function describe(
  { name, internal, partitions }: TopicMetadata,
  configs: ConfigEntry[] | null,
  bytes: Map<string, number>,
): TopicDescription {
  const minIsr = Number(configs?.find((config) => config.name === minIsrConfig)?.value ?? Number.NaN);
  const all = partitions.map(({ partition, leader, replicas, isr, offlineReplicas }) => ({
    ...{ partition, leader, replicas, isr, offlineReplicas },
    underReplicated: isr.length < replicas.length,
    offline: leader < 0,
    underMinIsr: Number.isNaN(minIsr) ? null : isr.length < minIsr,
    bytes: bytes.get(`${name}/${partition}`) ?? null,
  }));
  const set = configs?.filter(({ source }) => source === setOnTopic);
  return {
    topic: name,
    internal,
    replicationFactor: all[0]?.replicas.length ?? 0,
    minIsr: Number.isNaN(minIsr) ? null : minIsr,
    underReplicated: all.filter((one) => one.underReplicated).length,
    offline: all.filter((one) => one.offline).length,
    underMinIsr: Number.isNaN(minIsr) ? null : all.filter((one) => one.underMinIsr).length,
    bytes: all.some((one) => one.bytes === null) ? null : all.reduce((sum, one) => sum + (one.bytes ?? 0), 0),
    configs: set ? Object.fromEntries(set.map((config) => [config.name, config.value])) : null,
    partitions: all,
  };
}

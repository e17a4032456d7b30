import type { Admin, ITopicMetadata } from 'kafkajs';
import { Problem } from '../../util/problem';
import { rootOf } from '../errors';

/** One topic as `topics.describe` answers it. */
export interface TopicDescription {
  topic: string;
  replicationFactor: number;
  /** Partitions with fewer replicas in sync than they have. */
  underReplicated: number;
  partitions: Array<{
    partition: number;
    /** The broker's id; -1: none just now. */
    leader: number;
    replicas: number[];
    isr: number[];
    underReplicated: boolean;
  }>;
}

/** What a topic shall be like; left out: the broker's default. */
export interface DesiredTopic {
  partitions?: number;
  replicationFactor?: number;
  configs?: Record<string, string>;
}

/** What `topics.ensure` answers for each topic. */
export interface EnsuredTopic {
  topic: string;
  created: boolean;
  partitions: number;
  replicationFactor: number;
  /** What an existing topic has other than desired; nothing is changed. */
  differences: string[];
}

const visiblePollMs = 100;

/** The names of all topics, in order. @param internal with Kafka's own, such as __consumer_offsets */
export async function listTopics(admin: Admin, internal: boolean): Promise<string[]> {
  const names = await admin.listTopics();
  return names.filter((name) => internal || !name.startsWith('__')).sort();
}

/** Describes topics. @throws Problem "topic-not-found", naming the first that is missing */
export async function describeTopics(admin: Admin, names: string[]): Promise<TopicDescription[]> {
  const existing = new Set(await admin.listTopics());
  for (const topic of names) if (!existing.has(topic)) throw new Problem('topic-not-found', { topic });
  return (await metadataOf(admin, names)).map(describe);
}

/**
 * Makes the topics that are missing; those that are there stay as they are, and how they differ is told.
 * @param signal ends the wait until a new topic can be written to
 */
export async function ensureTopics(
  admin: Admin,
  names: string[],
  desired: DesiredTopic,
  signal: AbortSignal,
): Promise<EnsuredTopic[]> {
  const created = new Set<string>();
  for (const topic of names) if (await createTopic(admin, topic, desired)) created.add(topic);
  const topics = await untilLed(admin, names, signal);
  return topics.map(({ topic, partitions, replicationFactor }) => ({
    topic,
    created: created.has(topic),
    partitions: partitions.length,
    replicationFactor,
    differences: created.has(topic) ? [] : differences(desired, partitions.length, replicationFactor),
  }));
}

/** Deletes topics with all their records. @throws Problem "topic-not-found" before anything is deleted */
export async function deleteTopics(admin: Admin, names: string[]): Promise<void> {
  await describeTopics(admin, names);
  await admin.deleteTopics({ topics: names });
}

async function createTopic(admin: Admin, topic: string, desired: DesiredTopic): Promise<boolean> {
  try {
    return await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: desired.partitions ?? -1,
          replicationFactor: desired.replicationFactor ?? -1,
          configEntries: Object.entries(desired.configs ?? {}).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  } catch (error) {
    if (typeOf(error) === 'TOPIC_ALREADY_EXISTS') return false;
    throw error;
  }
}

/** A new topic is not known to every broker at once. */
async function untilLed(admin: Admin, names: string[], signal: AbortSignal): Promise<TopicDescription[]> {
  for (;;) {
    try {
      const topics = (await metadataOf(admin, names)).map(describe);
      const led = topics.every(
        ({ partitions }) => partitions.length > 0 && partitions.every((p) => p.leader >= 0),
      );
      if (led || signal.aborted) return topics;
    } catch (error) {
      if (signal.aborted || !['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'].includes(typeOf(error))) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, visiblePollMs));
  }
}

async function metadataOf(admin: Admin, topics: string[]): Promise<ITopicMetadata[]> {
  return (await admin.fetchTopicMetadata({ topics })).topics;
}

function describe({ name, partitions }: ITopicMetadata): TopicDescription {
  const all = partitions
    .map(({ partitionId, leader, replicas, isr }) => ({
      partition: partitionId,
      leader,
      replicas,
      isr,
      underReplicated: isr.length < replicas.length,
    }))
    .sort((a, b) => a.partition - b.partition);
  return {
    topic: name,
    replicationFactor: all[0]?.replicas.length ?? 0,
    underReplicated: all.filter((partition) => partition.underReplicated).length,
    partitions: all,
  };
}

function differences(desired: DesiredTopic, partitions: number, replicationFactor: number): string[] {
  const found: string[] = [];
  if (desired.partitions !== undefined && desired.partitions !== partitions) {
    found.push(`partitions: ${partitions}, not ${desired.partitions}`);
  }
  if (desired.replicationFactor !== undefined && desired.replicationFactor !== replicationFactor) {
    found.push(`replicationFactor: ${replicationFactor}, not ${desired.replicationFactor}`);
  }
  return found;
}

const typeOf = (error: unknown): string => String((rootOf(error) as { type?: string })?.type);

import type { Admin, ITopicMetadata } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { errorCode } from '../errors';
import type { TopicChanges } from './topic-changes';

/** One topic in the result of `topics.describe`. */
export interface TopicDescription {
  topic: string;
  replicationFactor: number;
  /** How many partitions have a replica that is not in sync. */
  underReplicated: number;
  partitions: Array<{
    partition: number;
    /** The broker's id; -1: no leader at present. */
    leader: number;
    replicas: number[];
    isr: number[];
    underReplicated: boolean;
  }>;
}

/** The properties of a topic to create; a missing one: the broker's default. */
export interface DesiredTopic {
  partitions?: number;
  replicationFactor?: number;
  configs?: Record<string, string>;
}

/** One topic in the result of `topics.ensure`. */
export interface EnsuredTopic {
  topic: string;
  created: boolean;
  partitions: number;
  replicationFactor: number;
  /** Where an existing topic differs from the desired one, e.g. `partitions: 1, not 3`; it is not changed. */
  differences: string[];
}

const visiblePollMs = 100;
// The answers of a broker that has not heard of a new topic, or of its leaders.
const notYetVisible = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

/** The names of all topics, sorted. @param internal include Kafka's internal topics, e.g. __consumer_offsets */
export async function listTopics(admin: Admin, internal: boolean): Promise<string[]> {
  const names = await admin.listTopics();
  return names.filter((name) => internal || !name.startsWith('__')).sort();
}

/** Describes topics. @throws Problem "topic-not-found" with the first one that does not exist */
export async function describeTopics(admin: Admin, names: string[]): Promise<TopicDescription[]> {
  const existing = new Set(await admin.listTopics());
  for (const topic of names) if (!existing.has(topic)) throw new Problem('topic-not-found', { topic });
  return (await metadataOf(admin, names)).map(describe);
}

/**
 * Creates the topics that do not exist. Leaves existing ones as they are, and reports how they differ.
 * @param changes records which topics are created
 * @param signal no topic is created after it; ends the wait for the leaders of new topics
 */
export async function ensureTopics(
  admin: Admin,
  names: string[],
  desired: DesiredTopic,
  changes: TopicChanges,
  signal: AbortSignal,
): Promise<EnsuredTopic[]> {
  for (const topic of names) {
    // A topic that exists after a request without an answer: that request created it.
    await changes.change(
      topic,
      signal,
      async (maybeDone) => (await createTopic(admin, topic, desired)) || maybeDone,
    );
  }
  const created = new Set(changes.done);
  const topics = await describeWhenLed(admin, names, signal);
  return topics.map(({ topic, partitions, replicationFactor }) => ({
    topic,
    created: created.has(topic),
    partitions: partitions.length,
    replicationFactor,
    differences: created.has(topic) ? [] : differences(desired, partitions.length, replicationFactor),
  }));
}

/**
 * Deletes topics.
 * @param changes records which topics are deleted
 * @param signal no request is sent after it
 * @throws Problem "topic-not-found" with a topic that no longer exists, unless an earlier request deleted it
 */
export async function deleteTopics(
  admin: Admin,
  names: string[],
  changes: TopicChanges,
  signal: AbortSignal,
): Promise<void> {
  // One by one: kafkajs reports only the first error in the answer to a request for several topics.
  for (const topic of names) {
    await changes.change(topic, signal, async (maybeDone) => {
      try {
        await admin.deleteTopics({ topics: [topic] });
      } catch (error) {
        if (errorCode(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        if (!maybeDone) throw new Problem('topic-not-found', { topic });
      }
      return true;
    });
  }
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
    if (errorCode(error) === 'TOPIC_ALREADY_EXISTS') return false;
    throw error;
  }
}

/** Describes the topics once all partitions have a leader: brokers learn of a new topic one by one. */
async function describeWhenLed(
  admin: Admin,
  names: string[],
  signal: AbortSignal,
): Promise<TopicDescription[]> {
  for (;;) {
    try {
      const topics = (await metadataOf(admin, names)).map(describe);
      const led = topics.every(
        ({ partitions }) => partitions.length > 0 && partitions.every((p) => p.leader >= 0),
      );
      if (led || signal.aborted) return topics;
    } catch (error) {
      if (signal.aborted || !notYetVisible.includes(errorCode(error))) throw error;
    }
    await sleep(visiblePollMs, signal);
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

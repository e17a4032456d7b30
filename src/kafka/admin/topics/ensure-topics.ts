import { Problem } from '../../../util/problem';
import { sleep } from '../../../util/sleep';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { createTopics, type NewTopic } from '../../protocol/requests/topics';
import { notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import type { TopicChanges } from '../topic-changes';
import { topicConfigs } from './describe-topics';
import { isVisible, type TopicMetadata, visibleTopics } from './topic-metadata';

/** One topic in the answer of `topics.ensure`. */
export interface EnsuredTopic {
  topic: string;
  dryRun: boolean;
  created: boolean;
  /** null: the broker's default, where a dry run would create the topic; so is `replicationFactor`. */
  partitions: number | null;
  replicationFactor: number | null;
  /** Where an existing topic differs from the desired one, e.g. `partitions: 1, not 3`; it is not changed. */
  differences: string[];
}

type Desired = OptionsOf<'topics.ensure'>;

const visiblePollMs = 100;
const topicExists = 36;
const invalidConfig = 40;
const authorizationErrors = [29, 31];

/**
 * Creates the topics that do not exist, and resolves when every broker knows their leaders. Leaves existing ones as they are,
 * and reports how they differ.
 * @param changes records which topics are created
 * @param signal no topic is created after it; ends the wait for the leaders of new topics
 */
export async function ensureTopics(
  requests: BrokerRequests,
  names: string[],
  desired: Desired,
  changes: TopicChanges,
  signal: AbortSignal,
): Promise<EnsuredTopic[]> {
  const before = await visibleTopics(requests, names);
  // One that an earlier request may have created is asked for again, to know.
  const missing = names.filter(
    (name) => changes.inDoubt === name || (!isVisible(before.get(name)) && !changes.done.includes(name)),
  );
  // All are validated before the first is created.
  for (const name of missing) await create(requests, name, desired, true);
  if (!desired.dryRun) {
    for (const topic of missing) {
      // A topic that exists after a request without an answer: that request created it.
      await changes.change(topic, signal, async (maybeDone) => {
        return (await create(requests, topic, desired, false)) || maybeDone;
      });
    }
    if (changes.done.length > 0) await untilKnown(requests, names, signal);
  }
  const after = desired.dryRun ? before : await visibleTopics(requests, names);
  const found = names.map((name) => after.get(name)).filter(isVisible);
  const existing = found.map(({ name }) => name).filter((name) => !changes.done.includes(name));
  const different = await configDifferences(requests, existing, desired.configs ?? {});
  return names.map((name) => {
    const topic = found.find((one) => one.name === name);
    if (!topic) return requested(name, desired);
    const created = changes.done.includes(name);
    const differences = created ? [] : [...countDifferences(topic, desired), ...(different.get(name) ?? [])];
    return {
      ...{ topic: name, dryRun: desired.dryRun, created, partitions: topic.partitions.length },
      replicationFactor: topic.partitions[0]?.replicas.length ?? 0,
      differences,
    };
  });
}

function requested(
  topic: string,
  { partitions, replicationFactor, replicas, dryRun }: Desired,
): EnsuredTopic {
  return {
    ...{ topic, dryRun, created: false, partitions: partitions ?? replicas?.length ?? null },
    replicationFactor: replicationFactor ?? replicas?.[0]?.length ?? null,
    differences: [],
  };
}

/** @returns false where the topic exists */
async function create(
  requests: BrokerRequests,
  topic: string,
  { partitions = -1, replicationFactor = -1, replicas, configs = {} }: Desired,
  validateOnly: boolean,
): Promise<boolean> {
  const wanted: NewTopic = { topic, partitions, replicationFactor, replicas, configs };
  const [answer] = await requests.send(createTopics([wanted], validateOnly));
  const { errorCode, errorMessage } = answer ?? { errorCode: -1 };
  if (errorCode === topicExists) return false;
  if (authorizationErrors.includes(errorCode)) throw notAuthorized('Create', 'topic', topic);
  if (errorCode === invalidConfig) {
    throw new Problem('config-rejected', { what: topic, reason: errorMessage || 'INVALID_CONFIG' });
  }
  if (errorCode !== 0) throw answerError(errorCode, errorMessage);
  return true;
}

/** Waits until all brokers know the leaders of the topics: they learn of a new topic one by one. */
async function untilKnown(requests: BrokerRequests, names: string[], signal: AbortSignal): Promise<void> {
  const isLed = (topic: TopicMetadata | undefined): boolean =>
    isVisible(topic) && topic.partitions.length > 0 && topic.partitions.every(({ leader }) => leader >= 0);
  for (const broker of await requests.brokers()) {
    for (;;) {
      const topics = await visibleTopics(requests, names, broker);
      if (signal.aborted || names.every((name) => isLed(topics.get(name)))) break;
      await sleep(visiblePollMs, signal);
    }
  }
}

function countDifferences({ partitions }: TopicMetadata, desired: Desired): string[] {
  const wanted = {
    partitions: desired.partitions ?? desired.replicas?.length,
    replicationFactor: desired.replicationFactor ?? desired.replicas?.[0]?.length,
  };
  const found = { partitions: partitions.length, replicationFactor: partitions[0]?.replicas.length ?? 0 };
  return (['partitions', 'replicationFactor'] as const).flatMap((name) =>
    wanted[name] === undefined || wanted[name] === found[name]
      ? []
      : [`${name}: ${found[name]}, not ${wanted[name]}`],
  );
}

/** Of existing topics, by name. Configs that the user may not see are not compared. */
async function configDifferences(
  requests: BrokerRequests,
  names: string[],
  wanted: Record<string, string>,
): Promise<Map<string, string[]>> {
  if (names.length === 0 || Object.keys(wanted).length === 0) return new Map();
  const configs = await topicConfigs(requests, names);
  return new Map(
    names.map((topic) => [
      topic,
      Object.entries(wanted).flatMap(([name, value]) => {
        const all = configs.get(topic);
        const found = all?.find((config) => config.name === name)?.value ?? null;
        return !all || found === value ? [] : [`${name}: ${found ?? 'none'}, not ${value}`];
      }),
    ]),
  );
}

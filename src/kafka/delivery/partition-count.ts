import { Problem } from '../../util/problem';
import type { AdminClient } from '../admin/admin-client';
import { isDenied } from '../admin/not-authorized';
import { type BrokerRequests, failOn } from '../connection/broker-requests';
import { errorCode } from '../errors';
import { metadata } from '../protocol/requests/metadata';
import { createTopics } from '../protocol/requests/topics';

/** How a missing topic is created. */
export interface TopicCreation {
  partitions: number;
  /** Copies of each partition; undefined: the broker's default. */
  replicationFactor?: number;
}

const maxAgeMs = 60_000;
/** Kafka's number of TOPIC_ALREADY_EXISTS. */
const topicExists = 36;

/** The number of a topic's partitions, as the cluster last reported it. Creates a missing topic where asked to. */
export class PartitionCount {
  private known?: number;
  private knownAt = 0;
  private refreshing?: Promise<number | undefined>;
  /** Set it when the cluster may have changed; a successful request to it resets it. */
  stale = false;

  /**
   * @param creation how to create the topic if it is missing; undefined: not at all
   * @param onClusterId called with the cluster's id before the number of partitions is known
   */
  constructor(
    private readonly topic: string,
    private readonly admin: Pick<AdminClient, 'use'>,
    private readonly creation?: TopicCreation,
    private readonly onClusterId: (id: string) => void = () => {},
  ) {}

  /** The last known number; undefined before the first. */
  get current(): number | undefined {
    return this.known;
  }

  /** Refreshes a number that is over a minute old, in the background. */
  refreshIfOld(): void {
    if (this.known !== undefined && performance.now() - this.knownAt > maxAgeMs) void this.refresh();
  }

  /**
   * Asks the cluster.
   * @throws what kafkajs threw; Problem "topic-missing" where the topic has no partitions yet
   */
  async fetch(): Promise<number> {
    this.known = await this.admin.use(async (requests) => {
      const count = async (): Promise<number> => {
        const { clusterId, topics } = await requests.send(metadata([this.topic]));
        if (clusterId !== null) this.onClusterId(clusterId);
        const [topic] = topics;
        if (topic) failOn(topic);
        const partitions = topic?.partitions.length ?? 0;
        if (partitions === 0) throw new Problem('topic-missing', { topic: this.topic });
        return partitions;
      };
      try {
        return await count();
      } catch (error) {
        if (!this.creation || errorCode(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        await this.create(requests, this.creation);
        return await count();
      }
    });
    this.knownAt = performance.now();
    this.stale = false;
    return this.known;
  }

  private async create(
    requests: BrokerRequests,
    { partitions, replicationFactor = -1 }: TopicCreation,
  ): Promise<void> {
    const wanted = { topic: this.topic, partitions, replicationFactor, configs: {} };
    const [answer = { errorCode: 0 }] = await requests.send(createTopics([wanted], false));
    // Of a missing permission Kafka says less than our sentence.
    if (isDenied(answer.errorCode)) failOn({ errorCode: answer.errorCode });
    if (answer.errorCode !== topicExists) failOn(answer);
  }

  /** Asks the cluster, once for all who ask at the same time; undefined where it cannot say. */
  refresh(): Promise<number | undefined> {
    this.refreshing ??= this.fetch()
      .catch(() => undefined)
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }
}

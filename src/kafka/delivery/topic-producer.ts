import type { Message, RecordMetadata } from 'kafkajs';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import type { Replace } from '../errors';
import { KafkaProblem } from '../kafka-problem';
import { maxFailures, maxSuspiciousFailures } from '../retry-policy';

/** A Produce request's acknowledgement. */
export interface Acknowledgement {
  /** The offset of the batch's first record, decimal; "-1" if unknown. */
  baseOffset: string;
  /** The broker's time where the topic stamps records itself, else -1; epoch milliseconds. */
  logAppendTime: number;
}

/** One kafkajs producer, as `KafkajsProducer` is. */
export interface ProducerClient {
  /** Resolves when connected; rejects with what kafkajs threw. */
  readonly ready: Promise<void>;
  readonly connected: boolean;
  /** The number of sends that have not settled. */
  readonly inFlight: number;
  send(topic: string, messages: Message[]): Promise<RecordMetadata[]>;
  /** Disconnects when the last send has settled, within bounds. */
  retire(): Promise<void>;
  /** Closes all connections at once. */
  cut(): void;
}

/**
 * The producer of one topic: one kafkajs client, replaced by a new one when it looks stuck. Requests of the
 * old client settle there. A client per topic, because a deleted or leaderless topic blocks its whole client.
 */
export class TopicProducer {
  private client?: ProducerClient;
  /** Failed attempts in a row on this client, and those after which kafkajs may not recover. */
  private failures = 0;
  private suspiciousFailures = 0;
  private closed = false;
  private readonly clientOfError = new WeakMap<object, ProducerClient>();
  private readonly retiring = new Map<ProducerClient, Promise<void>>();

  /**
   * @param makeClient makes a client that connects; it calls `onIdleDisconnect` when its last connection
   *   closes while no request is in flight
   * @param attemptLimitMs milliseconds after which an attempt fails with unknown outcome
   * @param onIdleDisconnect called when the present client has disconnected in that way
   */
  constructor(
    private readonly makeClient: (onIdleDisconnect: () => void) => ProducerClient,
    private readonly attemptLimitMs: number,
    private readonly onIdleDisconnect: () => void,
  ) {}

  /** Resolves when connected. Rejects with what kafkajs threw. */
  async connect(): Promise<void> {
    await this.connectedClient();
  }

  /**
   * Sends one batch to one partition, in one request.
   * @returns the acknowledgement, accepted only if it names exactly this topic and partition
   * @throws what kafkajs threw, KafkaProblem NO_ACKNOWLEDGEMENT or ATTEMPT_TIMEOUT
   */
  async send(topic: string, partition: number, messages: Message[]): Promise<Acknowledgement> {
    const client = await this.connectedClient();
    let metadata: RecordMetadata;
    try {
      const all = await within(client.send(topic, messages), this.attemptLimitMs, () => {
        const seconds = Math.round(this.attemptLimitMs / 1000);
        throw new KafkaProblem('ATTEMPT_TIMEOUT', { topic, seconds });
      });
      metadata = onlyAcknowledgement(all, topic, partition);
    } catch (error) {
      this.clientOfError.set(error as object, client);
      throw error;
    }
    if (client === this.client) this.resetFailures();
    return { baseOffset: metadata.baseOffset ?? '-1', logAppendTime: Number(metadata.logAppendTime ?? -1) };
  }

  /**
   * Counts a failed attempt; replaces the client when the failure, or their number, requires it.
   * @param thrown what send() threw: a failure of a replaced client does not count for its successor
   */
  attemptFailed(thrown: unknown, replace: Replace): void {
    const { client } = this;
    if (!client || this.clientOfError.get(thrown as object) !== client) return;
    this.failures++;
    if (replace === 'second') this.suspiciousFailures++;
    const stuck = this.suspiciousFailures >= maxSuspiciousFailures || this.failures >= maxFailures;
    if (replace === 'now' || stuck) this.replaceClient();
  }

  /** Retires the client: the next send makes a new one, with a new producer id and new sequence numbers. */
  replaceClient(): void {
    const { client } = this;
    this.client = undefined;
    this.resetFailures();
    if (client) {
      const retired = client.retire().then(() => void this.retiring.delete(client));
      this.retiring.set(client, retired);
    }
  }

  /** Ends all clients, for good; requests in flight fail. */
  async close(): Promise<void> {
    this.closed = true;
    this.replaceClient();
    for (const client of this.retiring.keys()) if (client.inFlight > 0 || !client.connected) client.cut();
    await Promise.all(this.retiring.values());
  }

  private async connectedClient(): Promise<ProducerClient> {
    // A client made after close() would never be ended.
    if (this.closed) throw new Problem('closing');
    this.client ??= this.newClient();
    const { client } = this;
    try {
      await client.ready;
    } catch (error) {
      if (this.client === client) this.replaceClient();
      throw error;
    }
    return client;
  }

  private newClient(): ProducerClient {
    const client: ProducerClient = this.makeClient(() => {
      if (this.client !== client) return;
      this.replaceClient();
      this.onIdleDisconnect();
    });
    return client;
  }

  private resetFailures(): void {
    this.failures = 0;
    this.suspiciousFailures = 0;
  }
}

/** @throws KafkaProblem NO_ACKNOWLEDGEMENT where kafkajs resolves with an empty list: it has sent nothing */
function onlyAcknowledgement(all: RecordMetadata[], topic: string, partition: number): RecordMetadata {
  const [metadata] = all;
  const matches = metadata?.topicName === topic && metadata.partition === partition && !metadata.errorCode;
  if (all.length === 1 && metadata && matches) return metadata;
  throw new KafkaProblem('NO_ACKNOWLEDGEMENT', { topic, partition });
}

import {
  type CompressionTypes,
  KafkaJSRequestTimeoutError,
  type Message,
  type PartitionerArgs,
  type Producer,
  type RecordMetadata,
  type RequestTimeoutEvent,
} from 'kafkajs';
import { within } from '../../util/within';
import { placeOf } from '../connection/address';
import type { BrokerHealth } from '../connection/broker-health';
import { type ClusterSettings, createClient, type DetailLog } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { noteAdvertiser, rootOf } from '../errors';
import { KafkaProblem } from '../kafka-problem';
import type { ProducerClient } from './topic-producer';

export interface ProducerOptions {
  idempotent: boolean;
  acks: -1 | 1;
  compression: CompressionTypes;
}

interface PendingSend {
  /** Milliseconds of `performance.now()`. */
  sentAt: number;
  fail(error: Error): void;
}

const settleLimitMs = 40_000;
const disconnectLimitMs = 2000;
const metadataMaxAgeMs = 30_000;
const timerSlackMs = 100;
// The broker stops waiting for replicas a little before the client stops waiting for the broker.
const produceTimeoutMarginMs = 2000;
const minProduceTimeoutMs = 1000;

/** One kafkajs producer with its sockets. */
export class KafkajsProducer implements ProducerClient {
  readonly ready: Promise<void>;
  connected = false;
  private retired?: Promise<void>;
  private readonly sends = new Set<Promise<unknown>>();
  private readonly pending = new Set<PendingSend>();
  private readonly sockets: Sockets;
  private readonly producer: Producer;

  /** @param onIdleDisconnect called when the last connection closes while no request is in flight */
  constructor(
    private readonly settings: ClusterSettings,
    private readonly options: ProducerOptions,
    detail: DetailLog,
    private readonly brokerHealth: BrokerHealth,
    onIdleDisconnect: () => void,
  ) {
    this.sockets = new Sockets(() => {
      if (this.connected && this.sends.size === 0) onIdleDisconnect();
    }, brokerHealth);
    const brokers = brokerHealth.bootstrapOrder(settings.brokers);
    this.producer = createClient({ ...settings, brokers }, this.sockets, detail).producer({
      idempotent: options.idempotent,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataMaxAgeMs,
      createPartitioner: () => chosenPartition,
      // kafkajs requires at least one retry of an idempotent producer.
      retry: { retries: options.idempotent ? 1 : 0, initialRetryTime: 100, maxRetryTime: 500 },
    });
    this.producer.on(this.producer.events.REQUEST_TIMEOUT, ({ payload }) => {
      brokerHealth.unresponsive(placeOf(payload.broker));
      if (payload.apiName === 'Produce') this.requestTimedOut(payload);
    });
    this.ready = this.noted(this.producer.connect()).then(() => {
      this.connected = true;
    });
    this.ready.catch(() => {});
  }

  get inFlight(): number {
    return this.sends.size;
  }

  /**
   * Sends records of one partition.
   * @throws what kafkajs threw, or its KafkaJSRequestTimeoutError at the first request without a response: an
   *   idempotent producer would retry once more on the same connection, which may be dead
   */
  async send(topic: string, messages: Message[]): Promise<RecordMetadata[]> {
    const sending = this.producer
      .send({
        topic,
        messages,
        acks: this.options.acks,
        compression: this.options.compression,
        timeout: Math.max(minProduceTimeoutMs, this.settings.requestTimeout - produceTimeoutMarginMs),
      })
      .catch((error) => {
        throw nullHeaderProblem(error, messages) ?? error;
      });
    this.sends.add(sending);
    const settled = (): void => void this.sends.delete(sending);
    sending.then(settled, settled);
    return this.noted(this.untilTimedOut(sending));
  }

  /** Disconnects when the last send has settled, within bounds. */
  retire(): Promise<void> {
    this.retired ??= this.end();
    return this.retired;
  }

  /** Closes all connections: requests in flight fail. */
  cut(): void {
    this.sockets.destroy();
  }

  private async noted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      noteAdvertiser(error, this.settings.brokers, this.brokerHealth);
      throw error;
    }
  }

  private async untilTimedOut<T>(sending: Promise<T>): Promise<T> {
    let entry: PendingSend | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      entry = { sentAt: performance.now(), fail: reject };
      this.pending.add(entry);
    });
    try {
      return await Promise.race([sending, timedOut]);
    } finally {
      if (entry) this.pending.delete(entry);
    }
  }

  /** kafkajs does not say which send timed out: every one that is old enough, for requests share a connection. */
  private requestTimedOut(payload: RequestTimeoutEvent['payload']): void {
    const before = performance.now() - this.settings.requestTimeout + timerSlackMs;
    const late = [...this.pending].filter(({ sentAt }) => sentAt <= before);
    if (late.length === 0) return;
    const error = new KafkaJSRequestTimeoutError(`Request ${payload.apiName} timed out`, payload);
    for (const { fail } of late) fail(error);
    // A request still being written would share a slow connection with its own retry.
    this.sockets.abandon(placeOf(payload.broker));
  }

  private async end(): Promise<void> {
    this.sockets.end();
    // A client that never connected has nothing to settle.
    await this.ready.catch(() => {});
    await within(this.settled(), settleLimitMs, () => {});
    // The sockets are destroyed next, whatever kafkajs says.
    const disconnected = this.producer.disconnect().catch(() => {});
    await within(disconnected, disconnectLimitMs, () => {});
    this.sockets.destroy();
  }

  private async settled(): Promise<void> {
    while (this.sends.size > 0) await Promise.allSettled(this.sends);
  }
}

/** The partition was chosen when the record was accepted; kafkajs must not choose another on a retry. */
function chosenPartition({ message }: PartitionerArgs): number {
  return message.partition as number;
}

/**
 * kafkajs's own encoder, which ours replaces where it can (see patchProduceRequest), throws a TypeError for a header
 * whose value is null.
 */
export function nullHeaderProblem(thrown: unknown, messages: Message[]): KafkaProblem | undefined {
  if (!(rootOf(thrown) instanceof TypeError)) return undefined;
  const values = messages.flatMap(({ headers }) => Object.values(headers ?? {}).flat());
  return values.some((value) => (value ?? null) === null) ? new KafkaProblem('NULL_HEADER') : undefined;
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CompressionTypes,
  KafkaJSRequestTimeoutError,
  type PartitionerArgs,
  type Producer,
  type ProducerRecord,
  type RecordMetadata,
  type RequestTimeoutEvent,
} from 'kafkajs';
import type { BrokerHealth } from '../connection/broker-health';
import { type ClusterSettings, createClient, type DetailLog } from '../connection/client';
import { Sockets } from '../connection/sockets';

export interface ProducerOptions {
  idempotent: boolean;
  acks: -1 | 1;
  compression: CompressionTypes;
}

interface PendingSend {
  since: number;
  giveUp(error: Error): void;
}

const settleLimitMs = 40_000;
const disconnectLimitMs = 2000;
const metadataMaxAgeMs = 30_000;
const timerSlackMs = 100;

/** One kafkajs producer with its sockets, and what is known of its health. */
export class KafkajsProducer {
  /** Resolves when connected. */
  readonly ready: Promise<void>;
  busy = 0;
  failures = 0;
  suspicious = 0;
  connected = false;
  private retired?: Promise<void>;
  private readonly pending = new Set<PendingSend>();
  private readonly sockets: Sockets;
  private readonly producer: Producer;

  /** @param onIdleDisconnect called when the last connection closed while nothing was under way */
  constructor(
    private readonly settings: ClusterSettings,
    private readonly options: ProducerOptions,
    detail: DetailLog,
    brokerHealth: BrokerHealth,
    onIdleDisconnect: () => void,
  ) {
    this.sockets = new Sockets(() => {
      if (this.connected && this.busy === 0) onIdleDisconnect();
    }, brokerHealth);
    const brokers = brokerHealth.bootstrapOrder(settings.brokers);
    this.producer = createClient({ ...settings, brokers }, this.sockets, detail).producer({
      idempotent: options.idempotent,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataMaxAgeMs,
      createPartitioner: () => chosenPartition,
      // kafkajs wants at least one retry of an idempotent producer.
      retry: { retries: options.idempotent ? 1 : 0, initialRetryTime: 100, maxRetryTime: 500 },
    });
    this.producer.on(this.producer.events.REQUEST_TIMEOUT, ({ payload }) => {
      brokerHealth.unresponsive(payload.broker);
      if (payload.apiName === 'Produce') this.requestTimedOut(payload);
    });
    this.ready = this.producer.connect().then(() => {
      this.connected = true;
    });
    this.ready.catch(() => {});
  }

  /**
   * Sends records of one partition.
   * @throws what kafkajs threw, its KafkaJSRequestTimeoutError at the first request without an answer: left
   *   alone, an idempotent producer would try once more on the same connection, which may be dead
   */
  async send(topic: string, messages: ProducerRecord['messages']): Promise<RecordMetadata[]> {
    this.busy++;
    const sending = this.producer
      .send({
        topic,
        messages,
        acks: this.options.acks,
        compression: this.options.compression,
        // The broker gives up waiting for replicas a little before we give up waiting for the broker.
        timeout: Math.max(1000, this.settings.requestTimeout - 2000),
      })
      .finally(() => this.busy--);
    return this.untilTimedOut(sending);
  }

  /** Disconnects when the last send() has settled, never before; within bounds. */
  retire(): Promise<void> {
    this.retired ??= this.end();
    return this.retired;
  }

  /** Cuts all connections: what is under way fails now. */
  cut(): void {
    this.sockets.destroy();
  }

  private async untilTimedOut<T>(sending: Promise<T>): Promise<T> {
    let entry: PendingSend | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      entry = { since: Date.now(), giveUp: reject };
      this.pending.add(entry);
    });
    try {
      return await Promise.race([sending, timedOut]);
    } finally {
      if (entry) this.pending.delete(entry);
    }
  }

  /** kafkajs does not tell whose request it was: one that has waited for so long, or one behind it. */
  private requestTimedOut(payload: RequestTimeoutEvent['payload']): void {
    const before = Date.now() - this.settings.requestTimeout + timerSlackMs;
    const error = new KafkaJSRequestTimeoutError(`Request ${payload.apiName} timed out`, payload);
    const late = [...this.pending].filter(({ since }) => since <= before);
    if (late.length === 0) return;
    for (const { giveUp } of late) giveUp(error);
    // What is still on its way there would share a slow line with its own repetition.
    this.sockets.abandon(payload.broker);
  }

  private async end(): Promise<void> {
    this.sockets.end();
    await this.ready.catch(() => {});
    const limit = Date.now() + settleLimitMs;
    while (this.busy > 0 && Date.now() < limit) await sleep(50);
    const waited = new AbortController();
    const disconnected = this.producer.disconnect().catch(() => {});
    await Promise.race([disconnected, sleep(disconnectLimitMs, undefined, waited).catch(() => {})]);
    waited.abort();
    this.sockets.destroy();
  }
}

/** The partition was chosen when the record was accepted; kafkajs must never choose one anew on a retry. */
function chosenPartition({ message }: PartitionerArgs): number {
  return message.partition as number;
}

import type { ProducerRecord, RecordMetadata } from 'kafkajs';
import { Problem } from '../../util/problem';
import type { BrokerHealth } from '../connection/broker-health';
import type { ClusterSettings, DetailLog } from '../connection/client';
import type { Replace } from '../errors';
import { KafkajsProducer, type ProducerOptions } from './kafkajs-producer';

/** What a producer acknowledges with: the offset of the batch's first record ("-1" if unknown). */
export interface Acknowledgement {
  baseOffset: string;
  /** The broker's time where the topic stamps records itself, else -1; epoch milliseconds. */
  logAppendTime: number;
}

const manyFailures = 4;

/**
 * The producer of one topic: one kafkajs client, replaced by a new one when it looks stuck. What it was
 * doing then settles on the old one.
 */
export class TopicProducer {
  private held?: KafkajsProducer;
  private closed = false;
  /** Which client threw what. */
  private readonly throwers = new WeakMap<object, KafkajsProducer>();
  private readonly retiring = new Map<KafkajsProducer, Promise<void>>();

  constructor(
    private readonly settings: ClusterSettings,
    private readonly options: ProducerOptions,
    private readonly detail: DetailLog,
    private readonly brokerHealth: BrokerHealth,
    private readonly onIdleDisconnect: () => void,
  ) {}

  /** Resolves when connected. Rejects with what kafkajs threw. */
  async connect(): Promise<void> {
    await this.current();
  }

  /**
   * Sends one batch to one partition: one request.
   * @param attemptLimitMs an attempt that has not settled by then counts as failed and in doubt
   * @returns the acknowledgement, believed only if it names exactly this topic and partition
   * @throws what kafkajs threw, Problem "no-acknowledgement" or Problem "attempt-timeout"
   */
  async send(
    topic: string,
    partition: number,
    messages: ProducerRecord['messages'],
    attemptLimitMs: number,
  ): Promise<Acknowledgement> {
    const held = await this.current();
    let answer: RecordMetadata;
    try {
      const answers = await withLimit(held.send(topic, messages), attemptLimitMs, topic);
      answer = onlyAnswer(answers, topic, partition);
    } catch (error) {
      this.throwers.set(error as object, held);
      throw error;
    }
    held.failures = 0;
    held.suspicious = 0;
    return { baseOffset: answer.baseOffset ?? '-1', logAppendTime: Number(answer.logAppendTime ?? -1) };
  }

  /**
   * Tells that a send failed; replaces the client when the failure, or their number, asks for it.
   * @param thrown what send() threw: the failure of a client that was replaced says nothing of its successor
   */
  failed(thrown: unknown, replace: Replace): void {
    const { held } = this;
    if (!held || this.throwers.get(thrown as object) !== held) return;
    held.failures++;
    if (replace === 'second') held.suspicious++;
    if (replace === 'now' || held.suspicious >= 2 || held.failures >= manyFailures) this.replace();
  }

  /** Lets the present client go: the next send makes a new one, with a new producer id. */
  replace(): void {
    const { held } = this;
    this.held = undefined;
    if (held)
      this.retiring.set(
        held,
        held.retire().then(() => void this.retiring.delete(held)),
      );
  }

  /** Ends all clients, for good; what is still under way fails. */
  async close(): Promise<void> {
    this.closed = true;
    this.replace();
    for (const held of this.retiring.keys()) if (held.busy > 0 || !held.connected) held.cut();
    await Promise.all(this.retiring.values());
  }

  private async current(): Promise<KafkajsProducer> {
    // A client that is made now would have nobody to end it.
    if (this.closed) throw new Problem('closing');
    this.held ??= this.make();
    const { held } = this;
    try {
      await held.ready;
    } catch (error) {
      if (this.held === held) this.replace();
      throw error;
    }
    return held;
  }

  private make(): KafkajsProducer {
    const held: KafkajsProducer = new KafkajsProducer(
      this.settings,
      this.options,
      this.detail,
      this.brokerHealth,
      () => {
        if (this.held !== held) return;
        this.replace();
        this.onIdleDisconnect();
      },
    );
    return held;
  }
}

/** @throws Problem "no-acknowledgement" where kafkajs resolves with an empty list: it has sent nothing */
function onlyAnswer(answers: RecordMetadata[], topic: string, partition: number): RecordMetadata {
  const [answer] = answers;
  const ours = answer?.topicName === topic && answer.partition === partition && !answer.errorCode;
  if (answers.length === 1 && answer && ours) return answer;
  throw new Problem('no-acknowledgement', { topic, partition });
}

async function withLimit<T>(sending: Promise<T>, limitMs: number, topic: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const seconds = Math.round(limitMs / 1000);
    timer = setTimeout(() => reject(new Problem('attempt-timeout', { topic, seconds })), limitMs);
  });
  try {
    return await Promise.race([sending, limit]);
  } finally {
    clearTimeout(timer);
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import type { WriteOptions } from '../cluster';
import type { BrokerHealth } from '../connection/broker-health';
import { topicName } from '../topic-name';
import { type Counters, RecordCounters } from './counters';
import { MemoryLimit } from './memory-limit';
import { type OpenTopic, OpenTopics, type WriterPool } from './open-topics';
import { type OutboxReport, reportOn } from './outbox-report';
import type { Delivery, DeliveryTimeouts } from './pending-record';
import { Rate } from './rate';
import { type OutRecord, type RecordFields, toRecord } from './record';
import type { TopicCreation } from './topic-catalogue';
import type { Health } from './topic-writer';

export interface OutboxOptions extends WriteOptions {
  timeouts: DeliveryTimeouts;
  /** Serialised bytes that may wait. */
  memoryLimit: number;
  /** How to make a missing topic; absent: not at all. */
  creation?: TopicCreation;
}

/** What one kafka-out has under way: bounded in bytes, counted, each record answered once; it can be paused. */
export class Outbox {
  private readonly tally = new RecordCounters();
  private readonly rate = new Rate();
  private readonly topics: OpenTopics;
  private readonly memory: MemoryLimit;
  private readonly underWay = new Set<Promise<unknown>>();
  /** What was taken during a pause, in order; absent when not paused. */
  private held?: Array<() => void>;
  private closed = false;

  /**
   * @param cluster hands out the topics' writers, and knows which brokers are away
   * @param onChange called when a topic's health changes, or a record was taken or answered
   * @param onFull called with true when 80 % of the memory is taken, with false when half of it is free again
   */
  constructor(
    private readonly cluster: WriterPool & { readonly brokerHealth: BrokerHealth },
    private readonly options: OutboxOptions,
    private readonly onChange: () => void,
    onFull: (full: boolean) => void = () => {},
  ) {
    this.topics = new OpenTopics(cluster, options, this.tally, onChange);
    this.memory = new MemoryLimit(options.memoryLimit, onFull);
  }

  /** Connects to a topic before the first record comes; it is kept open. */
  open(topic: string): void {
    this.topics.open(topicName(topic)).usedAt = Number.POSITIVE_INFINITY;
  }

  get counters(): Readonly<Counters> {
    return this.tally.counters;
  }

  get paused(): boolean {
    return this.held !== undefined;
  }

  /** The worst health among the topics that matter now: those kept open, and those with records waiting. */
  get health(): Health {
    const open = this.topics.all;
    const all = open
      .filter(({ tally, usedAt }) => tally.counters.waiting > 0 || usedAt === Number.POSITIVE_INFINITY)
      .map(({ health }) => health);
    const worst = ['failing', 'connecting', 'connected'].map((state) =>
      all.find((one) => one.state === state),
    );
    return worst.find((health) => health) ?? { state: open.length > 0 ? 'connected' : 'connecting' };
  }

  /** Records acknowledged a second, over the last few seconds; 0 when none was. */
  get acknowledgedPerSecond(): number {
    return this.rate.perSecond;
  }

  /** `host:port` of the cluster's brokers that cannot be connected to just now. */
  get brokersAway(): string[] {
    return this.cluster.brokerHealth.unreachableBrokers;
  }

  /** The whole story: state, counters, causes, and the same of each open topic. */
  report(): OutboxReport {
    return reportOn(this, this.memory.limit, this.tally, this.topics.all);
  }

  /**
   * Takes a record and resolves when Kafka has acknowledged it. The order of calls is the order in the partition.
   * @throws Problem when the record cannot be taken, is refused, or is given up
   */
  async send(topic: unknown, fields: RecordFields): Promise<Delivery> {
    let open: OpenTopic;
    let record: OutRecord;
    try {
      [open, record] = this.take(topic, fields);
    } catch (error) {
      const known = typeof topic === 'string' ? this.topics.get(topic) : undefined;
      (known?.tally ?? this.tally).refused(error);
      this.onChange();
      throw error;
    }
    return this.follow(open, record.bytes, this.write(open, record));
  }

  /** From here on what is taken waits; what was handed to Kafka before goes on. */
  pause(): void {
    if (!this.closed) this.held ??= [];
  }

  /** Writes what has waited, in its order, before anything newer. */
  resume(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const write of held) write();
  }

  /** Resolves when all that was taken before is answered; what a pause holds, after it is resumed. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.underWay);
    // Whoever waited for an answer has gone on with it by the next turn of the event loop.
    await nextTurn();
  }

  /**
   * Ends a pause and waits for what is under way, within bounds; what is not answered by then fails.
   * @returns how many records failed for it
   */
  async close(limitMs: number): Promise<number> {
    this.closed = true;
    this.resume();
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.flush(), late]);
    clearTimeout(limit);
    const given = this.topics.close();
    await this.flush();
    return given;
  }

  private take(topic: unknown, fields: RecordFields): [OpenTopic, OutRecord] {
    // A message may still arrive while the flow is being stopped; it must not open anything anew.
    if (this.closed) throw new Problem('closing');
    const record = toRecord(fields, Date.now());
    const name = topicName(topic);
    this.memory.admit(record.bytes, this.counters.waitingBytes);
    return [this.topics.open(name), record];
  }

  private write(open: OpenTopic, record: OutRecord): Promise<Delivery> {
    // A record's time to be delivered begins here: what it has waited for in a pause does not count.
    const write = (): Promise<Delivery> =>
      open.writer.write(record, open.tally, this.options.timeouts).answer;
    const { held } = this;
    return held ? new Promise((resolve) => held.push(() => resolve(write()))) : write();
  }

  private async follow(open: OpenTopic, bytes: number, answer: Promise<Delivery>): Promise<Delivery> {
    open.tally.took(bytes);
    touch(open);
    this.memory.measure(this.counters.waitingBytes);
    this.underWay.add(answer);
    this.onChange();
    try {
      const delivery = await answer;
      open.tally.acknowledged(bytes);
      this.rate.add();
      return delivery;
    } catch (error) {
      open.tally.failed(bytes, error);
      throw error;
    } finally {
      touch(open);
      this.memory.measure(this.counters.waitingBytes);
      this.underWay.delete(answer);
      this.onChange();
    }
  }
}

function touch(open: OpenTopic): void {
  open.usedAt = Math.max(open.usedAt, Date.now());
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import type { BrokerHealth } from '../connection/broker-health';
import { topicName } from '../topic-name';
import { type Counters, RecordCounters } from './counters';
import { MemoryLimit } from './memory-limit';
import { type OpenTopic, OpenTopics, type WriteOptions, type WriterPool } from './open-topics';
import { type OutboxReport, reportOn } from './outbox-report';
import type { Delivery, DeliveryTimeouts } from './pending-record';
import { Rate } from './rate';
import { type OutRecord, type RecordFields, toRecord } from './record/record';
import type { Health } from './topic-health';

export interface OutboxOptions extends WriteOptions {
  timeouts: DeliveryTimeouts;
  /** Serialised bytes of pending records. */
  memoryLimit: number;
  /** How many topics are open at once; undefined: a hundred. */
  openTopics?: number;
}

/**
 * The in-memory buffer of one kafka-out: the records that Kafka has not acknowledged yet. It is bounded in bytes,
 * counts every record, answers each exactly once, and can be paused.
 */
export class Outbox {
  private readonly total = new RecordCounters();
  private readonly rate = new Rate();
  private readonly topics: OpenTopics;
  private readonly memory: MemoryLimit;
  private readonly unanswered = new Set<Promise<unknown>>();
  /** The writes of records accepted during a pause, in order; undefined when not paused. */
  private heldWrites?: Array<() => void>;
  private closed = false;

  /**
   * @param cluster shares the topics' writers, and reports unreachable brokers
   * @param onChange called when a topic's health changes, or a record was accepted or answered
   * @param onFull called with true at 80 % of the memory limit, with false again at 50 %
   */
  constructor(
    private readonly cluster: WriterPool & { readonly brokerHealth: BrokerHealth },
    private readonly options: OutboxOptions,
    private readonly onChange: () => void,
    onFull: (full: boolean) => void = () => {},
  ) {
    this.topics = new OpenTopics(cluster, options, this.total, onChange, options.openTopics);
    this.memory = new MemoryLimit(options.memoryLimit, onFull);
  }

  /** Connects to a topic before its first record, and keeps it open. */
  open(topic: string): void {
    this.topics.open(topicName(topic)).pinned = true;
  }

  get counters(): Readonly<Counters> {
    return this.total.counts;
  }

  get paused(): boolean {
    return this.heldWrites !== undefined;
  }

  /** The worst health among the topics kept open and those with pending records. */
  get health(): Health {
    const open = this.topics.all;
    const relevant = open
      .filter(({ writer, counters, pinned }) => writer && (pinned || counters.counts.waiting > 0))
      .map(({ health }) => health);
    const worst = ['failing', 'connecting', 'connected'].map((state) =>
      relevant.find((health) => health.state === state),
    );
    return worst.find((health) => health) ?? { state: open.length > 0 ? 'connected' : 'connecting' };
  }

  /** Acknowledged records per second, over the last few seconds. */
  get acknowledgedPerSecond(): number {
    return this.rate.perSecond;
  }

  /** `host:port` of the cluster's unreachable brokers. */
  get brokersAway(): string[] {
    return this.cluster.brokerHealth.unreachableBrokers;
  }

  /** State, counters and last failure, in total and of each open topic. */
  report(): OutboxReport {
    return reportOn(this, this.memory.limit, this.total, this.topics.all);
  }

  /**
   * Accepts a record and resolves when Kafka has acknowledged it. The order of calls is the order in the partition.
   * @throws Problem when the record is not accepted, is rejected by Kafka, or expires
   */
  async send(topic: unknown, fields: RecordFields): Promise<Delivery> {
    let open: OpenTopic;
    let record: OutRecord;
    try {
      [open, record] = this.accept(topic, fields);
    } catch (error) {
      const known = typeof topic === 'string' ? this.topics.get(topic) : undefined;
      (known?.counters ?? this.total).rejected(error);
      this.onChange();
      throw error;
    }
    return this.untilAnswered(open, record.bytes, this.write(open, record));
  }

  /** Holds records that are accepted from now on; those already with Kafka's client go on. */
  pause(): void {
    if (!this.closed) this.heldWrites ??= [];
  }

  /** Writes the held records, in order, before any newer one. */
  resume(): void {
    const held = this.heldWrites ?? [];
    this.heldWrites = undefined;
    for (const write of held) write();
  }

  /** Resolves when all records accepted so far are answered; held ones, after they are resumed. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.unanswered);
    // Code that waits for the same answers has run by the next turn of the event loop.
    await nextTurn();
  }

  /**
   * Ends a pause and drains: waits for pending records, at most `limitMs`; then they fail.
   * @returns how many records failed
   */
  async close(limitMs: number): Promise<number> {
    this.closed = true;
    this.resume();
    await within(this.flush(), limitMs, () => {});
    const failed = this.topics.close();
    await this.flush();
    return failed;
  }

  private accept(topic: unknown, fields: RecordFields): [OpenTopic, OutRecord] {
    // A message may arrive while the flow stops; it must not open a topic again.
    if (this.closed) throw new Problem('closing');
    const record = toRecord(fields, Date.now());
    const name = topicName(topic);
    this.memory.check(record.bytes, this.counters.waitingBytes);
    return [this.topics.open(name), record];
  }

  private write(open: OpenTopic, record: OutRecord): Promise<Delivery> {
    // The delivery timeout starts here: time in a pause does not count.
    const write = (): Promise<Delivery> => this.topics.write(open, record, this.options.timeouts);
    const { heldWrites } = this;
    return heldWrites ? new Promise((resolve) => heldWrites.push(() => resolve(write()))) : write();
  }

  private async untilAnswered(open: OpenTopic, bytes: number, answer: Promise<Delivery>): Promise<Delivery> {
    open.counters.accepted(bytes);
    open.usedAt = performance.now();
    this.memory.update(this.counters.waitingBytes);
    this.unanswered.add(answer);
    this.onChange();
    try {
      const delivery = await answer;
      open.counters.acknowledged(bytes);
      this.rate.add();
      return delivery;
    } catch (error) {
      open.counters.failed(bytes, error);
      throw error;
    } finally {
      open.usedAt = performance.now();
      this.memory.update(this.counters.waitingBytes);
      this.unanswered.delete(answer);
      if (open.counters.counts.waiting === 0) this.topics.openWaiting();
      this.onChange();
    }
  }
}

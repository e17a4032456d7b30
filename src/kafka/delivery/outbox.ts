import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import { Rate } from '../../util/rate';
import { within } from '../../util/within';
import type { BrokerHealth } from '../connection/broker-health';
import { topicName } from '../topic-name';
import { type Counters, RecordCounters } from './counters';
import { MemoryLimit } from './memory-limit';
import { OpenTopics, type WriteOptions, type WriterPool } from './open-topics';
import { type OutboxReport, reportOn } from './outbox-report';
import type { Delivery, DeliveryTimeouts } from './pending-record';
import type { AcceptedRecord, AnswerReceiver } from './queue/accepted-record';
import type { DiskQueue } from './queue/disk-queue';
import { MemoryRecords } from './queue/memory-records';
import { moveToDisk } from './queue/move-to-disk';
import { openQueue, type QueueOptions } from './queue/open-queue';
import { QueueCommands, type QueueReport, type QueueStatus } from './queue/queue-commands';
import { type RecordFields, toRecord } from './record/record';
import {
  identityOf,
  messageOf,
  originOf,
  type StoredIdentity,
  type StoredMessage,
} from './record/stored-message';
import type { Health } from './topic-health';

export interface OutboxOptions extends WriteOptions {
  /** `deliveryTimeout` counts where records wait in memory only. */
  timeouts: DeliveryTimeouts;
  /** Serialised bytes of pending records in memory. */
  memoryLimit: number;
  /** How many topics are open at once; undefined: a hundred. */
  openTopics?: number;
  /** Where records are kept on disk; undefined: nowhere. */
  queue?: QueueOptions;
}

/** Learns what becomes of records whose messages are gone: they come from disk. */
export interface QueueListener {
  delivered(record: StoredIdentity, delivery: Delivery): void;
  failed(message: StoredMessage, problem: Problem): void;
  /** A line for the log. */
  problem(problem: Problem): void;
}

const silent: QueueListener = { delivered: () => {}, failed: () => {}, problem: () => {} };

/**
 * The records of one kafka-out that Kafka has not acknowledged yet, in memory and on disk. Memory is bounded in bytes;
 * every record is counted, is answered exactly once, and the node can be paused.
 */
export class Outbox implements AnswerReceiver {
  private readonly total = new RecordCounters();
  private readonly rate = new Rate();
  private readonly topics: OpenTopics;
  private readonly memory: MemoryLimit;
  private readonly inMemory: MemoryRecords;
  /** What is on disk; undefined: nothing ever is. */
  private readonly queue?: DiskQueue;
  private readonly commands: QueueCommands;
  private clusterId?: string;
  private closed = false;

  /**
   * @param cluster shares the topics' writers, and reports unreachable brokers
   * @param onChange called when a topic's health changes, or a record was accepted or answered
   * @param onFull called with true at 80 % of the memory limit, with false again at 50 % when nothing waits on disk
   */
  constructor(
    private readonly cluster: WriterPool & { readonly brokerHealth: BrokerHealth },
    options: OutboxOptions,
    private readonly onChange: () => void,
    onFull: (full: boolean) => void = () => {},
    private readonly listener: QueueListener = silent,
  ) {
    const { memoryLimit, timeouts, openTopics } = options;
    this.memory = new MemoryLimit(memoryLimit, onFull);
    const topics = (): OpenTopics => this.topics;
    this.inMemory = new MemoryRecords(this.total, this.memory, timeouts, topics, this, onChange);
    this.queue = openQueue(options.queue, this.inMemory, memoryLimit, (problem) => listener.problem(problem));
    this.inMemory.queue = this.queue;
    this.topics = new OpenTopics(
      cluster,
      { ...options, waitsForAcceptance: this.queue !== undefined },
      this.total,
      () => this.healthChanged(),
      openTopics,
      (topic) => this.queue?.backlog.get(topic) !== undefined,
    );
    this.commands = new QueueCommands(this.queue, (name) => this.topics.get(name));
    void this.queue?.open();
  }

  /** Connects to a topic before its first record, and keeps it open. */
  open(topic: string): void {
    this.topics.open(topicName(topic)).pinned = true;
  }

  get counters(): Readonly<Counters> {
    return this.total.counts;
  }

  get paused(): boolean {
    return this.inMemory.paused;
  }

  /** The worst health among the topics kept open and those with pending records. */
  get health(): Health {
    return this.topics.health;
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
    return reportOn(this, this.memory.limit, this.total, this.topics.all, this.queue);
  }

  /**
   * Accepts a record and resolves when Kafka has acknowledged it. The order of calls is the order in the partition.
   * @throws Problem when the record is not accepted, is rejected by Kafka, or expires
   */
  async send(topic: unknown, fields: RecordFields): Promise<Delivery> {
    return this.accept(topic, fields).answer;
  }

  /**
   * Accepts a record. The order of calls is the order in the partition.
   * @param msgid of its message, for the message that is made when it comes from disk
   * @throws Problem when the record is not accepted
   */
  accept(topic: unknown, fields: RecordFields, msgid?: string): AcceptedRecord {
    try {
      if (this.closed) throw this.lateProblem();
      const record = toRecord(fields, Date.now());
      const name = topicName(topic);
      this.inMemory.checkRoom(record.bytes);
      const accepted = this.inMemory.accept(this.topics.open(name), record, originOf(fields, msgid));
      this.onChange();
      return accepted;
    } catch (error) {
      const known = typeof topic === 'string' ? this.topics.get(topic) : undefined;
      (known?.counters ?? this.total).rejected(error);
      this.onChange();
      throw error;
    }
  }

  /** Holds records that are accepted from now on; those already with Kafka's client go on. */
  pause(): void {
    if (!this.closed) this.inMemory.pause();
  }

  /** Writes the held records, in order, before any newer one. */
  resume(): void {
    this.inMemory.resume();
  }

  /** Resolves when all records accepted so far are acknowledged or failed; held ones, after they are resumed. */
  async flush(): Promise<void> {
    await this.inMemory.flush();
    // Code that waits for the same answers has run by the next turn of the event loop.
    await nextTurn();
  }

  /**
   * Ends the delivery. Without a disk queue it drains: it ends a pause and waits for pending records, at most `limitMs`;
   * then they fail. With one, records that are not acknowledged within two seconds are on disk.
   * @returns how many records failed
   */
  async close(limitMs: number): Promise<number> {
    this.closed = true;
    const { queue, inMemory } = this;
    inMemory.close();
    if (queue?.writes) await moveToDisk(queue, inMemory.records);
    else {
      this.resume();
      await within(this.flush(), limitMs, () => {});
    }
    const unwritten = [...inMemory.records].filter(({ pending }) => !pending);
    for (const accepted of unwritten) {
      accepted.failed(new Problem('closed-before-ack', { cause: new Problem('cause-not-sent') }));
    }
    const failed = unwritten.length + this.topics.close();
    await queue?.close();
    await nextTurn();
    return failed;
  }

  recordAcknowledged(accepted: AcceptedRecord, delivery: Delivery): void {
    const { open, record, topic, origin } = accepted;
    open.counters.acknowledged(record.bytes);
    this.rate.add();
    this.inMemory.forget(accepted);
    if (accepted.fromDisk) this.listener.delivered(identityOf(topic, record, origin), delivery);
  }

  recordFailed(accepted: AcceptedRecord, problem: Problem): void {
    const { open, record, topic, origin } = accepted;
    open.counters.failed(record.bytes, problem);
    this.inMemory.forget(accepted);
    if (accepted.fromDisk) this.listener.failed(messageOf(topic, record, origin), problem);
  }

  /** undefined where nothing is ever on disk. */
  get queueStatus(): QueueStatus | undefined {
    return this.commands.status;
  }

  /** What is on disk. */
  queueReport(): QueueReport {
    return this.commands.report();
  }

  /** @see QueueCommands.export */
  exportQueue(emit: (record: StoredMessage) => void | Promise<void>): Promise<number> {
    return this.commands.export(emit);
  }

  /** @see QueueCommands.discard */
  discardQueue(selection: { topic?: string }, dryRun: boolean): Promise<number> {
    return this.commands.discard(selection, dryRun);
  }

  /** @see QueueCommands.adopt */
  adoptQueue(source: { folder?: string }, dryRun: boolean): Promise<number> {
    return this.commands.adopt(source, dryRun);
  }

  /** A record came after the node had closed; it must not open a topic again. */
  private lateProblem(): Problem {
    const problem = new Problem('closing');
    // The Catch nodes of the flow are closed too.
    this.listener.problem(problem);
    return problem;
  }

  private healthChanged(): void {
    const { clusterId } = this.cluster;
    if (clusterId !== undefined && clusterId !== this.clusterId) {
      const isOther = this.clusterId !== undefined;
      this.clusterId = clusterId;
      this.queue?.setCluster(clusterId, isOther);
    }
    this.queue?.drain.wake();
    this.onChange();
  }
}

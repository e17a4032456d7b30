import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import type { BrokerHealth } from '../connection/broker-health';
import { topicName } from '../topic-name';
import { type Counters, RecordCounters } from './counters';
import { MemoryLimit } from './memory-limit';
import { type OpenTopic, OpenTopics, type WriteOptions, type WriterPool } from './open-topics';
import { type OutboxReport, reportOn } from './outbox-report';
import { type Delivery, type DeliveryTimeouts, PendingRecord } from './pending-record';
import { AcceptedRecord, type AnswerReceiver, type Origin } from './queue/accepted-record';
import type { DiskQueue } from './queue/disk-queue';
import { moveToDisk } from './queue/move-to-disk';
import { Flushes } from './queue/flushes';
import { openQueue, type QueueOptions } from './queue/open-queue';
import { QueueCommands } from './queue/queue-commands';
import type { PartitionChoice, QueueHost } from './queue/queue-host';
import { messageOf, originOf, type StoredMessage } from './queue/stored-message';
import type { StoredRecord } from './queue/stored-record';
import { Rate } from './rate';
import { type OutRecord, type RecordFields, toRecord } from './record/record';
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
  delivered(message: StoredMessage, delivery: Delivery): void;
  failed(message: StoredMessage, problem: Problem): void;
  /** A line for the log. */
  problem(problem: Problem): void;
}

/** How much memory is used when records begin to leave it, and how much afterwards, as shares of the limit. */
const relief = { from: 0.85, downTo: 0.65, everyMs: 100 };
const silent: QueueListener = { delivered: () => {}, failed: () => {}, problem: () => {} };

/**
 * The records of one kafka-out that Kafka has not acknowledged yet, in memory and on disk. Memory is bounded in bytes;
 * every record is counted, is answered exactly once, and the node can be paused.
 */
export class Outbox implements AnswerReceiver {
  /** What is on disk; undefined: nothing ever is. */
  private readonly queue?: DiskQueue;
  readonly queueCommands: QueueCommands;
  private readonly total = new RecordCounters();
  private readonly rate = new Rate();
  private readonly topics: OpenTopics;
  private readonly memory: MemoryLimit;
  /** All records in memory. */
  private readonly records = new Set<AcceptedRecord>();
  /** The records accepted during a pause, in order; undefined when not paused. */
  private held?: Set<AcceptedRecord>;
  private readonly flushes = new Flushes((seq) => this.queue?.log.pendingUpTo(seq) ?? 0);
  private accepted = 0;
  private relievedAt = Number.NEGATIVE_INFINITY;
  private clusterId?: string;
  private closed = false;

  /**
   * @param cluster shares the topics' writers, and reports unreachable brokers
   * @param onChange called when a topic's health changes, or a record was accepted or answered
   * @param onFull called with true at 80 % of the memory limit, with false again at 50 % when nothing waits on disk
   */
  constructor(
    private readonly cluster: WriterPool & { readonly brokerHealth: BrokerHealth },
    private readonly options: OutboxOptions,
    private readonly onChange: () => void,
    onFull: (full: boolean) => void = () => {},
    private readonly listener: QueueListener = silent,
  ) {
    this.memory = new MemoryLimit(options.memoryLimit, onFull);
    this.queue = openQueue(options.queue, this.host(), options.memoryLimit, (problem) =>
      listener.problem(problem),
    );
    const writeOptions = { ...options, waitsForAcceptance: this.queue !== undefined };
    this.topics = new OpenTopics(
      cluster,
      writeOptions,
      this.total,
      () => this.healthChanged(),
      options.openTopics,
      (topic) => this.queue?.backlog.get(topic) !== undefined,
    );
    this.queueCommands = new QueueCommands(this.queue, (name) => this.topics.get(name));
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
    return this.held !== undefined;
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
      // A message may arrive while the flow stops; it must not open a topic again.
      if (this.closed) throw new Problem('closing');
      const record = toRecord(fields, Date.now());
      const name = topicName(topic);
      this.makeRoom(record.bytes);
      this.memory.check(record.bytes, this.counters.waitingBytes);
      const open = this.topics.open(name);
      return this.place(this.newRecord(open, record, originOf(fields, msgid), Date.now()));
    } catch (error) {
      const known = typeof topic === 'string' ? this.topics.get(topic) : undefined;
      (known?.counters ?? this.total).rejected(error);
      this.onChange();
      throw error;
    }
  }

  /** Holds records that are accepted from now on; those already with Kafka's client go on. */
  pause(): void {
    if (!this.closed) this.held ??= new Set();
  }

  /** Writes the held records, in order, before any newer one. */
  resume(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const accepted of held) this.write(accepted, {});
    this.queue?.drain.wake();
  }

  /** Resolves when all records accepted so far are acknowledged or failed; held ones, after they are resumed. */
  async flush(): Promise<void> {
    await this.flushes.add(this.accepted, this.records.size, this.queue?.lastAppended ?? 0);
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
    const { queue } = this;
    if (queue?.writes) await moveToDisk(queue, this.records);
    else {
      this.resume();
      await within(this.flush(), limitMs, () => {});
    }
    // Those that are not with a writer first.
    const unwritten = [...this.records].filter(({ pending }) => !pending);
    for (const accepted of unwritten) accepted.failed(new Problem('closed-before-ack', { cause: new Problem('cause-not-sent') }));
    const failed = unwritten.length + this.topics.close();
    await queue?.close();
    await nextTurn();
    return failed;
  }

  recordAcknowledged(accepted: AcceptedRecord, delivery: Delivery): void {
    const { open, record } = accepted;
    open.counters.acknowledged(record.bytes);
    this.rate.add();
    this.forget(accepted);
    if (accepted.fromDisk) this.listener.delivered(messageOf(accepted.topic, record, accepted.origin), delivery);
  }

  recordFailed(accepted: AcceptedRecord, problem: Problem): void {
    accepted.open.counters.failed(accepted.record.bytes, problem);
    this.forget(accepted);
    if (!accepted.fromDisk) return;
    this.listener.failed(messageOf(accepted.topic, accepted.record, accepted.origin), problem);
  }

  private place(accepted: AcceptedRecord): AcceptedRecord {
    const { queue } = this;
    const { open, record } = accepted;
    const place = queue?.placeOf(open, record) ?? { behind: false };
    queue?.add(accepted, place);
    this.accepted = accepted.order;
    this.records.add(accepted);
    open.counters.accepted(record.bytes);
    open.usedAt = performance.now();
    this.updateFull();
    if (!place.behind) this.write(accepted, place);
    this.onChange();
    return accepted;
  }

  private newRecord(open: OpenTopic, record: OutRecord, origin: Origin, acceptedTime: number): AcceptedRecord {
    return new AcceptedRecord(this.accepted + 1, open, record, origin, performance.now(), acceptedTime, this);
  }

  private write(accepted: AcceptedRecord, { assigned, mayTake }: PartitionChoice): void {
    if (this.held && !accepted.fromDisk) {
      this.held.add(accepted);
      return;
    }
    const { open, record } = accepted;
    const { linger, deliveryTimeout } = this.options.timeouts;
    const expires = !this.queue?.writes;
    // The delivery timeout starts here: time in a pause does not count.
    const timeouts = { linger, deliveryTimeout: expires ? deliveryTimeout : Number.POSITIVE_INFINITY };
    const pending = new PendingRecord(record, open.counters, timeouts, performance.now(), accepted);
    pending.assigned = assigned;
    pending.mayTake = mayTake;
    accepted.pending = pending;
    this.topics.write(open, pending);
  }

  /** A record is answered. */
  private forget(accepted: AcceptedRecord): void {
    const { open } = accepted;
    this.records.delete(accepted);
    this.held?.delete(accepted);
    open.usedAt = performance.now();
    this.queue?.settled(accepted);
    this.flushes.answered(accepted);
    this.updateFull();
    if (open.counters.counts.waiting === 0) this.topics.openWaiting();
    this.onChange();
  }

  private updateFull(): void {
    this.memory.update(this.counters.waitingBytes, this.queue?.backlog.empty !== false);
  }

  /** @returns whether that many bytes fit without moving others to disk now */
  private makeRoom(bytes: number): boolean {
    const { queue, counters } = this;
    const isBelow = (share: number): boolean =>
      counters.waitingBytes + bytes <= this.options.memoryLimit * share || counters.waitingBytes === 0;
    if (!queue || isBelow(relief.from)) return true;
    // Looking for records to move takes time: those that were moved last must be synced first.
    if (performance.now() - this.relievedAt >= relief.everyMs) {
      this.relievedAt = performance.now();
      queue.eviction.relieve(this.options.memoryLimit * relief.downTo);
    }
    return isBelow(relief.from);
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

  private host(): QueueHost {
    const self = this;
    return {
      records: this.records,
      total: this.total,
      get paused() {
        return self.paused;
      },
      get clusterId() {
        return self.cluster.clusterId;
      },
      write: (accepted, choice) => this.write(accepted, choice),
      withdraw: (accepted) => {
        this.held?.delete(accepted);
        accepted.pending?.withdraw();
        accepted.pending = undefined;
      },
      prune: () => this.topics.prune(),
      leftMemory: (accepted) => {
        this.records.delete(accepted);
        accepted.open.counters.leftMemory(accepted.record.bytes);
        this.flushes.leftMemory(accepted);
        this.updateFull();
      },
      enterMemory: (stored, seq, open) => this.enterMemory(stored, seq, open),
      openTopic: (name) => (this.closed ? undefined : this.topics.tryOpen(name)),
      makeRoom: (bytes) => this.makeRoom(bytes),
      changed: () => {
        this.flushes.check();
        this.updateFull();
        this.onChange();
      },
    };
  }

  private enterMemory(stored: StoredRecord, seq: number, open: OpenTopic): AcceptedRecord {
    const accepted = this.newRecord(open, stored.record, stored, stored.acceptedAt);
    accepted.fromDisk = true;
    accepted.synced = true;
    accepted.seq = seq;
    this.accepted = accepted.order;
    this.records.add(accepted);
    open.counters.enteredMemory(stored.record.bytes);
    open.usedAt = performance.now();
    return accepted;
  }
}

import type { Problem } from '../../../util/problem';
import type { RecordCounters } from '../counters';
import type { MemoryLimit } from '../memory-limit';
import type { OpenTopic, OpenTopics } from '../open-topics';
import { type DeliveryTimeouts, PendingRecord } from '../pending-record';
import type { OutRecord } from '../record/record';
import type { StoredRecord } from '../record/stored-record';
import { AcceptedRecord, type AnswerReceiver, type Origin } from './accepted-record';
import type { DiskQueue } from './disk-queue';
import { Flushes } from './flushes';
import type { PartitionChoice, QueueHost } from './queue-host';

/** How much memory is used when records begin to leave it, and how much afterwards, as shares of the limit. */
const relief = { from: 0.85, downTo: 0.65, everyMs: 100 };

/** The records of one outbox that are in memory, within its limit: with their topics' writers, or held during a pause. */
export class MemoryRecords implements QueueHost {
  /** In order of acceptance; those that came from disk in the order of their return. */
  readonly records = new Set<AcceptedRecord>();
  /** Set by the outbox; undefined: nothing is ever on disk. */
  queue?: DiskQueue;
  private readonly flushes = new Flushes((seq) => this.queue?.log.pendingUpTo(seq) ?? 0);
  /** The records accepted during a pause, in order; undefined when not paused. */
  private held?: Set<AcceptedRecord>;
  private accepted = 0;
  private relievedAt = Number.NEGATIVE_INFINITY;
  /** Bytes of pending records that were sent, at the last update; their batches are retried unchanged. */
  private sentBytes = 0;
  private closed = false;

  /**
   * @param receiver learns of the records' answers
   * @param onChange called when something changes that the status shows
   */
  constructor(
    readonly total: RecordCounters,
    private readonly memory: MemoryLimit,
    private readonly timeouts: DeliveryTimeouts,
    private readonly topics: () => OpenTopics,
    private readonly receiver: AnswerReceiver,
    private readonly onChange: () => void,
  ) {}

  get paused(): boolean {
    return this.held !== undefined;
  }

  get clusterId(): string | undefined {
    // Not the cluster's own: the log must write and compare it too.
    return this.queue?.log.clusterId || undefined;
  }

  /**
   * Takes a new record: to its writer, or to disk where it must follow others.
   * @throws Problem "memory-full" or "disk-full"
   */
  accept(open: OpenTopic, record: OutRecord, origin: Origin): AcceptedRecord {
    const accepted = this.newRecord(open, record, origin, Date.now());
    const place = this.queue?.placeOf(open, record) ?? { behind: false };
    if (place.behind) this.queue?.addBehind(accepted, place.partition);
    this.accepted = accepted.order;
    this.records.add(accepted);
    open.counters.accepted(record.bytes);
    open.usedAt = performance.now();
    this.updateFull();
    if (place.behind) return accepted;
    this.write(accepted, place);
    this.queue?.addInMemory(accepted);
    return accepted;
  }

  /** @throws Problem "disk-full" or "memory-full" where a record of that many bytes does not fit */
  checkRoom(bytes: number): void {
    const { queue } = this;
    const fits = this.makeRoom(bytes) || this.movable + bytes <= this.memory.limit;
    // Memory is full because nothing can leave it.
    if (!fits && queue?.isFull) throw queue.log.fullProblem;
    this.memory.check(bytes, this.movable);
  }

  makeRoom(bytes: number): boolean {
    const isBelow = (share: number): boolean =>
      this.movable + bytes <= this.memory.limit * share || this.movable === 0;
    if (!this.queue?.writes || isBelow(relief.from)) return isBelow(1);
    // Looking for records to move takes time: those that were moved last must be synced first.
    if (performance.now() - this.relievedAt >= relief.everyMs) {
      this.relievedAt = performance.now();
      this.updateSent();
      this.queue.eviction.relieve(this.memory.limit * relief.downTo + this.sentBytes);
    }
    return isBelow(relief.from);
  }

  /**
   * Pending bytes without those of sent batches, which cannot leave memory and do not count against the limit: there is at most
   * one such batch per partition.
   */
  private get movable(): number {
    return Math.max(0, this.total.counts.waitingBytes - this.sentBytes);
  }

  private updateSent(): void {
    this.sentBytes = 0;
    for (const { pending, record } of this.records) if (pending?.sent) this.sentBytes += record.bytes;
  }

  pause(): void {
    this.held ??= new Set();
  }

  /** Writes the held records, in order, before any newer one. */
  resume(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const accepted of held) this.placeAgain(accepted);
    this.queue?.drain.wake();
  }

  /** Meanwhile others of its partition may have left for the disk: then it follows them. */
  private placeAgain(accepted: AcceptedRecord): void {
    const { open, record } = accepted;
    const place = this.queue?.placeOf(open, record) ?? { behind: false };
    if (!place.behind) this.write(accepted, place);
    else {
      try {
        this.queue?.addBehind(accepted, place.partition);
      } catch (problem) {
        accepted.failed(problem as Problem);
      }
    }
  }

  /** Resolves when all records accepted so far are answered. */
  flush(): Promise<void> {
    return this.flushes.add(this.accepted, this.records.size, this.queue?.lastAppended ?? 0);
  }

  write(accepted: AcceptedRecord, { assigned, mayTake }: PartitionChoice): void {
    if (this.held && !accepted.fromDisk) {
      this.held.add(accepted);
      return;
    }
    const { open, record } = accepted;
    const { linger, deliveryTimeout } = this.timeouts;
    // The delivery timeout starts here: time in a pause does not count.
    const timeouts = {
      linger,
      deliveryTimeout: this.queue?.writes ? Number.POSITIVE_INFINITY : deliveryTimeout,
    };
    const pending = new PendingRecord(record, open.counters, timeouts, performance.now(), accepted);
    pending.assigned = assigned;
    pending.mayTake = mayTake;
    // After a crash it takes the same partition, not another with later records.
    pending.prefers = (count) => this.queue?.partitionWhenReadBack(accepted, count);
    accepted.pending = pending;
    this.topics().write(open, pending);
  }

  withdraw(accepted: AcceptedRecord): void {
    this.held?.delete(accepted);
    accepted.pending?.withdraw();
    accepted.pending = undefined;
  }

  prune(): void {
    this.topics().prune();
  }

  leftMemory(accepted: AcceptedRecord): void {
    this.records.delete(accepted);
    accepted.open.counters.leftMemory(accepted.record.bytes);
    this.flushes.leftMemory(accepted);
    this.changed();
  }

  enterMemory(stored: StoredRecord, seq: number, open: OpenTopic): AcceptedRecord {
    const accepted = this.newRecord(open, stored.record, stored, stored.acceptedAt);
    accepted.fromDisk = true;
    accepted.synced = true;
    accepted.seq = seq;
    accepted.partitionThere = stored.assigned ?? stored.preferred;
    this.accepted = accepted.order;
    this.records.add(accepted);
    open.counters.enteredMemory(stored.record.bytes);
    open.usedAt = performance.now();
    return accepted;
  }

  openTopic(name: string): OpenTopic | undefined {
    return this.closed ? undefined : this.topics().tryOpen(name);
  }

  changed(): void {
    this.flushes.check();
    this.updateFull();
    this.onChange();
  }

  limitDelivery(): void {
    const { deliveryTimeout } = this.timeouts;
    for (const { pending, synced } of this.records) if (!synced) pending?.limitDelivery(deliveryTimeout);
  }

  /** A record is answered, and was counted. */
  forget(accepted: AcceptedRecord): void {
    const { open, pending, record } = accepted;
    this.records.delete(accepted);
    this.held?.delete(accepted);
    if (pending?.sent) this.sentBytes = Math.max(0, this.sentBytes - record.bytes);
    open.usedAt = performance.now();
    this.queue?.settled(accepted);
    this.flushes.answered(accepted);
    this.updateFull();
    if (open.counters.counts.waiting === 0) this.topics().openWaiting();
    this.onChange();
  }

  /** No topic is opened for records on disk any more. */
  close(): void {
    this.closed = true;
  }

  private newRecord(
    open: OpenTopic,
    record: OutRecord,
    origin: Origin,
    acceptedTime: number,
  ): AcceptedRecord {
    const now = performance.now();
    return new AcceptedRecord(this.accepted + 1, open, record, origin, now, acceptedTime, this.receiver);
  }

  private updateFull(): void {
    this.memory.update(this.total.counts.waitingBytes, this.queue?.backlog.empty !== false);
  }
}

import type { Problem } from '../../../util/problem';
import { Rate } from '../../../util/rate';
import { within } from '../../../util/within';
import type { DiskLog, StoredFrame } from '../../disk-queue/disk-log';
import type { OpenTopic } from '../open-topics';
import type { OutRecord } from '../record/record';
import { type StoredRecord, topicOf } from '../record/stored-record';
import type { AcceptedRecord } from './accepted-record';
import { Backlog, type Place } from './backlog';
import { Copies } from './copies';
import { Drain } from './drain';
import { Eviction } from './eviction';
import { OldestRecord } from './oldest-record';
import type { DiskQueueOptions, QueueHost } from './queue-host';
import { TopicCounts } from './topic-counts';

const defaultCopyAfterMs = 5000;
const checkMs = 250;
const readLimitMs = 500;
const closeLimitMs = 800;

/**
 * The part of an outbox that is on disk. It decides which records are written, when they leave memory and how they come
 * back; `DiskLog` knows the files.
 *
 * A record is copied when it has waited for some seconds, and keeps its place in memory. Where memory is needed, all
 * unsent records of a partition leave it together, those of the longest waiting partition first; from then on newer
 * records of that partition follow them on disk. `Drain` reads them back, in order, partition by partition.
 */
export class DiskQueue {
  readonly backlog = new Backlog();
  /** Pending records on disk, by topic. */
  readonly onDisk = new TopicCounts();
  readonly drain: Drain;
  readonly eviction: Eviction;
  private readonly drainRate = new Rate();
  readonly copies: Copies;
  /** The records that are in memory and on disk. */
  private readonly bySeq = new Map<number, AcceptedRecord>();
  /** The highest sequence number that is known to be on disk. */
  lastSynced = 0;
  /** The highest sequence number. */
  lastAppended = 0;
  private damaged = 0;
  private shown = '0,0,0,,';
  private readonly first: OldestRecord;
  private readonly checks: NodeJS.Timeout;
  private opening?: Promise<void>;

  constructor(
    readonly log: DiskLog,
    readonly host: QueueHost,
    private readonly options: DiskQueueOptions,
    readonly onProblem: (problem: Problem) => void = () => {},
  ) {
    const copyAfterMs = options.mode === 'write-ahead' ? 0 : (options.copyAfterMs ?? defaultCopyAfterMs);
    this.copies = new Copies(log, copyAfterMs, {
      appended: (accepted, seq) => this.appended(accepted, seq),
      synced: (accepted) => this.synced(accepted),
    });
    this.first = new OldestRecord(log);
    this.backlog.known = !options.hasSegments;
    this.drain = new Drain(this, host, options.memoryLimit);
    this.eviction = new Eviction(this.backlog, host, this.copies, this);
    this.checks = setInterval(() => this.check(), checkMs);
    this.checks.unref();
  }

  /** Finds what is on disk, and starts to drain it. */
  open(): Promise<void> {
    this.opening ??= this.restore();
    return this.opening;
  }

  /** Nothing can be written to disk: records wait in memory, as without a queue. */
  get unusable(): Problem | undefined {
    return this.log.unusable;
  }

  /** New records are written to disk where they must be: not in mode memory, once it has drained what it found. */
  get writes(): boolean {
    return !this.unusable && (this.options.mode !== 'memory' || !this.backlog.empty || !this.backlog.known);
  }

  /** New records do not fit on disk: the limit is reached, or too little of the file system is free. */
  get isFull(): boolean {
    return this.copies.isFull || this.log.failing?.key === 'disk-full';
  }

  /** Pending records on disk. */
  get records(): number {
    return this.onDisk.total;
  }

  /** Records that are only on disk. */
  get onlyOnDisk(): number {
    return this.records - this.bySeq.size;
  }

  /** Records from disk that were acknowledged, per second. */
  get drainPerSecond(): number {
    return this.drainRate.perSecond;
  }

  /** When the oldest record on disk was accepted, epoch milliseconds; as it was known a moment ago. */
  get oldest(): number | undefined {
    return this.records > 0 ? this.first.acceptedAt : undefined;
  }

  inMemory(seq: number): boolean {
    return this.bySeq.has(seq);
  }

  /** Where a new record goes. */
  placeOf({ name, writer }: OpenTopic, record: OutRecord): Place {
    return this.writes ? this.backlog.placeOf(name, record, writer) : { behind: false };
  }

  /**
   * A record that is new, or was held, goes to disk only: it must follow others there.
   * @param partition undefined: not decided
   * @throws Problem "disk-full" where it can neither be written nor go past those on disk
   */
  addBehind(accepted: AcceptedRecord, partition: number | undefined): void {
    // Older records in memory may end up in the same partition: they must be read back first.
    if (!this.copies.copyTopic(accepted.topic, new Set([partition]))) throw this.log.fullProblem;
    if (accepted.seq === undefined) this.copies.append(accepted);
    this.eviction.leave(accepted, this.backlog.make(accepted.topic).lane(partition));
  }

  /** A new record is with its topic's writer, or held during a pause. */
  addInMemory(accepted: AcceptedRecord): void {
    if (!this.writes || accepted.settledOrOnDisk) return;
    this.copies.add(accepted);
    if (this.options.mode === 'write-ahead') this.copies.copyOldest();
  }

  /** A record was answered. */
  settled(accepted: AcceptedRecord): void {
    this.copies.forget(accepted);
    const { seq } = accepted;
    if (seq === undefined) return;
    this.log.settle(seq);
    this.bySeq.delete(seq);
    this.onDisk.remove(accepted.topic);
    if (accepted.fromDisk) {
      this.drainRate.add();
      this.drain.windows.returned(accepted);
    }
    this.drain.wake();
  }

  /** A record that was read is none: it counts as damaged. */
  unreadable(seq: number, topic: string): void {
    this.log.settle(seq);
    this.onDisk.remove(topic);
    this.host.total.damaged(1);
  }

  /** The partition that a keyless record takes when it is read back, if it works; undefined: it is not on disk. */
  partitionWhenReadBack({ seq, partitionThere }: AcceptedRecord, count: number): number | undefined {
    if (seq === undefined) return undefined;
    return partitionThere === undefined ? this.drain.windows.partitionOf(seq, count) : partitionThere % count;
  }

  /** A record that was read goes to the writer. @param partition the one it takes */
  handOver(stored: StoredRecord, seq: number, open: OpenTopic, partition: number): void {
    const accepted = this.host.enterMemory(stored, seq, open);
    this.bySeq.set(seq, accepted);
    accepted.handedTo = partition;
    this.host.write(accepted, { assigned: partition });
  }

  /** All records that are synced leave memory. Call it when nothing is handed over any more. */
  dropSynced(): void {
    for (const accepted of [...this.bySeq.values()]) {
      if (!accepted.synced) continue;
      this.host.withdraw(accepted);
      this.bySeq.delete(accepted.seq as number);
      this.host.leftMemory(accepted);
    }
    this.host.prune();
  }

  /** Reads and copies nothing more. A disk that does not answer is not waited for. */
  async stop(): Promise<void> {
    clearInterval(this.checks);
    await within(this.drain.close(), readLimitMs, () => {});
  }

  async close(): Promise<void> {
    await this.stop();
    await this.log.close(closeLimitMs);
  }

  /**
   * The topic's first metadata, or those after an outage, tell the cluster.
   * @param isOther it was another one until now: what is on disk for it stays there, and what is there for this one is sent
   */
  setCluster(id: string, isOther: boolean): void {
    this.log.clusterId = id;
    if (isOther) void this.findAgain();
  }

  /** Call it when the log may have changed. Only what a status shows is passed on. */
  logChanged(): void {
    this.noteDamage();
    const { unusable, failing, stats } = this.log;
    const now = [
      this.records,
      stats.damagedRecords,
      stats.foreignRecords,
      unusable?.key,
      failing?.key,
    ].join();
    if (now === this.shown) return;
    this.shown = now;
    this.host.changed();
  }

  /** Call it when the log may have read damaged records. */
  noteDamage(): void {
    if (!this.backlog.known) return;
    const { damagedRecords } = this.log.stats;
    if (damagedRecords > this.damaged) this.host.total.damaged(damagedRecords - this.damaged);
    this.damaged = damagedRecords;
  }

  private async restore(): Promise<void> {
    await this.log.open((frame) => this.restored(frame));
    this.backlog.known = true;
    this.host.total.restored(this.log.stats.damagedRecords - this.damaged);
    this.noteDamage();
    if (this.unusable) this.returnToWriters();
    this.drain.wake();
    this.logChanged();
  }

  private restored({ seq, content }: StoredFrame): void {
    const topic = topicOf(content);
    this.lastSynced = Math.max(this.lastSynced, seq);
    this.lastAppended = Math.max(this.lastAppended, seq);
    this.host.total.restored(1);
    this.onDisk.add(topic);
    this.backlog.make(topic).undecided.add(seq);
  }

  private async findAgain(): Promise<void> {
    const release = await this.drain.hold();
    this.backlog.known = false;
    this.backlog.forgetOnDisk();
    await this.backlog.find(this.log, (seq) => this.bySeq.has(seq));
    this.backlog.known = true;
    release();
  }

  private check(): void {
    if (this.unusable) this.returnToWriters();
    if (this.writes) this.copies.copyOldest();
    if (!this.backlog.empty) this.drain.wake();
    this.first.check(this.records);
    if (this.records === 0) this.copies.isFull = false;
  }

  /** What was only queued for the disk goes to the writers; what is on disk stays there. */
  private returnToWriters(): void {
    this.eviction.returnToWriters();
    for (const [seq, accepted] of this.bySeq) {
      if (accepted.synced) continue;
      this.bySeq.delete(seq);
      this.onDisk.remove(accepted.topic);
      accepted.seq = undefined;
    }
    this.backlog.clear();
    this.host.limitDelivery();
  }

  private appended(accepted: AcceptedRecord, seq: number): void {
    accepted.seq = seq;
    this.lastAppended = seq;
    this.bySeq.set(seq, accepted);
    this.onDisk.add(accepted.topic);
  }

  private synced(accepted: AcceptedRecord): void {
    this.lastSynced = Math.max(this.lastSynced, accepted.seq ?? 0);
    accepted.recordSynced();
    this.eviction.synced(accepted);
  }

  /** A record is only on disk from now on. */
  leftMemory(accepted: AcceptedRecord): void {
    this.bySeq.delete(accepted.seq as number);
    this.drain.windows.returned(accepted);
    this.drain.wake();
  }
}

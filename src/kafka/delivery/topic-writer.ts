import type { Message } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { type ClassifiedError, classifyError } from '../errors';
import { type PartitionEvents, PartitionQueue } from './partition-queue';
import { Partitioner } from './partitioner';
import { type DeliveryTimeouts, PendingRecord, type RecordOwner } from './pending-record';
import type { OutRecord } from './record';
import type { TopicCatalogue, TopicCreation } from './topic-catalogue';
import type { Acknowledgement, TopicProducer } from './topic-producer';

/** How a topic stands: on the way, writable, or failing with a cause. */
export type Health =
  | { state: 'connecting' }
  | { state: 'connected' }
  | { state: 'failing'; problem: Problem };

const countMaxAgeMs = 60_000;
const sweepMs = 1000;
const firstWaitMs = 200;
const longestWaitMs = 2000;
const shunMs = 10_000;

/**
 * Writes the records of one topic: gives each its partition, once, and keeps it until it is acknowledged
 * or given up. Each accepted record is answered exactly once.
 */
export class TopicWriter implements PartitionEvents {
  private readonly queues = new Map<number, PartitionQueue>();
  private readonly failing = new Map<number, Problem>();
  /** Partitions whose last records were given up, and when (milliseconds of this process). */
  private readonly shunned = new Map<number, number>();
  private readonly choice = new Partitioner((partition) => this.isBad(partition));
  private readonly abort = new AbortController();
  private readonly watchers = new Set<(health: Health) => void>();
  private unrouted: PendingRecord[] = [];
  private health: Health = { state: 'connecting' };
  private count?: number;
  private countedAt = 0;
  private recounting?: Promise<number | undefined>;
  private discovering = false;
  private sweeper?: NodeJS.Timeout;
  /** How to make the topic where it is missing; any user may ask for it. */
  creation?: TopicCreation;

  constructor(
    readonly topic: string,
    private readonly producer: TopicProducer,
    private readonly catalogue: TopicCatalogue,
    private readonly attemptLimitMs: number,
  ) {}

  get closing(): AbortSignal {
    return this.abort.signal;
  }

  /** Connects, and goes on trying until the topic can be written or the writer is closed. */
  connect(): void {
    if (!this.discovering) void this.discover();
  }

  /** Tells the present health at once and each change from now on. @returns ends it */
  watch(watcher: (health: Health) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.health);
    return () => this.watchers.delete(watcher);
  }

  /**
   * Accepts a record.
   * @param owner who may later give up all of its records, and is told when one is sent again
   * @returns its answer: resolves with where it lies, rejects with a Problem
   */
  write(record: OutRecord, owner: RecordOwner, timeouts: DeliveryTimeouts): PendingRecord {
    const entry = new PendingRecord(record, owner, timeouts, performance.now());
    this.sweeper ??= setInterval(() => this.sweep(), sweepMs);
    if (this.count === undefined || this.unrouted.length > 0) {
      this.unrouted.push(entry);
      this.connect();
    } else {
      if (performance.now() - this.countedAt > countMaxAgeMs) void this.recount();
      this.route(entry, this.count);
    }
    return entry;
  }

  /** Gives up all records of an owner that have no answer yet. @returns how many */
  giveUp(owner: RecordOwner): number {
    let count = 0;
    for (const entry of this.entries()) {
      if (entry.owner !== owner) continue;
      entry.fail(new Problem('closed-before-ack', { cause: this.causeOf(entry) }));
      count++;
    }
    return count;
  }

  /** Ends the writer; what is still unanswered fails. */
  async close(): Promise<void> {
    this.abort.abort();
    clearInterval(this.sweeper);
    this.sweeper = undefined;
    this.watchers.clear();
    for (const entry of this.entries()) {
      entry.fail(new Problem('closed-before-ack', { cause: this.causeOf(entry) }));
    }
    await this.producer.close();
  }

  /** Nothing is under way, and whether the topic can be written is not known: the last connection closed, for one. */
  disconnected(): void {
    if (this.closing.aborted) return;
    this.tell({ state: 'connecting' });
    this.connect();
  }

  async send(partition: number, messages: Message[]): Promise<Acknowledgement> {
    return this.producer.send(this.topic, partition, messages, this.attemptLimitMs);
  }

  succeeded(partition: number): void {
    this.shunned.delete(partition);
    if (this.failing.delete(partition) || this.health.state !== 'connected') this.tellOfPartitions();
  }

  failed(partition: number, verdict: ClassifiedError, thrown: unknown): void {
    this.producer.failed(thrown, verdict.replace);
    this.failing.set(partition, verdict.problem);
    this.tellOfPartitions();
  }

  resetProducer(): void {
    this.producer.replace();
  }

  /** If its records were given up, nothing tells any more when it can be written again: that is to be found out. */
  drained(partition: number): void {
    if (!this.failing.delete(partition)) return;
    this.shunned.set(partition, performance.now());
    if (this.failing.size > 0) this.tellOfPartitions();
    else this.disconnected();
  }

  left(partition: number): void {
    this.choice.left(partition);
  }

  async reroute(partition: number, batch: PendingRecord[]): Promise<boolean> {
    const count = await this.recount();
    if (count === undefined || partition < count) return false;
    const behind = this.queues.get(partition)?.takeAll() ?? [];
    this.failing.delete(partition);
    for (const entry of [...batch, ...behind]) if (!entry.answered) this.route(entry, count);
    return true;
  }

  private isBad(partition: number): boolean {
    if (this.failing.has(partition) || this.queues.get(partition)?.overdue) return true;
    const since = this.shunned.get(partition);
    return since !== undefined && performance.now() - since < shunMs;
  }

  private route(entry: PendingRecord, count: number): void {
    const partition = this.choice.choose(entry.record, count);
    if (partition >= count) {
      void this.refusePartition(entry, partition, count);
      return;
    }
    let queue = this.queues.get(partition);
    if (!queue) {
      queue = new PartitionQueue(partition, this);
      this.queues.set(partition, queue);
    }
    queue.push(entry);
  }

  /** A partition that is not there may have been added since the topic was last looked at. */
  private async refusePartition(entry: PendingRecord, partition: number, known: number): Promise<void> {
    const count = (await this.recount()) ?? known;
    if (partition < count) this.route(entry, count);
    else entry.fail(new Problem('partition-missing', { topic: this.topic, partition, count }));
  }

  private async discover(): Promise<void> {
    this.discovering = true;
    for (let wait = firstWaitMs; !this.closing.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
      try {
        const count = await this.catalogue.partitionCount(this.topic, this.creation);
        await this.producer.connect();
        if (this.closing.aborted) break;
        this.counted(count);
        this.tellOfPartitions();
        for (const entry of this.unrouted.splice(0)) if (!entry.answered) this.route(entry, count);
        break;
      } catch (error) {
        if (this.closing.aborted) break;
        const { action, problem } = classifyError(error, this.topic);
        this.tell({ state: 'failing', problem });
        for (const entry of this.unrouted) entry.lastProblem = problem;
        if (action !== 'retry') for (const entry of this.unrouted.splice(0)) entry.fail(problem);
      }
      await sleep(wait, this.closing);
    }
    this.discovering = false;
  }

  /** Looks up the number of partitions again; undefined while it cannot be told. */
  private recount(): Promise<number | undefined> {
    this.recounting ??= this.catalogue
      .partitionCount(this.topic, this.creation)
      .then(
        (count) => {
          this.counted(count);
          return count;
        },
        () => undefined,
      )
      .finally(() => {
        this.recounting = undefined;
      });
    return this.recounting;
  }

  private counted(count: number): void {
    this.count = count;
    this.countedAt = performance.now();
  }

  private entries(): PendingRecord[] {
    const queued = [...this.queues.values()].flatMap((queue) => queue.entries());
    return [...queued, ...this.unrouted.filter((entry) => !entry.answered)];
  }

  /** Gives up what has waited for longer than it may. */
  private sweep(): void {
    const now = performance.now();
    const entries = this.entries();
    for (const entry of entries) {
      if (entry.deadline > now) continue;
      const key = entry.outcomeUnknown ? 'not-delivered-in-doubt' : 'not-delivered';
      const seconds = Math.round(entry.timeouts.deliveryTimeout / 1000);
      entry.fail(new Problem(key, { seconds, cause: this.causeOf(entry) }));
    }
    this.unrouted = this.unrouted.filter((entry) => !entry.answered);
    if (entries.length > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  private causeOf(entry: PendingRecord): string {
    if (entry.lastProblem) return entry.lastProblem.message;
    if (this.health.state === 'failing') return this.health.problem.message;
    return entry.outcomeUnknown ? 'the broker has not answered yet' : 'it had not been sent yet';
  }

  private tellOfPartitions(): void {
    const [problem] = this.failing.values();
    this.tell(problem ? { state: 'failing', problem } : { state: 'connected' });
  }

  private tell(health: Health): void {
    this.health = health;
    for (const watcher of this.watchers) watcher(health);
  }
}

import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { classifyError } from '../errors';
import type { TopicFailure, TopicState } from '../outage-log';
import { connectRetryWaits } from '../retry-policy';
import type { PartitionCount } from './partition-count';
import { type PartitionEvent, PartitionQueue } from './partition-queue';
import { Partitioner } from './partitioner';
import type { PendingRecord, RecordOwner } from './pending-record';
import { type Health, TopicHealth } from './topic-health';
import type { TopicProducer } from './topic-producer';

const sweepMs = 1000;

/** What a writer needs of its topic's producer. */
export type Producer = Pick<TopicProducer, 'connect' | 'send' | 'attemptFailed' | 'replaceClient' | 'close'>;

/**
 * Writes the records of one topic: gives each its partition, once, and keeps it until it is acknowledged,
 * rejected or expired. Each accepted record gets exactly one answer.
 *
 * write -> partitioner -> PartitionQueue -> producer; what happens to a partition's requests comes back as
 * events, from which the topic's health and the next step for the partition follow.
 */
export class TopicWriter {
  private readonly queues = new Map<number, PartitionQueue>();
  private readonly health = new TopicHealth();
  private readonly partitioner = new Partitioner((partition) => this.avoids(partition));
  private readonly abort = new AbortController();
  /** Records accepted before the number of partitions is known, or while older ones leave partitions that are gone. */
  private unrouted: PendingRecord[] = [];
  /** The number of partitions by which records were given theirs. */
  private routedBy = 0;
  private connecting = false;
  private sweeper?: NodeJS.Timeout;

  /** @param waitsForAcceptance a refusal of all records (ACL, …) is retried like an outage */
  constructor(
    readonly topic: string,
    private readonly producer: Producer,
    private readonly partitionCount: PartitionCount,
    private readonly waitsForAcceptance = false,
  ) {}

  /** Connects, and retries until the topic can be written or the writer is closed. */
  connect(): void {
    if (!this.connecting) void this.keepConnecting();
  }

  /** Calls the watcher with the topic's health now and at each change. @returns a function that ends it */
  watch(watcher: (health: Health) => void): () => void {
    return this.health.watch(watcher);
  }

  /** For the log of outages. */
  get state(): TopicState {
    return {
      topic: this.topic,
      healthy: this.health.current.state === 'connected',
      failure: this.failure(),
      waiting: () => this.pending().length,
    };
  }

  /** Takes a record; its listener gets one answer. */
  write(pending: PendingRecord): void {
    this.sweeper ??= setInterval(() => this.sweep(), sweepMs);
    const count = this.partitions;
    if (count === undefined) {
      this.unrouted.push(pending);
      this.connect();
    } else {
      this.partitionCount.refreshIfOld();
      this.route(pending, count);
    }
  }

  /** The topic's number of partitions; undefined while new records cannot be given one. */
  get partitions(): number | undefined {
    const isLeaving = this.leaveGonePartitions();
    return isLeaving || this.unrouted.length > 0 ? undefined : this.partitionCount.current;
  }

  /** The cluster has not been asked for its id and the topic since the last failure. */
  get unconfirmed(): boolean {
    return this.partitionCount.stale;
  }

  /** Whether the partition fails now, or a request to it takes unusually long. */
  isStuck(partition: number): boolean {
    return this.health.isFailing(partition) || this.queues.get(partition)?.overdue === true;
  }

  /** Whether a keyless record should rather take another partition. */
  avoids(partition: number): boolean {
    return this.health.avoids(partition) || this.queues.get(partition)?.overdue === true;
  }

  /** Whether a later record was given to another partition than this one's. */
  isOvertaken({ order, partition }: PendingRecord): boolean {
    return partition !== undefined && this.partitioner.isOvertaken(order, partition);
  }

  /** Forgets the records that were withdrawn. */
  prune(): void {
    this.unrouted = this.unrouted.filter((pending) => !pending.answered);
    for (const queue of this.queues.values()) queue.prune();
  }

  /** Fails all pending records of an owner. @returns how many */
  failPending(owner: RecordOwner): number {
    const records = this.pending().filter((pending) => pending.owner === owner);
    for (const pending of records) this.failUnacknowledged(pending);
    return records.length;
  }

  /** Ends the writer; pending records fail. */
  async close(): Promise<void> {
    this.abort.abort();
    clearInterval(this.sweeper);
    this.sweeper = undefined;
    this.health.close();
    for (const pending of this.pending()) this.failUnacknowledged(pending);
    await this.producer.close();
  }

  /** No request is in flight and it is not known whether the topic can be written, as after the last disconnect. */
  disconnected(): void {
    if (this.abort.signal.aborted) return;
    this.health.set({ state: 'connecting' });
    this.connect();
  }

  /**
   * Where the topic has fewer partitions than before, the records of those that are gone get another one before any newer
   * record does: the newer ones of their keys go there too.
   * @returns whether a request to such a partition is in flight: its records come first
   */
  private leaveGonePartitions(): boolean {
    const count = this.partitionCount.current ?? 0;
    if (count < this.routedBy) {
      const gone = [...this.queues].filter(([partition]) => partition >= count);
      for (const [partition, queue] of gone) {
        this.health.partitionGone(partition);
        this.unrouted = [...queue.withdraw(), ...this.unrouted];
      }
      if (gone.some(([, { pending }]) => pending.length > 0)) return true;
      this.routeWaiting(count);
    }
    this.routedBy = count;
    return false;
  }

  private routeWaiting(count: number): void {
    for (const pending of this.unrouted.splice(0)) if (!pending.answered) this.route(pending, count);
  }

  private route(pending: PendingRecord, count: number): void {
    const { assigned, record, mayTake, prefers } = pending;
    const isAssigned = assigned !== undefined && assigned < count;
    const partition = isAssigned
      ? assigned
      : this.partitioner.choose(record, count, { mayTake, preferred: prefers?.(count) });
    if (partition < count) {
      pending.partition = partition;
      this.partitioner.given(pending.order, partition);
      this.queueOf(partition).push(pending);
    } else void this.routeToNewPartition(pending, partition, count);
  }

  /** The requested partition may have been added since the topic's metadata was fetched. */
  private async routeToNewPartition(pending: PendingRecord, partition: number, known: number): Promise<void> {
    const count = (await this.partitionCount.refresh()) ?? known;
    if (partition < count) this.route(pending, count);
    else pending.fail(new Problem('partition-missing', { topic: this.topic, partition, count }));
  }

  private queueOf(partition: number): PartitionQueue {
    let queue = this.queues.get(partition);
    if (!queue) {
      queue = new PartitionQueue({
        topic: this.topic,
        partition,
        closing: this.abort.signal,
        waitsForAcceptance: this.waitsForAcceptance,
        send: (messages) => this.producer.send(this.topic, partition, messages),
        onEvent: (event) => this.onPartitionEvent(partition, event),
      });
      this.queues.set(partition, queue);
    }
    return queue;
  }

  private onPartitionEvent(partition: number, event: PartitionEvent): void | Promise<void> {
    switch (event.type) {
      case 'batch-sent':
        this.partitioner.batchSent(partition);
        return;
      case 'acknowledged':
        this.health.partitionAcknowledged(partition);
        // After an outage the cluster may be another one, and the topic may have other partitions.
        if (this.partitionCount.stale) void this.partitionCount.refresh();
        return;
      case 'retrying':
        this.producer.attemptFailed(event.thrown, event.error.replace);
        this.health.partitionFailed(partition, event.error);
        if (event.error.source === 'connection') this.partitionCount.stale = true;
        if (event.error.staleMetadata) return this.leaveIfGone();
        this.leaveGonePartitions();
        return;
      case 'sequence-lost':
        this.producer.replaceClient();
        return;
      case 'idle':
        if (this.health.partitionIdle(partition)) this.disconnected();
        this.leaveGonePartitions();
    }
  }

  /** The partition may not exist any more: then others get its records. */
  private async leaveIfGone(): Promise<void> {
    await this.partitionCount.refresh();
    this.leaveGonePartitions();
  }

  private async keepConnecting(): Promise<void> {
    this.connecting = true;
    const { signal } = this.abort;
    const nextRetry = connectRetryWaits();
    while (!signal.aborted && !(await this.tryToConnect())) await sleep(nextRetry(), signal);
    this.connecting = false;
  }

  /** @returns whether there is nothing left to try */
  private async tryToConnect(): Promise<boolean> {
    const { signal } = this.abort;
    try {
      const count = await this.partitionCount.fetch();
      await this.producer.connect();
      if (signal.aborted) return true;
      this.health.topicFound();
      if (!this.leaveGonePartitions()) this.routeWaiting(count);
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      const classified = classifyError(error, this.topic);
      const { action, problem } = classified;
      this.health.topicFailed(classified);
      for (const pending of this.unrouted) pending.lastProblem = problem;
      const isFinal = action === 'reject-record' || (action === 'reject-all' && !this.waitsForAcceptance);
      if (isFinal) for (const pending of this.unrouted.splice(0)) pending.fail(problem);
      return false;
    }
  }

  private failure(): TopicFailure | undefined {
    const { failing } = this.health;
    const unrouted = this.unrouted.find((pending) => !pending.answered);
    const oldest = [...this.queues.values()].map((queue) => queue.oldest);
    if (unrouted) oldest.push({ record: unrouted, since: unrouted.due });
    const [longest] = oldest.filter((one) => one !== undefined).sort((a, b) => a.since - b.since);
    if (!failing) {
      return longest && { since: longest.since, source: 'connection', problem: this.causeOf(longest.record) };
    }
    const { source, problem } = failing.error;
    return { since: Math.min(failing.since, longest?.since ?? failing.since), source, problem };
  }

  private pending(): PendingRecord[] {
    const queued = [...this.queues.values()].flatMap((queue) => queue.pending);
    return [...queued, ...this.unrouted.filter((pending) => !pending.answered)];
  }

  /** Fails the records whose delivery timeout has expired. */
  private sweep(): void {
    const now = performance.now();
    const records = this.pending();
    for (const pending of records) {
      if (pending.deadline > now) continue;
      const key = pending.outcomeUnknown ? 'not-delivered-in-doubt' : 'not-delivered';
      const seconds = Math.round(pending.timeouts.deliveryTimeout / 1000);
      pending.fail(new Problem(key, { seconds, cause: this.causeOf(pending) }));
    }
    this.unrouted = this.unrouted.filter((pending) => !pending.answered);
    if (records.length > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  private failUnacknowledged(pending: PendingRecord): void {
    pending.fail(new Problem('closed-before-ack', { cause: this.causeOf(pending) }));
  }

  private causeOf(pending: PendingRecord): Problem {
    if (pending.lastProblem) return pending.lastProblem;
    const { current: health } = this.health;
    if (health.state === 'failing') return health.problem;
    return new Problem(pending.outcomeUnknown ? 'cause-not-acknowledged' : 'cause-not-sent');
  }
}

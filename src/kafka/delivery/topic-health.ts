import type { Problem } from '../../util/problem';
import type { ClassifiedError } from '../errors';

/** Whether a topic can be written: not known yet, yes, or no with the cause. */
export type Health =
  | { state: 'connecting' }
  | { state: 'connected' }
  | { state: 'failing'; problem: Problem };

const avoidMs = 10_000;

/** The health of one topic, from what happens to its partitions. Its watchers learn of each change. */
export class TopicHealth {
  private readonly watchers = new Set<(health: Health) => void>();
  private readonly failingPartitions = new Map<number, Problem>();
  /** Partitions whose last records expired, and when (milliseconds of `performance.now()`). */
  private readonly expiredAt = new Map<number, number>();
  private health: Health = { state: 'connecting' };
  /** Why the topic cannot be written, and since when without a break (milliseconds of `performance.now()`). */
  failing?: { since: number; error: ClassifiedError };

  get current(): Health {
    return this.health;
  }

  /** Calls the watcher with the health now and at each change. @returns a function that ends it */
  watch(watcher: (health: Health) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.health);
    return () => this.watchers.delete(watcher);
  }

  /** Whether the last request to the partition failed and is retried. */
  isFailing(partition: number): boolean {
    return this.failingPartitions.has(partition);
  }

  /** Whether keyless records should take another partition: it fails now, or did until its records expired. */
  avoids(partition: number): boolean {
    if (this.failingPartitions.has(partition)) return true;
    const since = this.expiredAt.get(partition);
    return since !== undefined && performance.now() - since < avoidMs;
  }

  /** The topic as a whole: the client reconnects, or cannot find the topic. */
  set(health: Health): void {
    this.health = health;
    for (const watcher of this.watchers) watcher(health);
  }

  /** The topic was found: its health is that of its partitions. */
  topicFound(): void {
    const [problem] = this.failingPartitions.values();
    this.set(problem ? { state: 'failing', problem } : { state: 'connected' });
    if (!problem) this.failing = undefined;
  }

  /** The topic as a whole cannot be written. */
  topicFailed(error: ClassifiedError): void {
    this.set({ state: 'failing', problem: error.problem });
    this.noteFailing(error);
  }

  partitionFailed(partition: number, error: ClassifiedError): void {
    this.failingPartitions.set(partition, error.problem);
    this.topicFound();
    this.noteFailing(error);
  }

  partitionAcknowledged(partition: number): void {
    this.expiredAt.delete(partition);
    if (this.failingPartitions.delete(partition) || this.health.state !== 'connected') this.topicFound();
  }

  /** The partition does not exist any more. */
  partitionGone(partition: number): void {
    this.failingPartitions.delete(partition);
  }

  /**
   * Nothing is pending for the partition.
   * @returns true where its last records expired and no other partition fails: no request will show any more
   *   whether the topic can be written
   */
  partitionIdle(partition: number): boolean {
    if (!this.failingPartitions.delete(partition)) return false;
    this.expiredAt.set(partition, performance.now());
    if (this.failingPartitions.size === 0) return true;
    this.topicFound();
    return false;
  }

  /** No watcher learns anything more. */
  close(): void {
    this.watchers.clear();
  }

  private noteFailing(error: ClassifiedError): void {
    this.failing = { since: this.failing?.since ?? performance.now(), error };
  }
}

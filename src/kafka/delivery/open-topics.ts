import { Problem } from '../../util/problem';
import type { Compression } from '../compression';
import { RecordCounters } from './counters';
import type { TopicCreation } from './partition-count';
import type { PendingRecord, RecordOwner } from './pending-record';
import type { Health } from './topic-health';
import { type RecordWriter, TopicQueue } from './topic-queue';

/** How records are written. Nodes with the same options share a topic's writer. */
export interface WriteOptions {
  acks: 'all' | '1';
  idempotent: boolean;
  compression: Compression;
  /** How to create a missing topic; undefined: not at all. */
  creation?: TopicCreation;
  /** A refusal of all records (ACL, unsupported version, …) is retried like an outage. */
  waitsForAcceptance?: boolean;
}

/** What writes the records of one topic, as `TopicWriter` does. */
export interface Writer extends RecordWriter {
  connect(): void;
  watch(watcher: (health: Health) => void): () => void;
  failPending(owner: RecordOwner): number;
  prune(): void;
  /** undefined while the number is not known. */
  readonly partitions: number | undefined;
  readonly unconfirmed: boolean;
  isStuck(partition: number): boolean;
  avoids(partition: number): boolean;
  isOvertaken(pending: PendingRecord): boolean;
}

/** Shares the writers of topics, as `Cluster` does. */
export interface WriterPool {
  /** The cluster's id, as it was last reported; undefined before. */
  readonly clusterId?: string;
  acquire(topic: string, options: WriteOptions): { readonly writer: Writer; release(): void };
}

/** A topic that one node writes to: open, or waiting until another one can be closed. */
export interface OpenTopic {
  readonly name: string;
  readonly counters: RecordCounters;
  /** undefined while the topic waits. */
  writer?: Writer;
  /** Kept open although idle. */
  pinned: boolean;
  health: Health;
  /** Milliseconds of `performance.now()` when a record was last accepted or answered. */
  usedAt: number;
}

const idleMs = 5 * 60_000;
const expiryCheckMs = 1000;
const maxOpenTopics = 100;

/**
 * The topics that one node writes to: opened at the first record, closed when idle for five minutes or, the
 * longest idle first, when more than a hundred would be open. A topic with pending records stays open. If all
 * hundred have some, the records of further topics wait until one is idle, first come, first served.
 */
export class OpenTopics {
  private readonly topics = new Map<string, { topic: OpenTopic; close: () => void }>();
  private readonly waiting = new Map<string, { topic: OpenTopic; queue: TopicQueue }>();
  private sweeper?: NodeJS.Timeout;
  private expiryCheck?: NodeJS.Timeout;

  /**
   * @param total counts the records of all topics
   * @param onHealth called when a topic's health changes
   * @param limit how many topics are open at once
   * @param hasBacklog whether records of a topic are only on disk: it is closed only where another one needs the place
   */
  constructor(
    private readonly pool: WriterPool,
    private readonly options: WriteOptions,
    private readonly total: RecordCounters,
    private readonly onHealth: () => void,
    private readonly limit = maxOpenTopics,
    private readonly hasBacklog: (topic: string) => boolean = () => false,
  ) {}

  /** All topics: the open ones in the order in which they were opened, then those that wait. */
  get all(): OpenTopic[] {
    return [...this.topics.values(), ...this.waiting.values()].map(({ topic }) => topic);
  }

  /** The worst health among the topics kept open and those with pending records. */
  get health(): Health {
    const all = this.all;
    const relevant = all
      .filter(({ writer, name, pinned, counters }) => {
        return writer && (pinned || counters.counts.waiting > 0 || this.hasBacklog(name));
      })
      .map(({ health }) => health);
    const worst = ['failing', 'connecting', 'connected'].map((state) =>
      relevant.find((health) => health.state === state),
    );
    return worst.find((health) => health) ?? { state: all.length > 0 ? 'connected' : 'connecting' };
  }

  /** A topic, if it is open or waits. */
  get(name: string): OpenTopic | undefined {
    return (this.topics.get(name) ?? this.waiting.get(name))?.topic;
  }

  /** A topic, opened if it is not; it waits if a hundred others have pending records. */
  open(name: string): OpenTopic {
    const known = this.get(name);
    if (known) return known;
    const topic: OpenTopic = {
      name,
      counters: new RecordCounters(this.total),
      pinned: false,
      health: { state: 'connecting' },
      usedAt: performance.now(),
    };
    if (this.waiting.size === 0 && this.makeRoom()) this.connect(topic);
    else {
      const cause = new Problem('cause-topic-waits', { topic: name, limit: this.limit });
      this.waiting.set(name, { topic, queue: new TopicQueue(cause) });
      this.expiryCheck ??= setInterval(() => this.expireWaiting(), expiryCheckMs);
    }
    return topic;
  }

  /** An open topic, opened if there is room for it; undefined if it would have to wait. */
  tryOpen(name: string): OpenTopic | undefined {
    const known = this.get(name);
    if (known || !this.makeRoom()) return known?.writer && known;
    return this.open(name);
  }

  /** Writes a record to a topic that `open` returned, or lets it wait with its topic. */
  write({ name, writer }: OpenTopic, pending: PendingRecord): void {
    const { queue } = this.waiting.get(name) ?? {};
    if (writer) writer.write(pending);
    else if (queue) queue.add(pending);
    else pending.fail(new Problem('closing'));
  }

  /** Forgets the records that were withdrawn. */
  prune(): void {
    for (const { topic } of this.topics.values()) topic.writer?.prune();
    for (const { queue } of this.waiting.values()) queue.prune();
  }

  /** Opens topics that wait, while others are idle. Call it when all records of a topic are answered. */
  openWaiting(): void {
    if (!this.expiryCheck) return;
    let room = true;
    for (const [name, { topic, queue }] of this.waiting) {
      const pending = topic.counters.counts.waiting > 0;
      room &&= !pending || this.makeRoom();
      if (pending && !room) continue;
      this.waiting.delete(name);
      if (pending) queue.writeTo(this.connect(topic));
    }
    if (this.waiting.size > 0) return;
    clearInterval(this.expiryCheck);
    this.expiryCheck = undefined;
  }

  private connect(topic: OpenTopic): Writer {
    const { name, counters } = topic;
    const { writer, release } = this.pool.acquire(name, this.options);
    topic.writer = writer;
    let unwatch = (): void => {};
    const close = (): void => {
      unwatch();
      release();
      this.topics.delete(name);
    };
    // Before the watcher is called, which is at once: the queue on disk then asks for the topic.
    this.topics.set(name, { topic, close });
    unwatch = writer.watch((health) => {
      topic.health = health;
      if (health.state === 'failing') counters.delayed(health.problem);
      this.onHealth();
    });
    writer.connect();
    this.sweeper ??= setInterval(() => this.closeIdle(), idleMs / 5).unref();
    return writer;
  }

  /** Fails all pending records and closes all topics. @returns how many records failed */
  close(): number {
    clearInterval(this.sweeper);
    clearInterval(this.expiryCheck);
    this.expiryCheck = undefined;
    let failed = 0;
    // First those that wait: no topic of theirs may be opened for the others' answers.
    for (const { queue } of this.waiting.values()) failed += queue.close();
    this.waiting.clear();
    for (const { topic, close } of this.topics.values()) {
      failed += topic.writer?.failPending(topic.counters) ?? 0;
      close();
    }
    return failed;
  }

  /** Closes the longest idle topic if another one cannot be open. @returns whether another one can be */
  private makeRoom(): boolean {
    if (this.topics.size < this.limit) return true;
    const [oldest] = [...this.topics.values()]
      .filter(({ topic }) => isIdle(topic))
      .sort((a, b) => a.topic.usedAt - b.topic.usedAt);
    oldest?.close();
    return oldest !== undefined;
  }

  private expireWaiting(): void {
    const now = performance.now();
    for (const { queue } of this.waiting.values()) queue.expire(now);
  }

  private closeIdle(): void {
    const before = performance.now() - idleMs;
    for (const { topic, close } of this.topics.values()) {
      if (isIdle(topic) && topic.usedAt <= before && !this.hasBacklog(topic.name)) close();
    }
  }
}

const isIdle = ({ pinned, counters }: OpenTopic): boolean => !pinned && counters.counts.waiting === 0;

import { Problem } from '../../util/problem';
import type { Compression } from '../compression';
import { RecordCounters } from './counters';
import type { TopicCreation } from './partition-count';
import type { DeliveryTimeouts, PendingRecord, RecordOwner } from './pending-record';
import type { OutRecord } from './record/record';
import type { Health } from './topic-health';

/** How records are written. Nodes with the same options share a topic's writer. */
export interface WriteOptions {
  acks: 'all' | '1';
  idempotent: boolean;
  compression: Compression;
  /** How to create a missing topic; undefined: not at all. */
  creation?: TopicCreation;
}

/** What writes the records of one topic, as `TopicWriter` does. */
export interface Writer {
  connect(): void;
  watch(watcher: (health: Health) => void): () => void;
  write(record: OutRecord, owner: RecordOwner, timeouts: DeliveryTimeouts): Pick<PendingRecord, 'answer'>;
  failPending(owner: RecordOwner): number;
}

/** Shares the writers of topics, as `Cluster` does. */
export interface WriterPool {
  acquire(topic: string, options: WriteOptions): { readonly writer: Writer; release(): void };
}

/** A topic that one node writes to. */
export interface OpenTopic {
  readonly name: string;
  readonly writer: Writer;
  readonly counters: RecordCounters;
  /** Kept open although idle. */
  pinned: boolean;
  health: Health;
  /** Milliseconds of `performance.now()` when a record was last accepted or answered. */
  usedAt: number;
}

const idleMs = 5 * 60_000;
const maxOpenTopics = 100;

/**
 * The topics that one node writes to: opened at the first record, closed when idle for five minutes or, the
 * longest idle first, when more than a hundred would be open. A topic with pending records stays open.
 */
export class OpenTopics {
  private readonly topics = new Map<string, { topic: OpenTopic; close: () => void }>();
  private sweeper?: NodeJS.Timeout;

  /**
   * @param total counts the records of all topics
   * @param onHealth called when a topic's health changes
   */
  constructor(
    private readonly pool: WriterPool,
    private readonly options: WriteOptions,
    private readonly total: RecordCounters,
    private readonly onHealth: () => void,
  ) {}

  /** All open topics, in the order in which they were opened. */
  get all(): OpenTopic[] {
    return [...this.topics.values()].map(({ topic }) => topic);
  }

  /** A topic, if it is open. */
  get(name: string): OpenTopic | undefined {
    return this.topics.get(name)?.topic;
  }

  /**
   * A topic, opened if it is not.
   * @throws Problem "topics-too-many" when a hundred others have pending records
   */
  open(name: string): OpenTopic {
    const known = this.get(name);
    if (known) return known;
    if (this.topics.size >= maxOpenTopics) this.closeLongestIdle(name);
    const { writer, release } = this.pool.acquire(name, this.options);
    const counters = new RecordCounters(this.total);
    const topic: OpenTopic = {
      name,
      writer,
      counters,
      pinned: false,
      health: { state: 'connecting' },
      usedAt: performance.now(),
    };
    const unwatch = writer.watch((health) => {
      topic.health = health;
      if (health.state === 'failing') counters.delayed(health.problem);
      this.onHealth();
    });
    const close = (): void => {
      unwatch();
      release();
      this.topics.delete(name);
    };
    this.topics.set(name, { topic, close });
    writer.connect();
    this.sweeper ??= setInterval(() => this.closeIdle(), idleMs / 5).unref();
    return topic;
  }

  /** Fails all pending records and closes all topics. @returns how many records failed */
  close(): number {
    clearInterval(this.sweeper);
    let failed = 0;
    for (const { topic, close } of this.topics.values()) {
      failed += topic.writer.failPending(topic.counters);
      close();
    }
    return failed;
  }

  private closeLongestIdle(name: string): void {
    const [oldest] = [...this.topics.values()]
      .filter(({ topic }) => isIdle(topic))
      .sort((a, b) => a.topic.usedAt - b.topic.usedAt);
    if (!oldest) throw new Problem('topics-too-many', { topic: name, limit: maxOpenTopics });
    oldest.close();
  }

  private closeIdle(): void {
    const before = performance.now() - idleMs;
    for (const { topic, close } of this.topics.values()) {
      if (isIdle(topic) && topic.usedAt <= before) close();
    }
  }
}

const isIdle = ({ pinned, counters }: OpenTopic): boolean => !pinned && counters.counts.waiting === 0;

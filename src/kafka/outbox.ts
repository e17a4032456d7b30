import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../problem';
import type { Cluster, TopicLease, WriteOptions } from './cluster';
import { type RecordFields, toRecord } from './record';
import type { TopicCreation } from './topic-catalogue';
import { topicName } from './topic-name';
import type { Health } from './topic-writer';
import type { Delivery, Patience } from './waiting';

export interface OutboxOptions extends WriteOptions {
  patience: Patience;
  /** Serialised bytes that may wait. */
  memoryLimit: number;
  /** How to make a missing topic; absent: not at all. */
  creation?: TopicCreation;
}

/** What was taken and what became of it; `taken` = acked + failed + waiting. */
export interface Counters {
  taken: number;
  acked: number;
  failed: number;
  waiting: number;
  /** Serialised bytes of all that waits. */
  waitingBytes: number;
}

interface OpenTopic {
  lease: TopicLease;
  unwatch: () => void;
  health: Health;
  waiting: number;
  usedAt: number;
}

const idleMs = 5 * 60_000;
const mostTopics = 100;
const megabyte = 1_000_000;

/**
 * What one kafka-out has under way: bounded in bytes, counted, each record answered once. Topics are
 * opened when first written to and let go when idle for five minutes.
 */
export class Outbox {
  readonly counters: Counters = { taken: 0, acked: 0, failed: 0, waiting: 0, waitingBytes: 0 };
  private readonly topics = new Map<string, OpenTopic>();
  private readonly underWay = new Set<Promise<unknown>>();
  private idle?: NodeJS.Timeout;
  private closed = false;
  private full = false;

  /**
   * @param onChange called when a topic's health changes or a record was answered
   * @param onFull called with true when 80 % of the memory is taken, with false when half of it is free again
   */
  constructor(
    private readonly cluster: Cluster,
    private readonly options: OutboxOptions,
    private readonly onChange: () => void,
    private readonly onFull: (full: boolean) => void = () => {},
  ) {}

  /** Connects to a topic before the first record comes; it is kept open. */
  open(topic: string): void {
    this.topic(topicName(topic)).usedAt = Number.POSITIVE_INFINITY;
  }

  /** The worst health among the topics that matter now: those kept open, and those with records waiting. */
  get health(): Health {
    const open = [...this.topics.values()];
    const all = open
      .filter(({ waiting, usedAt }) => waiting > 0 || usedAt === Number.POSITIVE_INFINITY)
      .map(({ health }) => health);
    const worst = ['failing', 'connecting', 'connected'].map((state) =>
      all.find((one) => one.state === state),
    );
    return worst.find((health) => health) ?? { state: open.length > 0 ? 'connected' : 'connecting' };
  }

  /**
   * Takes a record and resolves when Kafka has acknowledged it. The order of calls is the order in the partition.
   * @throws Problem when the record cannot be taken, is refused, or is given up
   */
  async send(topic: unknown, fields: RecordFields): Promise<Delivery> {
    this.counters.taken++;
    try {
      // A message may still arrive while the flow is being stopped; it must not open anything anew.
      if (this.closed) throw new Problem('closing');
      const record = toRecord(fields, Date.now());
      const name = topicName(topic);
      this.admit(record.bytes);
      const open = this.topic(name);
      return await this.follow(
        open,
        record.bytes,
        open.lease.writer.write(record, this, this.options.patience).answer,
      );
    } catch (error) {
      this.counters.failed++;
      throw error;
    } finally {
      this.onChange();
    }
  }

  /** Resolves when all that was taken before is answered. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.underWay);
    // Whoever waited for an answer has gone on with it by the next turn of the event loop.
    await nextTurn();
  }

  /**
   * Waits for what is under way, within bounds; what is not answered by then fails.
   * @returns how many records failed for it
   */
  async close(limitMs: number): Promise<number> {
    this.closed = true;
    clearInterval(this.idle);
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.flush(), late]);
    clearTimeout(limit);
    let given = 0;
    for (const [name, open] of this.topics) {
      given += open.lease.writer.giveUp(this);
      this.letGo(name, open);
    }
    await this.flush();
    return given;
  }

  private async follow(open: OpenTopic, bytes: number, answer: Promise<Delivery>): Promise<Delivery> {
    open.waiting++;
    open.usedAt = Math.max(open.usedAt, Date.now());
    this.counters.waiting++;
    this.counters.waitingBytes += bytes;
    this.measure();
    this.underWay.add(answer);
    try {
      const delivery = await answer;
      this.counters.acked++;
      return delivery;
    } finally {
      open.waiting--;
      this.counters.waiting--;
      this.counters.waitingBytes -= bytes;
      this.measure();
      this.underWay.delete(answer);
    }
  }

  private measure(): void {
    const share = this.counters.waitingBytes / this.options.memoryLimit;
    if (this.full ? share > 0.5 : share < 0.8) return;
    this.full = !this.full;
    this.onFull(this.full);
  }

  private admit(bytes: number): void {
    const { waitingBytes } = this.counters;
    // A single record larger than the limit is the broker's to refuse.
    if (waitingBytes === 0 || waitingBytes + bytes <= this.options.memoryLimit) return;
    throw new Problem('memory-full', {
      waiting: (waitingBytes / megabyte).toFixed(1),
      limit: (this.options.memoryLimit / megabyte).toFixed(1),
    });
  }

  private topic(name: string): OpenTopic {
    const known = this.topics.get(name);
    if (known) return known;
    if (this.topics.size >= mostTopics) this.makeRoom(name);
    const lease = this.cluster.lease(name, this.options);
    if (this.options.creation) lease.writer.creation = this.options.creation;
    const open: OpenTopic = {
      lease,
      unwatch: () => {},
      health: { state: 'connecting' },
      waiting: 0,
      usedAt: Date.now(),
    };
    this.topics.set(name, open);
    open.unwatch = lease.writer.watch((health) => {
      open.health = health;
      this.onChange();
    });
    lease.writer.connect();
    this.idle ??= setInterval(() => this.closeIdle(), idleMs / 5).unref();
    return open;
  }

  private makeRoom(name: string): void {
    const [oldest] = [...this.topics]
      .filter(([, open]) => open.waiting === 0 && Number.isFinite(open.usedAt))
      .sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!oldest) throw new Problem('topics-too-many', { topic: name, limit: mostTopics });
    this.letGo(...oldest);
  }

  private closeIdle(): void {
    const before = Date.now() - idleMs;
    for (const [name, open] of this.topics) {
      if (open.waiting === 0 && open.usedAt < before) this.letGo(name, open);
    }
  }

  private letGo(name: string, open: OpenTopic): void {
    open.unwatch();
    open.lease.release();
    this.topics.delete(name);
  }
}

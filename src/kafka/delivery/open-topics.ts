import { Problem } from '../../util/problem';
import type { WriteOptions } from '../cluster';
import { RecordCounters } from './counters';
import type { DeliveryTimeouts, PendingRecord, RecordOwner } from './pending-record';
import type { OutRecord } from './record';
import type { TopicCreation } from './topic-catalogue';
import type { Health } from './topic-writer';

/** What writes the records of one topic, as `TopicWriter` does. */
export interface Writer {
  creation?: TopicCreation;
  connect(): void;
  watch(watcher: (health: Health) => void): () => void;
  write(record: OutRecord, owner: RecordOwner, timeouts: DeliveryTimeouts): Pick<PendingRecord, 'answer'>;
  giveUp(owner: RecordOwner): number;
}

/** Who hands out the writers of topics, as `Cluster` does. */
export interface WriterPool {
  acquire(topic: string, options: WriteOptions): { readonly writer: Writer; release(): void };
}

/** A topic that one node writes to. */
export interface OpenTopic {
  readonly name: string;
  readonly writer: Writer;
  readonly tally: RecordCounters;
  health: Health;
  /** Epoch milliseconds of the last record taken or answered; infinite for one that is kept open. */
  usedAt: number;
}

const idleMs = 5 * 60_000;
const maxOpenTopics = 100;

/**
 * The topics that one node writes to: opened when first written to, let go when idle for five minutes or,
 * the longest idle first, when more than a hundred would be open. None is let go while a record of it waits.
 */
export class OpenTopics {
  private readonly topics = new Map<string, { topic: OpenTopic; letGo: () => void }>();
  private idle?: NodeJS.Timeout;

  /**
   * @param whole counts what all topics count
   * @param onHealth called when a topic's health changes
   */
  constructor(
    private readonly lessor: WriterPool,
    private readonly options: WriteOptions & { creation?: TopicCreation },
    private readonly whole: RecordCounters,
    private readonly onHealth: () => void,
  ) {}

  /** All that are open, in the order in which they were opened. */
  get all(): OpenTopic[] {
    return [...this.topics.values()].map(({ topic }) => topic);
  }

  /** A topic, if it is open. */
  get(name: string): OpenTopic | undefined {
    return this.topics.get(name)?.topic;
  }

  /**
   * A topic, opened if it is not.
   * @throws Problem "topics-too-many" when a hundred others have records waiting
   */
  open(name: string): OpenTopic {
    const known = this.get(name);
    if (known) return known;
    if (this.topics.size >= maxOpenTopics) this.makeRoom(name);
    const { writer, release } = this.lessor.acquire(name, this.options);
    if (this.options.creation) writer.creation = this.options.creation;
    const tally = new RecordCounters(this.whole);
    const topic: OpenTopic = { name, writer, tally, health: { state: 'connecting' }, usedAt: Date.now() };
    const unwatch = writer.watch((health) => {
      topic.health = health;
      if (health.state === 'failing') tally.hindered(health.problem);
      this.onHealth();
    });
    const letGo = (): void => {
      unwatch();
      release();
      this.topics.delete(name);
    };
    this.topics.set(name, { topic, letGo });
    writer.connect();
    this.idle ??= setInterval(() => this.closeIdle(), idleMs / 5).unref();
    return topic;
  }

  /** Gives up all records that still wait, and lets all topics go. @returns how many records */
  close(): number {
    clearInterval(this.idle);
    let given = 0;
    for (const { topic, letGo } of this.topics.values()) {
      given += topic.writer.giveUp(topic.tally);
      letGo();
    }
    return given;
  }

  private makeRoom(name: string): void {
    const [oldest] = [...this.topics.values()]
      .filter(({ topic }) => isIdle(topic) && Number.isFinite(topic.usedAt))
      .sort((a, b) => a.topic.usedAt - b.topic.usedAt);
    if (!oldest) throw new Problem('topics-too-many', { topic: name, limit: maxOpenTopics });
    oldest.letGo();
  }

  private closeIdle(): void {
    const before = Date.now() - idleMs;
    for (const { topic, letGo } of this.topics.values()) {
      if (isIdle(topic) && topic.usedAt <= before) letGo();
    }
  }
}

const isIdle = ({ tally }: OpenTopic): boolean => tally.counters.waiting === 0;

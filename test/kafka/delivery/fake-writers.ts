import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import type { Writer } from '../../../src/kafka/delivery/open-topics';
import { Outbox, type OutboxOptions } from '../../../src/kafka/delivery/outbox';
import type { PendingRecord, RecordOwner } from '../../../src/kafka/delivery/pending-record';
import type { Health } from '../../../src/kafka/delivery/topic-health';
import { Problem } from '../../../src/util/problem';

/** Keeps the records of one topic until a test answers them. */
export class FakeWriter implements Writer {
  readonly written: PendingRecord[] = [];
  setHealth: (health: Health) => void = () => {};

  constructor(readonly topic: string) {}

  connect(): void {}

  watch(watcher: (health: Health) => void): () => void {
    this.setHealth = watcher;
    watcher({ state: 'connected' });
    return () => {
      this.setHealth = () => {};
    };
  }

  write(pending: PendingRecord): void {
    this.written.push(pending);
  }

  prune(): void {}

  readonly partitions = 1;
  readonly unconfirmed = false;

  isStuck(): boolean {
    return false;
  }

  avoids(): boolean {
    return false;
  }

  isOvertaken(): boolean {
    return false;
  }

  failPending(owner: RecordOwner): number {
    const open = this.unanswered.filter((entry) => entry.owner === owner);
    for (const entry of open)
      entry.fail(new Problem('closed-before-ack', { cause: new Problem('cause-not-sent') }));
    return open.length;
  }

  get unanswered(): PendingRecord[] {
    return this.written.filter(({ answered }) => !answered);
  }

  /** Acknowledges a record: the oldest unanswered one, or `entry`. */
  acknowledge(entry = this.unanswered[0]): void {
    entry?.acknowledge({ topic: this.topic, partition: 0, timestamp: entry.record.timestamp });
  }
}

/** Makes one fake writer per topic, and knows which are acquired. */
export class FakeCluster {
  readonly brokerHealth = new BrokerHealth();
  readonly acquired = new Map<string, FakeWriter>();
  private readonly writers: FakeWriter[] = [];

  acquire(topic: string): { writer: FakeWriter; release: () => void } {
    const writer = new FakeWriter(topic);
    this.writers.push(writer);
    this.acquired.set(topic, writer);
    return { writer, release: () => void this.acquired.delete(topic) };
  }

  /** All records written to a topic, also before it was closed and opened again. */
  writtenTo(topic: string): PendingRecord[] {
    return this.writers.filter((writer) => writer.topic === topic).flatMap(({ written }) => written);
  }

  /** The writer of an acquired topic. */
  writer(topic: string): FakeWriter {
    const writer = this.acquired.get(topic);
    if (!writer) throw new Error(`${topic} is not acquired`);
    return writer;
  }
}

/** An outbox on a fake cluster, and the backpressure signals it gave. */
export function fakeOutbox(options: Partial<OutboxOptions> = {}): {
  outbox: Outbox;
  cluster: FakeCluster;
  backpressure: boolean[];
} {
  const cluster = new FakeCluster();
  const backpressure: boolean[] = [];
  const all: OutboxOptions = {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    memoryLimit: 32_000_000,
    timeouts: { deliveryTimeout: 60_000, linger: 0 },
    ...options,
  };
  const outbox = new Outbox(
    cluster,
    all,
    () => {},
    (full) => backpressure.push(full),
  );
  return { outbox, cluster, backpressure };
}

/** Resolves when all reactions to settled promises have run. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

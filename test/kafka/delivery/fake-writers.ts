import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import type { Writer } from '../../../src/kafka/delivery/open-topics';
import { Outbox, type OutboxOptions } from '../../../src/kafka/delivery/outbox';
import {
  type DeliveryTimeouts,
  PendingRecord,
  type RecordOwner,
} from '../../../src/kafka/delivery/pending-record';
import type { OutRecord } from '../../../src/kafka/delivery/record';
import type { Health } from '../../../src/kafka/delivery/topic-writer';
import { Problem } from '../../../src/util/problem';

/** Keeps what is written to one topic until a test answers it. */
export class FakeWriter implements Writer {
  readonly written: PendingRecord[] = [];
  tell: (health: Health) => void = () => {};

  constructor(readonly topic: string) {}

  connect(): void {}

  watch(watcher: (health: Health) => void): () => void {
    this.tell = watcher;
    watcher({ state: 'connected' });
    return () => {
      this.tell = () => {};
    };
  }

  write(record: OutRecord, owner: RecordOwner, timeouts: DeliveryTimeouts): PendingRecord {
    const entry = new PendingRecord(record, owner, timeouts, Date.now());
    this.written.push(entry);
    return entry;
  }

  giveUp(owner: RecordOwner): number {
    const open = this.unanswered.filter((entry) => entry.owner === owner);
    for (const entry of open) entry.fail(new Problem('closed-before-ack', { cause: 'the test' }));
    return open.length;
  }

  get unanswered(): PendingRecord[] {
    return this.written.filter(({ answered }) => !answered);
  }

  /** Acknowledges the oldest that is unanswered, or the one given. */
  acknowledge(entry = this.unanswered[0]): void {
    entry?.acknowledge({ topic: this.topic, partition: 0, timestamp: entry.record.timestamp });
  }
}

/** Hands out fake writers, one a topic, and knows which are leased. */
export class FakeCluster {
  readonly brokerHealth = new BrokerHealth();
  readonly leased = new Map<string, FakeWriter>();

  acquire(topic: string): { writer: FakeWriter; release: () => void } {
    const writer = new FakeWriter(topic);
    this.leased.set(topic, writer);
    return { writer, release: () => void this.leased.delete(topic) };
  }

  /** The writer of a topic that is leased. */
  writer(topic: string): FakeWriter {
    const writer = this.leased.get(topic);
    if (!writer) throw new Error(`${topic} is not leased`);
    return writer;
  }
}

/** An outbox on a fake cluster, and what its backpressure was told. */
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

/** Resolves when all that is settled has been told. */
export const told = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

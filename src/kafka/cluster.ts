import { AdminClient } from './admin/admin-client';
import { type Compression, kafkajsCompression } from './compression';
import { BrokerHealth } from './connection/broker-health';
import type { ClusterSettings, DetailLog } from './connection/client';
import { TopicCatalogue } from './delivery/topic-catalogue';
import { TopicProducer } from './delivery/topic-producer';
import { TopicWriter } from './delivery/topic-writer';

/** How records are written; topics are shared only by those who write alike. */
export interface WriteOptions {
  acks: 'all' | '1';
  idempotent: boolean;
  compression: Compression;
}

/** A topic held for writing; give it back with `release`. */
export interface AcquiredWriter {
  readonly writer: TopicWriter;
  release(): void;
}

interface Shared {
  writer: TopicWriter;
  users: number;
}

const attemptSlackMs = 5000;
const drainLimitMs = 12_000;

/** One cluster: the writers of its topics, shared by the nodes that write to them, and one admin client. */
export class Cluster {
  readonly admin: AdminClient;
  /** Which of its brokers are away. */
  readonly brokerHealth = new BrokerHealth();
  private readonly catalogue: TopicCatalogue;
  private readonly writers = new Map<string, Shared>();
  private readonly endings = new Set<Promise<void>>();
  private whenUnused?: () => void;

  constructor(
    readonly settings: ClusterSettings,
    private readonly detail: DetailLog,
  ) {
    this.admin = new AdminClient(settings, detail, this.brokerHealth);
    this.catalogue = new TopicCatalogue(this.admin);
  }

  /** A topic's writer, shared with all who write to it with the same options; made when first asked for. */
  acquire(topic: string, options: WriteOptions): AcquiredWriter {
    const key = JSON.stringify([topic, options.acks, options.idempotent, options.compression]);
    let shared = this.writers.get(key);
    if (!shared) {
      shared = { writer: this.makeWriter(topic, options), users: 0 };
      this.writers.set(key, shared);
    }
    const held = shared;
    held.users++;
    let released = false;
    return {
      writer: held.writer,
      release: () => {
        if (released) return;
        released = true;
        if (--held.users === 0) this.end(key, held.writer);
      },
    };
  }

  /** Waits for the users to drain and let go, within bounds, then ends all clients. */
  async close(): Promise<void> {
    if (this.writers.size > 0) {
      let limit: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.whenUnused = resolve;
        limit = setTimeout(resolve, drainLimitMs);
      });
      clearTimeout(limit);
    }
    for (const [key, { writer }] of this.writers) this.end(key, writer);
    await Promise.all([...this.endings, this.admin.close()]);
  }

  private makeWriter(topic: string, options: WriteOptions): TopicWriter {
    const { connectionTimeout, requestTimeout } = this.settings;
    const producer = new TopicProducer(
      this.settings,
      {
        acks: options.acks === 'all' ? -1 : 1,
        idempotent: options.idempotent && options.acks === 'all',
        compression: kafkajsCompression(options.compression),
      },
      this.detail,
      this.brokerHealth,
      () => writer.disconnected(),
    );
    const attemptLimit = connectionTimeout + requestTimeout + attemptSlackMs;
    const writer = new TopicWriter(topic, producer, this.catalogue, attemptLimit);
    return writer;
  }

  private end(key: string, writer: TopicWriter): void {
    this.writers.delete(key);
    const ending = writer.close().finally(() => this.endings.delete(ending));
    this.endings.add(ending);
    if (this.writers.size === 0) this.whenUnused?.();
  }
}

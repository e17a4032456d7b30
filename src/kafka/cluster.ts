import { within } from '../util/within';
import { AdminClient } from './admin/admin-client';
import { kafkajsCompression } from './compression';
import { BrokerHealth } from './connection/broker-health';
import type { ClusterSettings, DetailLog } from './connection/client';
import { KafkajsProducer, type ProducerOptions } from './delivery/kafkajs-producer';
import type { WriteOptions } from './delivery/open-topics';
import { PartitionCount } from './delivery/partition-count';
import { TopicProducer } from './delivery/topic-producer';
import { TopicWriter } from './delivery/topic-writer';
import { type OutageListener, OutageLog } from './outage-log';

/** A topic's writer; give it back with `release`. */
export interface AcquiredWriter {
  readonly writer: TopicWriter;
  release(): void;
}

interface SharedWriter {
  writer: TopicWriter;
  users: number;
}

// The time for anything but connecting and the request itself, such as metadata.
const attemptSlackMs = 5000;
const drainLimitMs = 12_000;
const outageCheckMs = 1000;

/** One cluster: the writers of its topics, shared by the nodes that write to them, and one admin client. */
export class Cluster {
  readonly admin: AdminClient;
  readonly brokerHealth = new BrokerHealth();
  private readonly writers = new Map<string, SharedWriter>();
  private readonly closingWriters = new Set<Promise<void>>();
  private readonly outages: OutageLog;
  private outageChecks?: NodeJS.Timeout;
  private closing = false;
  private id?: string;
  private onUnused?: () => void;

  /** @param outageListener learns that records wait for Kafka, and that they no longer do */
  constructor(
    readonly settings: ClusterSettings,
    private readonly detail: DetailLog,
    outageListener: OutageListener = { warn: () => {}, over: () => {} },
  ) {
    this.admin = new AdminClient(settings, detail, this.brokerHealth);
    this.outages = new OutageLog(settings.brokers.join(', '), outageListener);
  }

  /** The cluster's id, as Kafka last reported it; undefined before. */
  get clusterId(): string | undefined {
    return this.id;
  }

  /** A topic's writer, shared by all nodes that write to it with the same options; made at first use. */
  acquire(topic: string, options: WriteOptions): AcquiredWriter {
    const { acks, idempotent, compression, creation, waitsForAcceptance } = options;
    const key = JSON.stringify([topic, acks, idempotent, compression, creation, waitsForAcceptance]);
    let shared = this.writers.get(key);
    if (!shared) {
      shared = { writer: this.makeWriter(topic, options), users: 0 };
      this.writers.set(key, shared);
      if (!this.closing) this.outageChecks ??= setInterval(() => this.checkOutages(), outageCheckMs).unref();
    }
    const { writer } = shared;
    const acquired = shared;
    acquired.users++;
    let released = false;
    return {
      writer,
      release: () => {
        if (released) return;
        released = true;
        if (--acquired.users === 0) this.closeWriter(key, writer);
      },
    };
  }

  /** Waits for the nodes to drain and release their writers, within bounds, then ends all clients. */
  async close(): Promise<void> {
    this.closing = true;
    this.endOutageChecks();
    if (this.writers.size > 0) {
      const unused = new Promise<void>((resolve) => {
        this.onUnused = resolve;
      });
      await within(unused, drainLimitMs, () => {});
    }
    for (const [key, { writer }] of this.writers) this.closeWriter(key, writer);
    await Promise.all([...this.closingWriters, this.admin.close()]);
  }

  private checkOutages(): void {
    this.outages.check([...this.writers.values()].map(({ writer }) => writer.state));
  }

  private endOutageChecks(): void {
    clearInterval(this.outageChecks);
    this.outageChecks = undefined;
    this.outages.check([]);
  }

  private makeWriter(topic: string, options: WriteOptions): TopicWriter {
    const { settings, detail, brokerHealth } = this;
    const producerOptions: ProducerOptions = {
      acks: options.acks === 'all' ? -1 : 1,
      idempotent: options.idempotent && options.acks === 'all',
      compression: kafkajsCompression(options.compression),
    };
    const producer = new TopicProducer(
      (onIdleDisconnect) =>
        new KafkajsProducer(settings, producerOptions, detail, brokerHealth, onIdleDisconnect),
      settings.connectionTimeout + settings.requestTimeout + attemptSlackMs,
      () => writer.disconnected(),
    );
    const partitionCount = new PartitionCount(topic, this.admin, options.creation, (id) => {
      this.id = id;
    });
    const writer: TopicWriter = new TopicWriter(topic, producer, partitionCount, options.waitsForAcceptance);
    return writer;
  }

  private closeWriter(key: string, writer: TopicWriter): void {
    this.writers.delete(key);
    const closing = writer.close().finally(() => this.closingWriters.delete(closing));
    this.closingWriters.add(closing);
    if (this.writers.size > 0) return;
    this.endOutageChecks();
    this.onUnused?.();
  }
}

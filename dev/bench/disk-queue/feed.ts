import { existsSync } from 'node:fs';
import { Cluster } from '../../../src/kafka/cluster';
import { Outbox, type OutboxOptions, type QueueListener } from '../../../src/kafka/delivery/outbox';
import type { RecordFields } from '../../../src/kafka/delivery/record/record';

/** An outbox on a cluster of its own, with kafka-out's defaults. */
export class Feed {
  readonly outbox: Outbox;
  private readonly cluster: Cluster;
  private failure?: Error;
  delivered = 0;

  constructor(
    brokers: string,
    private readonly topic: string,
    private readonly nextFields: () => RecordFields,
    options: Partial<OutboxOptions>,
  ) {
    const settings = {
      brokers: [brokers],
      clientId: 'bench',
      connectionTimeout: 5000,
      requestTimeout: 30_000,
    };
    this.cluster = new Cluster(settings, () => {});
    const all: OutboxOptions = {
      acks: 'all',
      idempotent: true,
      compression: 'none',
      memoryLimit: 32_000_000,
      timeouts: { deliveryTimeout: 120_000, linger: 0 },
      ...options,
    };
    const listener: QueueListener = {
      delivered: () => {
        this.delivered++;
      },
      failed: (_message, problem) => {
        this.failure ??= problem;
      },
      problem: (problem) => {
        this.failure ??= problem;
      },
    };
    this.outbox = new Outbox(
      this.cluster,
      all,
      () => {},
      () => {},
      listener,
    );
    this.outbox.open(topic);
  }

  /** Accepts one record. @returns resolves when the record is acknowledged, or on disk */
  accept(): { answer: Promise<unknown>; safe: Promise<unknown> } {
    const { answer, safe } = this.outbox.accept(this.topic, this.nextFields(), 'id');
    // The node waits for it.
    safe.catch(() => {});
    return { answer, safe };
  }

  /** @returns acknowledged records per second, with at most `window` of them unacknowledged */
  async run(count: number, window: number): Promise<number> {
    const begin = performance.now();
    let sent = 0;
    let acknowledged = 0;
    await new Promise<void>((resolve, reject) => {
      let pumping = false;
      const pump = (): void => {
        if (pumping) return;
        pumping = true;
        setImmediate(() => {
          pumping = false;
          const room = Math.min(64, window - (sent - acknowledged), count - sent);
          for (let left = room; left > 0; left--, sent++) {
            this.accept().answer.then(() => {
              acknowledged++;
              if (acknowledged === count) resolve();
              else pump();
            }, reject);
          }
          if (room === 64) pump();
        });
      };
      pump();
    });
    this.check();
    return (count / (performance.now() - begin)) * 1000;
  }

  /** Throws what has failed. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  async end(): Promise<void> {
    await this.outbox.close(5000);
    await this.cluster.close();
  }
}

/** Throws if a queue has left files behind. */
export function checkNothingOnDisk(folder: string): void {
  if (existsSync(folder)) throw new Error(`${folder} is not empty.`);
}

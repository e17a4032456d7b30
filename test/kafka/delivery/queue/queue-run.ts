import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outbox, type OutboxOptions } from '../../../../src/kafka/delivery/outbox';
import type { Delivery } from '../../../../src/kafka/delivery/pending-record';
import type { StoredMessage } from '../../../../src/kafka/delivery/queue/stored-message';
import type { Problem } from '../../../../src/util/problem';
import { FakeClock } from '../fake-clock';
import { ModelCluster } from '../model-cluster';

// What a file operation takes, in real time: the disk must not look slower than 50 ms of the fake clock.
const tickNs = 2_000_000n;

/** Lets promises, immediates and file operations run. */
async function turns(): Promise<void> {
  const end = process.hrtime.bigint() + tickNs;
  do await new Promise(setImmediate);
  while (process.hrtime.bigint() < end);
}

/** A folder that is removed by `remove`. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tweet-pipeline-queue-'));
  return { folder: join(folder, 'queues', 'node'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An outbox with a queue on disk, on a model cluster, and what became of its records. */
export class QueueRun {
  readonly safe = new Set<number>();
  readonly acknowledged = new Map<number, Delivery>();
  readonly failed = new Map<number, Problem>();
  readonly fromDisk: StoredMessage[] = [];
  readonly problems: Problem[] = [];
  readonly backpressure: boolean[] = [];
  outbox: Outbox;

  constructor(
    readonly clock: FakeClock,
    readonly cluster: ModelCluster,
    readonly options: OutboxOptions,
  ) {
    this.outbox = this.start();
  }

  /** The node starts again on the same folder. */
  restart(): void {
    this.outbox = this.start();
  }

  /** @returns the record's id */
  send(fields: { key?: string; partition?: number; bytes?: number } = {}): number {
    const id = this.cluster.accepted++;
    const { key, partition, bytes = 100 } = fields;
    try {
      const accepted = this.outbox.accept(
        't',
        { key, partition, value: Buffer.alloc(bytes), headers: { id: String(id) } },
        `m${id}`,
      );
      accepted.safe.then(
        () => this.safe.add(id),
        () => {},
      );
      accepted.answer.then(
        (delivery) => this.acknowledged.set(id, delivery),
        (problem: Problem) => this.failed.set(id, problem),
      );
    } catch (problem) {
      this.failed.set(id, problem as Problem);
    }
    return id;
  }

  /** Lets time pass; file operations take real time, but none of this clock's. */
  async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.tick(50);
      this.cluster.expireAttempts();
      await turns();
    }
  }

  /** Acknowledges all requests until the condition holds. */
  async acknowledgeUntil(condition: () => boolean, limitMs = 120_000): Promise<void> {
    for (let waited = 0; !condition(); waited += 50) {
      if (waited > limitMs) throw new Error('not reached');
      for (const request of this.cluster.open) this.cluster.respond(request, 'acknowledge', new Set());
      await this.wait(50);
    }
  }

  /** Waits in real time for what depends on files. */
  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    for (let waited = 0; !condition(); waited += 50) {
      if (waited > limitMs) throw new Error('not reached');
      await this.wait(50);
    }
  }

  async close(): Promise<number> {
    let failed: number | undefined;
    const closing = this.outbox.close(8000).then((count) => {
      failed = count;
    });
    await this.until(() => failed !== undefined);
    await closing;
    return failed ?? 0;
  }

  private start(): Outbox {
    return new Outbox(
      this.cluster,
      this.options,
      () => {},
      (full) => this.backpressure.push(full),
      {
        delivered: (message, delivery) => {
          this.fromDisk.push(message);
          this.acknowledged.set(idOf(message), delivery);
        },
        failed: (message, problem) => this.failed.set(idOf(message), problem),
        problem: (problem) => this.problems.push(problem),
      },
    );
  }
}

export const idOf = ({ headers }: StoredMessage): number => Number(String(headers?.id));

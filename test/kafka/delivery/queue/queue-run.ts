import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outbox, type OutboxOptions } from '../../../../src/kafka/delivery/outbox';
import type { Delivery } from '../../../../src/kafka/delivery/pending-record';
import type { Disk } from '../../../../src/kafka/delivery/queue/open-queue';
import type { StoredIdentity } from '../../../../src/kafka/delivery/record/stored-message';
import { realFiles } from '../../../../src/kafka/disk-queue/file-system';
import { acquireFolder } from '../../../../src/kafka/disk-queue/lock';
import type { Problem } from '../../../../src/util/problem';
import type { FakeClock } from '../fake-clock';
import type { ModelCluster } from '../model-cluster';

let running = 0;

/** The real disk; `turns` waits for its operations, so that it is never slow for the fake clock. */
export const countedDisk: Disk = {
  files: counted(realFiles),
  lock: (folder) => counted({ acquireFolder }).acquireFolder(folder),
  holdsSegments: (folder) =>
    existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.segment')),
};

function counted<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, property) {
      const value = Reflect.get(object, property) as unknown;
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        running++;
        try {
          const result: unknown = await Reflect.apply(value, object, args);
          const isHandle =
            typeof result === 'object' && result !== null && ('sync' in result || 'release' in result);
          return isHandle ? counted(result) : result;
        } finally {
          running--;
        }
      };
    },
  });
}

/** Lets promises, immediates and file operations run. */
async function turns(): Promise<void> {
  let idle = 0;
  while (idle < 4) {
    await new Promise(setImmediate);
    idle = running > 0 ? 0 : idle + 1;
  }
}

/** A folder that is removed by `remove`. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tweet-pipeline-queue-'));
  return {
    folder: join(folder, 'queues', 'node'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An outbox with a queue on disk, on a model cluster, and what became of its records. */
export class QueueRun {
  readonly safe = new Set<number>();
  readonly acknowledged = new Map<number, Delivery>();
  readonly failed = new Map<number, Problem>();
  /** Ids of the records that this process has had acknowledged. */
  readonly answered = new Set<number>();
  readonly fromDisk: StoredIdentity[] = [];
  readonly problems: Problem[] = [];
  readonly backpressure: boolean[] = [];
  outbox: Outbox;

  constructor(
    readonly clock: FakeClock,
    readonly cluster: ModelCluster,
    public options: OutboxOptions,
  ) {
    this.outbox = this.start();
  }

  /** The node starts again on the same folder. */
  restart(): void {
    this.cluster.endProcess();
    this.answered.clear();
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
        String(id),
      );
      accepted.safe.then(
        () => this.safe.add(id),
        () => {},
      );
      accepted.answer.then(
        (delivery) => this.acknowledge(id, delivery),
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
  async acknowledgeUntil(condition: () => boolean, limitMs = 120_000, stepMs = 50): Promise<void> {
    for (let waited = 0; !condition(); waited += stepMs) {
      if (waited > limitMs) throw new Error('not reached');
      for (const request of this.cluster.open) this.cluster.respond(request, 'acknowledge', new Set());
      await this.wait(stepMs);
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

  private acknowledge(id: number, delivery: Delivery): void {
    this.acknowledged.set(id, delivery);
    this.answered.add(id);
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
          this.acknowledge(idOf(message), delivery);
        },
        failed: (message, problem) => this.failed.set(idOf(message), problem),
        problem: (problem) => this.problems.push(problem),
      },
    );
  }
}

export const idOf = ({ msgid }: StoredIdentity): number => Number(msgid);

import { Problem } from '../../../util/problem';
import type { Cause } from '../counters';
import type { OpenTopic } from '../open-topics';
import type { StoredMessage } from '../record/stored-message';
import type { DiskQueue } from './disk-queue';
import { adoptFolder, adoptForeign, discardRecords, exportRecords } from './queue-operations';

/** What a status shows of a disk queue; numbers of records. */
export interface QueueStatus {
  /** Pending records that are on disk. */
  onDisk: number;
  /** Those of them that are not in memory as well. */
  onlyOnDisk: number;
  /** Records come back from disk and are acknowledged. */
  draining: boolean;
  /** Records from disk that were acknowledged, per second. */
  drainPerSecond: number;
  /** Records for another cluster. */
  foreign: number;
  /** New records do not fit on disk. */
  full: boolean;
  /** Why the queue cannot be used at all. */
  unusable?: Problem;
  /** Why the last write failed. */
  failing?: Problem;
}

/** What a disk queue holds. */
export interface QueueReport {
  records: number;
  /** Of all files. */
  bytes: number;
  /** When the oldest record was accepted, epoch milliseconds. */
  oldest: number | null;
  /** Bytes. */
  limit: number;
  /** Bytes of the file system that are free. */
  free: number | null;
  /** Records and bytes that cannot be read. */
  damaged: number;
  damagedBytes: number;
  /** Records for another cluster. */
  otherCluster: number;
  /** Records by topic, and why they wait. */
  topics: Array<{ topic: string; records: number; cause?: unknown }>;
  problem?: Problem;
}

const none: QueueReport = {
  records: 0,
  bytes: 0,
  oldest: null,
  limit: 0,
  free: null,
  damaged: 0,
  damagedBytes: 0,
  otherCluster: 0,
  topics: [],
};

/** What a person can ask of a disk queue, and do with it. Without one, it is empty. */
export class QueueCommands {
  /** @param topic an open topic: its last failure is why its records wait */
  constructor(
    private readonly queue: DiskQueue | undefined,
    private readonly topic: (
      name: string,
    ) => (Pick<OpenTopic, 'health'> & { counters: { lastCause?: Cause } }) | undefined,
  ) {}

  /** undefined without a disk queue. */
  get status(): QueueStatus | undefined {
    const { queue } = this;
    if (!queue) return undefined;
    const { log, records, onlyOnDisk, drainPerSecond, isFull, unusable } = queue;
    return {
      onDisk: records,
      onlyOnDisk,
      draining: drainPerSecond > 0 && !queue.backlog.empty,
      drainPerSecond,
      foreign: log.stats.foreignRecords,
      full: isFull,
      unusable,
      failing: log.failing,
    };
  }

  report(): QueueReport {
    const { queue } = this;
    if (!queue) return none;
    const { fileBytes, limit, freeBytes, damagedRecords, damagedBytes, foreignRecords } = queue.log.stats;
    return {
      records: queue.records,
      bytes: fileBytes,
      oldest: queue.oldest ?? null,
      limit,
      free: freeBytes ?? null,
      damaged: damagedRecords,
      damagedBytes,
      otherCluster: foreignRecords,
      topics: [...queue.onDisk.all].map(([topic, records]) => ({
        topic,
        records,
        cause: this.causeOf(topic),
      })),
      problem: queue.unusable ?? queue.log.failing,
    };
  }

  /**
   * Gives every record of the queue, oldest first. Nothing is removed.
   * @returns how many
   */
  async export(emit: (record: StoredMessage) => void | Promise<void>): Promise<number> {
    return this.queue ? exportRecords(this.queue, emit) : 0;
  }

  /**
   * Discards all records on disk, or those of one topic.
   * @param dryRun only counts them
   * @returns how many
   */
  async discard({ topic }: { topic?: string }, dryRun: boolean): Promise<number> {
    return this.queue ? discardRecords(this.queue, topic, dryRun) : 0;
  }

  /**
   * Takes over the records of another node's folder, or without one this node's records for other clusters.
   * @param folder absolute
   * @param dryRun only counts them
   * @returns how many
   * @throws Problem "adopt-memory" without a disk queue
   */
  async adopt({ folder }: { folder?: string }, dryRun: boolean): Promise<number> {
    const { queue } = this;
    if (!queue) throw new Problem('adopt-memory');
    return folder === undefined ? adoptForeign(queue, dryRun) : adoptFolder(queue, folder, dryRun);
  }

  private causeOf(name: string): unknown {
    const topic = this.topic(name);
    return topic?.health.state === 'failing' ? topic.health.problem : undefined;
  }
}

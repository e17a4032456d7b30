import type { Problem } from '../../src/util/problem';

/** Where and when an outbox writes pending records to disk. */
export interface QueueOptions {
  mode: 'disk' | 'write-ahead' | 'memory';
  /** Absolute; '' where Node-RED has no user folder. */
  folder: string;
  /** Bytes. */
  diskLimit: number;
}

/** What a status shows of a disk queue; numbers of records. */
export interface QueueStatus {
  /** Pending records that are on disk. */
  onDisk: number;
  /** Those of them that are not in memory as well. */
  onlyOnDisk: number;
  draining: boolean;
  drainPerSecond: number;
  /** Records for another cluster. */
  foreign: number;
  full: boolean;
  unusable?: Problem;
  failing?: Problem;
}

/** What a disk queue holds. */
export interface QueueReport {
  records: number;
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
  topics: Array<{ topic: string; records: number; cause?: unknown }>;
  problem?: Problem;
}

/** A record of the queue, with key and value as the message had them. */
export interface ExportedRecord {
  msgid?: string;
  topic: string;
  partition?: number;
  key: unknown;
  payload: unknown;
  headers?: object;
  timestamp: number;
}

/** The part of an outbox that the commands on its disk queue use. */
export interface QueueActions {
  /** Undefined in memory only, with nothing on disk. */
  readonly queueStatus: QueueStatus | undefined;
  queueReport(): QueueReport;
  exportQueue(emit: (record: ExportedRecord) => void | Promise<void>): Promise<number>;
  discardQueue(selection: { topic?: string }, dryRun: boolean): Promise<number>;
  adoptQueue(source: { folder?: string }, dryRun: boolean): Promise<number>;
}

import { readdirSync } from 'node:fs';
import type { Problem } from '../../../util/problem';
import { DiskLog, type DiskLogOptions } from '../../disk-queue/disk-log';
import { DiskQueue } from './disk-queue';
import type { QueueHost, QueueMode } from './queue-host';

/** Where and how records are kept on disk. */
export interface QueueOptions {
  mode: QueueMode;
  /** The node's folder, absolute. */
  folder: string;
  /** Bytes of all files in it. */
  diskLimit: number;
  /** Milliseconds that a record waits in memory before it is copied. */
  copyAfterMs?: number;
  /** Tests replace the disk. */
  disk?: Disk;
}

/** What the queue uses of the disk. */
export interface Disk extends Pick<DiskLogOptions, 'files' | 'lock'> {
  /** Whether the folder holds segments. Asked once, before the first record is accepted: it must follow what is there. */
  holdsSegments(folder: string): boolean;
}

// A write-ahead record's `done` waits for its sync.
const syncIntervalMs = { disk: 100, 'write-ahead': 20, memory: 100 };

/**
 * Opens a node's queue on disk. In mode memory there is one only while something is left of another mode: it is sent, and
 * new records follow it.
 */
export function openQueue(
  options: QueueOptions | undefined,
  host: QueueHost,
  memoryLimit: number,
  onProblem: (problem: Problem) => void,
): DiskQueue | undefined {
  if (!options) return undefined;
  const { mode, folder, diskLimit, copyAfterMs, disk = realDisk } = options;
  const hasSegments = disk.holdsSegments(folder);
  if (mode === 'memory' && !hasSegments) return undefined;
  let queue: DiskQueue | undefined;
  const log = new DiskLog({
    folder,
    limit: diskLimit,
    syncIntervalMs: syncIntervalMs[mode],
    onProblem,
    onChange: () => queue?.logChanged(),
    files: disk.files,
    lock: disk.lock,
  });
  queue = new DiskQueue(log, host, { mode, memoryLimit, copyAfterMs, hasSegments }, onProblem);
  return queue;
}

const realDisk: Disk = {
  holdsSegments(folder) {
    try {
      return readdirSync(folder).some((name) => name.endsWith('.segment'));
    } catch {
      return false;
    }
  },
};

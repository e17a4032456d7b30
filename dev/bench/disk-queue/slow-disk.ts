import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueMode } from '../../../src/kafka/delivery/queue/queue-host';
import type { RecordFields } from '../../../src/kafka/delivery/record/record';
import { type FileHandle, type FileSystem, realFiles } from '../../../src/kafka/disk-queue/file-system';
import { Feed } from './feed';

const syncMs = 50;

export interface SlowDisk {
  /** Syncs of files and folders. */
  syncsPerSecond: number;
  /** In the worst second. */
  mostSyncs: number;
  /** Milliseconds; also `max`. */
  p99: number;
  max: number;
  records: number;
}

/** Queues records on a disk whose syncs take 50 ms, while Kafka cannot be reached. */
export async function slowDisk(
  dir: string,
  mode: QueueMode,
  nextFields: () => RecordFields,
  perSecond: number,
  seconds: number,
): Promise<SlowDisk> {
  const syncs: number[] = [];
  const queue = {
    mode,
    folder: join(dir, `slow-${mode}`),
    diskLimit: 1_073_741_824,
    disk: { files: slowFiles(() => syncs.push(performance.now())), holdsSegments: () => false },
  };
  // Nothing listens on this port.
  const feed = new Feed('127.0.0.1:1', 'posts', nextFields, { queue });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    let sent = 0;
    const begin = performance.now();
    const end = begin + seconds * 1000;
    delay.enable();
    while (performance.now() < end) {
      const due = ((performance.now() - begin) / 1000) * perSecond;
      for (; sent < due; sent++) feed.accept();
      await sleep(5);
    }
    delay.disable();
    feed.check();
    const inTime = syncs.filter((at) => at <= end);
    const first = inTime[0] ?? begin;
    const within = (at: number): number => inTime.filter((other) => other >= at && other < at + 1000).length;
    return {
      syncsPerSecond: (inTime.length / (end - first)) * 1000,
      mostSyncs: Math.max(...inTime.map(within)),
      p99: delay.percentile(99) / 1e6,
      max: delay.max / 1e6,
      records: sent,
    };
  } finally {
    await feed.end();
  }
}

function slowFiles(onSync: () => void): FileSystem {
  const slowSync = async (): Promise<void> => {
    onSync();
    await sleep(syncMs);
  };
  const slow = (file: FileHandle): FileHandle => ({
    write: (data, position) => file.write(data, position),
    read: (buffer, position) => file.read(buffer, position),
    sync: slowSync,
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  });
  return {
    ...realFiles,
    create: async (path) => slow(await realFiles.create(path)),
    openToWrite: async (path) => slow(await realFiles.openToWrite(path)),
    syncFolder: slowSync,
  };
}

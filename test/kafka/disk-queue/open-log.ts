import type { DiskLog, DiskLogOptions, StoredFrame } from '../../../src/kafka/disk-queue/disk-log';
import type { Problem } from '../../../src/util/problem';
import { MemoryFiles } from './memory-files';
import { startLog } from './opened-log';

export interface OpenLog {
  log: DiskLog;
  files: MemoryFiles;
  restored: StoredFrame[];
  problems: Problem[];
  /** Locks that are held. */
  locks: number;
}

/** Opens a log on files in memory. The caller closes it. */
export async function openLog(
  files = new MemoryFiles(),
  options: Partial<DiskLogOptions> = {},
): Promise<OpenLog> {
  const lock: DiskLogOptions['lock'] = async () => {
    opened.locks++;
    return {
      release: async () => {
        opened.locks--;
      },
    };
  };
  const { log, restored, problems, opening } = startLog(files, { limit: 100_000_000, lock, ...options });
  const opened: OpenLog = { log, files, restored, problems, locks: 0 };
  await opening;
  return opened;
}

/** A record of so many bytes that begins with its number. */
export function numbered(number: number, bytes = 100): Buffer {
  const content = Buffer.alloc(bytes, number & 255);
  content.writeUInt32LE(number, 0);
  return content;
}

export const numbersOf = (frames: Iterable<StoredFrame>): number[] =>
  [...frames].map(({ content }) => content.readUInt32LE(0));

/** All numbers from the first one to the last one. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Appends records with these numbers. @returns their sequence numbers, and how often each was reported as synced */
export function appendAll(
  log: DiskLog,
  numbers: number[],
  bytes = 100,
): { seqs: number[]; synced: Map<number, number> } {
  const synced = new Map<number, number>();
  const seqs = numbers.map((number) =>
    log.append(numbered(number, bytes), () => synced.set(number, (synced.get(number) ?? 0) + 1)),
  );
  return { seqs, synced };
}

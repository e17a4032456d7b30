import { DiskLog, type DiskLogOptions, type StoredFrame } from '../../../src/kafka/disk-queue/disk-log';
import type { Problem } from '../../../src/util/problem';
import { folder } from './log-run';
import { MemoryFiles } from './memory-files';

/** A log, and what it has told. */
export interface OpenedLog {
  log: DiskLog;
  restored: StoredFrame[];
  /** Contents of `restored`. */
  texts: string[];
  problems: Problem[];
}

/** Opens a log on the files in memory, and waits for the scan. */
export async function openLog(files: MemoryFiles, options: Partial<DiskLogOptions> = {}): Promise<OpenedLog> {
  const opened = startLog(files, options);
  await opened.opening;
  return opened;
}

/** Opens a log on the files in memory. `opening` resolves when the scan is complete. */
export function startLog(
  files: MemoryFiles,
  options: Partial<DiskLogOptions> = {},
): OpenedLog & { opening: Promise<void> } {
  const restored: StoredFrame[] = [];
  const texts: string[] = [];
  const problems: Problem[] = [];
  const log = new DiskLog({
    folder,
    limit: 1_000_000,
    syncIntervalMs: 1,
    onProblem: (problem) => problems.push(problem),
    onChange: () => {},
    files,
    lock: async () => ({ release: async () => {} }),
    ...options,
  });
  const opening = log.open((frame) => {
    restored.push({ ...frame, content: Buffer.from(frame.content) });
    texts.push(frame.content.toString());
  });
  return { log, restored, texts, problems, opening };
}

/** Appends texts and waits until they are synced. @returns their sequence numbers */
export async function appendAll(log: DiskLog, texts: string[]): Promise<number[]> {
  const seqs = texts.map((text) => log.append(Buffer.from(text), () => {}));
  await log.flush();
  return seqs;
}

/** All pending records, as they are read page by page. */
export async function readFrames(log: DiskLog, maxBytes = 1e9): Promise<StoredFrame[]> {
  const frames: StoredFrame[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: Awaited<ReturnType<DiskLog['read']>> = await log.read(from, maxBytes, 'all');
    frames.push(...page.frames);
    from = page.next;
  }
  return frames;
}

/** Contents of all pending records. */
export async function readAll(log: DiskLog, maxBytes?: number): Promise<string[]> {
  return (await readFrames(log, maxBytes)).map(({ content }) => content.toString());
}

/** Files of a log that was closed: each list of texts is a segment. @returns also the paths of the segments */
export async function filesWith(...segments: string[][]): Promise<{ files: MemoryFiles; paths: string[] }> {
  const files = new MemoryFiles();
  for (const texts of segments) {
    const { log } = await openLog(files, { limit: 1e9 });
    await appendAll(log, texts);
    await log.close(1000);
  }
  const names = Object.keys(files.sizes(folder)).sort();
  return { files, paths: names.map((name) => `${folder}/${name}`) };
}

/** Another disk with the same files; `change` gets the content of one of them and returns another. */
export function changed(files: MemoryFiles, path: string, change: (content: Buffer) => Buffer): MemoryFiles {
  const copy = new MemoryFiles();
  for (const name of Object.keys(files.sizes(folder))) {
    const one = `${folder}/${name}`;
    const content = files.contentOf(one);
    copy.place(one, one === path ? change(content) : content);
  }
  return copy;
}

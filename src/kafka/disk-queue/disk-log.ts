import { join } from 'node:path';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { type FileSystem, realFiles } from './file-system';
import { fittingId, recordHeaderBytes } from './format';
import { GroupWriter } from './group-writer';
import { acquireFolder } from './lock';
import { type Damage, type FoundSegment, findSegments, isOfLog, nameOf, recover } from './recovery';
import type { Segment } from './segment';
import { readSegment } from './segment-read';
import { DiskFullError, SegmentStore } from './segment-store';
import { type StoppableFiles, stoppable } from './stoppable-files';

/*
 * A log of records on disk, from which records are removed in any order.
 *
 * Constraints
 * - A record whose `onSynced` was called, and that is not settled, survives the end of the process and a power loss.
 * - All files together stay within a limit; memory is one bit a record, and what is not synced.
 * - Damage costs the records that are damaged, and nothing else.
 * - The input never waits for the disk. A disk that fails or hangs is reported, and tried again.
 *
 * Format
 * - The folder holds numbered segments. The listing of the folder is the truth: no other file must agree with it.
 *   Numbers increase and never repeat; gaps are normal. See format.ts for the bytes.
 * - `<number>.segment` has records in the order of their sequence numbers; `<number>.settled` says which of them are
 *   settled, and may lack some: that costs duplicates, never records. `<number>.damaged` is kept for people.
 *   `<number>.rewriting` is an unfinished copy. `lock` names the process that uses the folder.
 *
 * Operation
 * - Records are appended to the newest segment in groups, with one sync a group (GroupWriter). A segment that is full, or
 *   whose write failed, is not written to again.
 * - Settled records are marked within a second. A segment without pending records is deleted; one of which less than half
 *   is pending is written again, smaller, in its place (SegmentStore). An empty log leaves nothing behind.
 *
 * Recovery
 * - Headers first: they give a sequence number above all that exist, so that records can be appended while the segments
 *   are scanned. Nothing is appended to a segment of an earlier process.
 * - A segment is read from its beginning. A record with broken content is skipped by its length; after a broken header the
 *   next valid one is searched; an end that is no record is cut off.
 */

/** A record as it is read back. */
export interface StoredFrame {
  /** Unique in this log; later records have higher numbers. Another process may give it another number. */
  readonly seq: number;
  readonly content: Buffer;
  /** '' if it was not known. */
  readonly clusterId: string;
}

export interface DiskLogOptions {
  /** Absolute. It is made when it is first needed, and removed when it is empty. */
  folder: string;
  /** Bytes of all files in the folder. */
  limit: number;
  /** Least milliseconds between the starts of two syncs. */
  syncIntervalMs: number;
  /** Gets each line for the log. */
  onProblem(problem: Problem): void;
  /** Something that `stats`, `failing` or `unusable` show has changed. */
  onChange(): void;
  files?: FileSystem;
  lock?: (folder: string) => Promise<Lock>;
}

interface Lock {
  release(): Promise<void>;
}

// Sequence numbers of this process begin here; those of earlier ones are below.
const firstOwnSeq = 2 ** 52;
const silenceMs = 10_000;
const spaceCheckMs = 1000;
const megabyte = 1_000_000;

export class DiskLog {
  private readonly store: SegmentStore;
  private readonly writer: GroupWriter;
  private readonly files: StoppableFiles;
  private nextSeq = firstOwnSeq;
  /** Sequence numbers here minus those on disk; known when the headers are read. */
  private shift = 0;
  private headersRead: Promise<void>;
  private whenHeadersRead: () => void = () => {};
  private opening?: Promise<void>;
  private lock?: Lock;
  private owning: Promise<Lock | undefined> = Promise.resolve(undefined);
  private failure?: Problem;
  private silent?: Problem;
  private silence?: NodeJS.Timeout;
  private problem?: Problem;
  private spaceCheckedAt = Number.NEGATIVE_INFINITY;
  private damagedRecords = 0;
  private damagedBytes = 0;
  private closed = false;

  constructor(private readonly options: DiskLogOptions) {
    this.files = stoppable(options.files ?? realFiles);
    this.headersRead = new Promise((resolve) => {
      this.whenHeadersRead = resolve;
    });
    this.store = new SegmentStore(options.folder, this.files, options.limit, {
      shift: () => this.shift,
      hasTail: () => this.writer.length > 0,
      failed: (error) => this.writeFailed(error),
      worked: () => this.writeWorked(),
      changed: () => options.onChange(),
      emptied: () => this.emptied(),
      endSegment: () => this.writer.endSegment(),
    });
    this.writer = new GroupWriter(this.store, options.syncIntervalMs, () => this.ready());
  }

  /** The cluster that new records are for: '' while it is not known. A record for another one begins a new segment. */
  set clusterId(id: string) {
    this.store.clusterId = fittingId(id);
  }

  get clusterId(): string {
    return this.store.clusterId;
  }

  /** Why the log cannot be used at all; undefined if it can. */
  get unusable(): Problem | undefined {
    return this.problem;
  }

  /** Why the last write failed, until one succeeds. Its records are kept and written again. */
  get failing(): Problem | undefined {
    return this.silent ?? this.failure;
  }

  /**
   * Finds the records that are on disk. Records may be appended meanwhile: they follow.
   * @param onRestored called for each pending record, in order
   * @returns resolves when all segments were scanned, also if the log is unusable
   */
  open(onRestored: (frame: StoredFrame) => void): Promise<void> {
    this.opening = this.recoverAll((frame) => {
      if (!this.closed) onRestored(frame);
    });
    return this.opening;
  }

  private async recoverAll(onRestored: (frame: StoredFrame) => void): Promise<void> {
    try {
      const all = await this.files.list(this.options.folder);
      if (all.some(({ name }) => isOfLog(name))) await this.own();
      const { segments, endSeq } = await findSegments(this.store);
      this.shift = firstOwnSeq - endSeq;
      this.store.unscannedBytes = segments.reduce(
        (sum, { size, marksSize }) => sum + size + (marksSize ?? 0),
        0,
      );
      this.whenHeadersRead();
      for (const [index, found] of segments.entries()) {
        if (this.closed) return;
        await this.recoverSegment(found, segments.slice(index + 1), onRestored);
      }
      this.store.tidy();
    } catch (error) {
      this.giveUp(error);
    } finally {
      this.whenHeadersRead();
      this.options.onChange();
    }
  }

  /**
   * Adds a record to the next group that is written.
   * @param onSynced called when it is on the disk
   * @returns its sequence number
   * @throws Problem "disk-full", or why the log is unusable
   */
  append(content: Buffer, onSynced: () => void): number {
    if (this.problem) throw this.problem;
    if (this.closed) throw new Problem('closing');
    const { store, writer } = this;
    const isFull = !store.fits(writer.tailBytes + content.length, writer.length + 1);
    if (store.isSpaceShort) this.checkSpace();
    if (isFull || store.isSpaceShort) throw this.fullProblem;
    const seq = this.nextSeq++;
    writer.add({ seq, content, onSynced, settled: false });
    return seq;
  }

  /** The record is not read again. It is marked on disk within a second. */
  settle(seq: number): void {
    const entry = this.writer.get(seq);
    if (entry) entry.settled = true;
    const segment = entry ? undefined : this.store.segmentOf(seq);
    if (segment) this.store.settled(segment, seq);
  }

  /** The record's number on disk, which later processes see too. */
  numberOnDisk(seq: number): number {
    return seq - this.shift;
  }

  /** Whether the record is in the log and not settled. */
  isPending(seq: number): boolean {
    const entry = this.writer.get(seq);
    if (entry) return !entry.settled;
    return this.store.segmentOf(seq)?.isSettled(seq) === false;
  }

  /**
   * Reads pending records that are synced, in order.
   * @param from the lowest sequence number
   * @param maxBytes of contents; one record is returned in any case
   * @param which those for the present cluster and those for one that was not known, those for others, or all
   * @returns `next`: where to go on, undefined at the end
   */
  async read(
    from: number,
    maxBytes: number,
    which: 'own' | 'foreign' | 'all' = 'own',
  ): Promise<{ frames: StoredFrame[]; next: number | undefined }> {
    const frames: StoredFrame[] = [];
    let bytes = 0;
    for (const segment of [...this.store.segments]) {
      const matches = which === 'all' || this.isForeign(segment) === (which === 'foreign');
      if (!matches || segment.nextPending(from) === undefined) continue;
      const { records, damage } = await readSegment(this.store, segment, from, maxBytes - bytes);
      if (damage.records > 0) this.report(segment.name, damage);
      for (const { seq, content } of records) {
        frames.push({ seq, content, clusterId: segment.clusterId });
        bytes += content.length;
      }
      const last = frames.at(-1);
      if (last && bytes >= maxBytes) return { frames, next: last.seq + 1 };
    }
    return { frames, next: undefined };
  }

  /** Writes what is not synced, whatever the interval. Resolves when that is synced or has failed. */
  flush(): Promise<void> {
    return this.silent ? Promise.resolve() : this.writer.flush();
  }

  /** Writes nothing more but marks; closes all files and gives the folder free. @param limitMs for a disk that hangs */
  async close(limitMs: number): Promise<void> {
    this.closed = true;
    clearTimeout(this.silence);
    const closing = (async () => {
      // Whoever scans the folder still owns it.
      await this.opening;
      await this.writer.close();
      await this.store.close();
      await this.disown();
    })();
    await within(
      closing.catch(() => {}),
      limitMs,
      () => {},
    );
    // If the disk hangs: the next owner must not wait for it, nor share its files with this one.
    this.files.stop();
    this.lock?.release().catch(() => {});
    this.lock = undefined;
  }

  /** Numbers of records and bytes. */
  get stats(): {
    /** Records that are not settled. */
    records: number;
    /** Bytes of all files. */
    fileBytes: number;
    /** Contents of the records that are not synced. */
    tailBytes: number;
    /** Records that were lost by damage. */
    damagedRecords: number;
    damagedBytes: number;
    /** Free bytes of the file system, when it was last asked. */
    freeBytes: number | undefined;
    /** Records for other clusters. */
    foreignRecords: number;
    limit: number;
  } {
    const { segments, fileBytes, freeBytes, limit } = this.store;
    let records = this.writer.pendingUpTo(Number.POSITIVE_INFINITY);
    let foreignRecords = 0;
    for (const segment of segments) {
      records += segment.pending;
      if (this.isForeign(segment)) foreignRecords += segment.pending;
    }
    const { damagedRecords, damagedBytes } = this;
    const { tailBytes } = this.writer;
    return { records, fileBytes, tailBytes, damagedRecords, damagedBytes, freeBytes, foreignRecords, limit };
  }

  /** How many records up to this sequence number, with it, are pending; without those for other clusters. */
  pendingUpTo(seq: number): number {
    let count = this.writer.pendingUpTo(seq);
    for (const segment of this.store.segments) {
      if (!this.isForeign(segment) && segment.firstSeq <= seq) count += segment.pendingUpTo(seq);
    }
    return count;
  }

  /** Deletes the files of damaged segments. @returns their bytes */
  discardDamaged(): Promise<number> {
    return this.store.discardDamaged();
  }

  private async recoverSegment(
    found: FoundSegment,
    later: FoundSegment[],
    onRestored: (frame: StoredFrame) => void,
  ): Promise<void> {
    const endSeq = later.find(({ firstSeq }) => firstSeq !== undefined)?.firstSeq ?? Number.POSITIVE_INFINITY;
    try {
      const { name, damage } = await recover(this.store, found, endSeq, (seq, content, clusterId) =>
        onRestored({ seq, content, clusterId }),
      );
      this.report(name, damage);
    } catch (error) {
      // The file stays, and counts: a later start may be able to read it.
      const file = join(this.options.folder, nameOf(found.number));
      this.options.onProblem(new Problem('disk-unreadable', { file, cause: causeOf(error) }));
    }
  }

  private isForeign({ clusterId }: Segment): boolean {
    return clusterId !== '' && this.clusterId !== '' && clusterId !== this.clusterId;
  }

  /** Why a record does not fit now. */
  get fullProblem(): Problem {
    const inMegabytes = (bytes: number): string => (bytes / megabyte).toFixed(1);
    const { fileBytes, limit, freeBytes } = this.store;
    return new Problem('disk-full', {
      used: inMegabytes(fileBytes),
      limit: inMegabytes(limit),
      free: freeBytes === undefined ? '?' : inMegabytes(freeBytes),
    });
  }

  private checkSpace(): void {
    if (performance.now() - this.spaceCheckedAt < spaceCheckMs) return;
    this.spaceCheckedAt = performance.now();
    this.store.checkSpace(recordHeaderBytes).catch(() => {});
  }

  /** Called before each group: the headers are read, the folder exists and belongs to this log. */
  private async ready(): Promise<void> {
    this.watch();
    await this.headersRead;
    if (this.problem) throw this.problem;
    try {
      await this.own();
    } catch (error) {
      if (isFinal(error)) this.giveUp(error);
      throw error;
    }
    this.watch();
  }

  /** Tells when the disk does not answer. */
  private watch(): void {
    clearTimeout(this.silence);
    if (this.closed) return;
    this.silence = setTimeout(() => this.diskIsSilent(), silenceMs);
    this.silence.unref();
  }

  private own(): Promise<Lock | undefined> {
    this.owning = this.owning
      .catch(() => undefined)
      .then(async (lock) => {
        if (lock) return lock;
        const { folder, lock: acquire = acquireFolder } = this.options;
        await this.files.makeFolder(folder);
        // Another owner may take longer than a disk.
        clearTimeout(this.silence);
        const acquired = await acquire(folder);
        if (this.writer.length > 0) this.watch();
        if (this.files.isStopped) {
          await acquired.release();
          throw new Error('The log is closed.');
        }
        this.lock = acquired;
        return acquired;
      });
    return this.owning;
  }

  private disown(): Promise<unknown> {
    this.owning = this.owning
      .catch(() => undefined)
      .then(async (lock) => {
        await this.lock?.release();
        this.lock = undefined;
        if (lock && this.store.fileBytes === 0) await this.store.removeFolder().catch(() => {});
        return undefined;
      });
    return this.owning;
  }

  /** Nothing is on disk: nobody else has to be kept out. */
  private async emptied(): Promise<void> {
    if (this.store.fileBytes === 0 && this.writer.length === 0) await this.disown();
  }

  private giveUp(error: unknown): void {
    if (this.problem) return;
    const { folder } = this.options;
    this.problem =
      error instanceof Problem ? error : new Problem('disk-unusable', { folder, cause: causeOf(error) });
    this.writer.clear();
    this.options.onProblem(this.problem);
    this.options.onChange();
  }

  private writeFailed(error: unknown): void {
    this.silentNoMore();
    const isFirst = this.failure === undefined;
    this.failure =
      error instanceof DiskFullError
        ? this.fullProblem
        : new Problem('disk-failed', { cause: causeOf(error) });
    if (isFirst) this.options.onProblem(this.failure);
    this.options.onChange();
  }

  private writeWorked(): void {
    this.silentNoMore();
    if (this.failure) this.options.onProblem(new Problem('disk-works-again'));
    this.failure = undefined;
    this.options.onChange();
  }

  private diskIsSilent(): void {
    this.silent = new Problem('disk-silent', { seconds: silenceMs / 1000 });
    this.writer.giveUpFlush();
    this.options.onProblem(this.silent);
    this.options.onChange();
  }

  private silentNoMore(): void {
    clearTimeout(this.silence);
    if (this.silent) this.options.onProblem(new Problem('disk-works-again'));
    this.silent = undefined;
  }

  private report(name: string, { records, bytes, cutOff }: Damage): void {
    const file = join(this.options.folder, name);
    this.damagedRecords += records;
    this.damagedBytes += bytes + cutOff;
    if (bytes > 0) this.options.onProblem(new Problem('disk-damaged', { file, bytes, records }));
    if (cutOff > 0) this.options.onProblem(new Problem('disk-cut-off', { file, bytes: cutOff }));
  }
}

/** What went wrong, as Node.js says it. */
const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it makes no sense to try again. A disk that is full may have room later. */
const isFinal = (error: unknown): boolean =>
  error instanceof Problem ||
  ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));

import { dirname, join } from 'node:path';
import { DiskFullError } from './disk-errors';
import { codeOf, type FileHandle, type FileSystem, ifMissing } from './file-system';
import { markBytes, recordHeaderBytes, segmentHeaderBytes } from './segment/format';
import { removeMarks, writeMarks } from './segment/marks';
import { rewrite } from './segment/rewrite';
import type { Segment } from './segment/segment';

const megabyte = 1_000_000;
const maxDamagedBytes = 16 * megabyte;
const maxFreeBytes = 100 * megabyte;
const tidyMs = 1000;
/** A rewritten segment smaller than this saves too little. */
const minRewriteBytes = 64_000;
const rewriteRetryMs = 60_000;

/** The files of a log: which there are, how many bytes they take, and what of them can be deleted. */
export class SegmentStore {
  /** In order of their numbers, which is the order of their records. */
  readonly segments: Segment[] = [];
  clusterId = '';
  readonly segmentBytes: number;
  /** Bytes of the files that are not scanned yet. */
  unscannedBytes = 0;
  /** How many writes have failed. */
  failures = 0;
  freeBytes?: number;
  /** Fewer bytes are free than must stay free. */
  isSpaceShort = false;
  /** Files of damaged segments: their names and bytes. */
  readonly damagedFiles = new Map<string, number>();
  /** Bytes that the file of a rewriting may have. */
  private rewritingBytes = 0;
  private lastNumber = 0;
  private namesSynced = false;
  private timer?: NodeJS.Timeout;
  private tidying?: Promise<void>;
  private closed = false;

  /**
   * @param limit bytes of all files
   * @param hooks `shift`: runtime sequence numbers minus those on disk; `emptied`: no segment is left
   */
  constructor(
    readonly folder: string,
    readonly files: FileSystem,
    readonly limit: number,
    private readonly hooks: {
      shift(): number;
      hasTail(): boolean;
      failed(error: unknown): void;
      worked(): void;
      changed(): void;
      emptied(): Promise<void>;
      endSegment(segment: Segment): Promise<void>;
    },
  ) {
    this.segmentBytes = Math.min(8 * megabyte, Math.max(megabyte, Math.floor(limit / 16)));
  }

  /** The number of a new segment: no number is used twice, also after all files are gone. */
  nextNumber(): number {
    this.lastNumber = Math.max(this.lastNumber + 1, Date.now());
    return this.lastNumber;
  }

  numberSeen(number: number): void {
    this.lastNumber = Math.max(this.lastNumber, number);
  }

  toDisk(seq: number): number {
    return seq - this.hooks.shift();
  }

  fromDisk(seq: number): number {
    return seq + this.hooks.shift();
  }

  /** Bytes of all files. */
  get fileBytes(): number {
    let bytes = this.unscannedBytes + this.rewritingBytes;
    for (const segment of this.segments) bytes += segment.bytes + segment.uncutBytes + segment.marksBytes;
    for (const size of this.damagedFiles.values()) bytes += size;
    return bytes;
  }

  /**
   * Whether records fit that are not written yet. Room is kept for marks, and for a segment that is rewritten.
   * @param contentBytes and how many records they are
   * @param isAccepted they may use the room that was kept when they were accepted
   */
  fits(contentBytes: number, records: number, isAccepted = false): boolean {
    let marks = 0;
    for (const { count, marksBytes } of this.segments) marks += Math.max(0, count * markBytes - marksBytes);
    const tail = contentBytes + records * (recordHeaderBytes + markBytes);
    const needed = this.fileBytes + marks + tail + segmentHeaderBytes;
    if (isAccepted) return needed <= this.limit;
    const spare = Math.max(0, Math.min(this.segmentBytes / 2, this.limit / 16) - this.rewritingBytes);
    return needed + segmentHeaderBytes * Math.ceil(tail / this.segmentBytes) + spare <= this.limit;
  }

  /** Whether it depends on what is not scanned yet, and on its marks, if these records fit. */
  dependsOnScan(contentBytes: number, records: number): boolean {
    const marks = Math.ceil(this.unscannedBytes / recordHeaderBytes) * markBytes;
    return marks > 0 && !this.fits(contentBytes + marks, records, true);
  }

  /** @throws DiskFullError if too few bytes of the file system would stay free */
  async checkSpace(bytes: number): Promise<void> {
    // Some file systems cannot tell, or call their size 0: then a write tells.
    const { total, free } = await this.files.space(this.folder).catch(() => ({ total: 0, free: 0 }));
    if (total > 0) this.freeBytes = free;
    this.isSpaceShort = total > 0 && free - bytes < Math.min(total / 20, maxFreeBytes);
    if (this.isSpaceShort) throw new DiskFullError();
  }

  failed(error: unknown): void {
    this.failures++;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') this.isSpaceShort = true;
    this.hooks.failed(error);
  }

  worked(): void {
    this.isSpaceShort = false;
    this.hooks.worked();
  }

  /** The names of new files are on the disk, and those of the folder and its parent, before the first `done`. */
  async syncNames(): Promise<void> {
    await this.files.syncFolder(this.folder);
    if (this.namesSynced) return;
    await this.files.syncFolder(dirname(this.folder));
    await this.files.syncFolder(dirname(dirname(this.folder)));
    this.namesSynced = true;
  }

  /** Removes the folder. If it is made again, its name has to be synced again. */
  removeFolder(): Promise<void> {
    this.namesSynced = false;
    return this.files.removeFolder(this.folder);
  }

  /** Makes a file in the folder, and the folder itself if it was deleted. */
  async create(name: string): Promise<FileHandle> {
    const path = join(this.folder, name);
    try {
      return await this.files.create(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.files.makeFolder(this.folder);
      this.namesSynced = false;
      return this.files.create(path);
    }
  }

  /** The sequence number after those of all segments before this one. */
  endBefore(number: number): number {
    const before = this.segments.filter((segment) => segment.number < number);
    return before.at(-1)?.endSeq ?? this.fromDisk(0);
  }

  /** Adds a segment of an earlier process. */
  insert(segment: Segment): void {
    const at = this.segments.findIndex(({ number }) => number > segment.number);
    this.segments.splice(at < 0 ? this.segments.length : at, 0, segment);
  }

  segmentOf(seq: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.segments[middle] as Segment;
      if (seq < segment.firstSeq) high = middle - 1;
      else if (seq >= segment.endSeq) low = middle + 1;
      else return segment;
    }
    return undefined;
  }

  settled(segment: Segment, seq: number): void {
    if (!segment.settle(seq)) return;
    if (segment.pending === 0) this.tidy();
    else this.tidyLater();
  }

  /** Deletes segments without pending records, now; writes marks and rewrites segments. */
  tidy(): void {
    if (this.closed) return;
    this.runTidying(() => this.deleteSettled());
  }

  private runTidying(work: () => Promise<void>): void {
    this.tidying ??= work()
      .catch(() => {})
      .finally(() => {
        this.tidying = undefined;
        this.hooks.changed();
        // What was settled meanwhile, or could not be deleted, has its turn.
        if (this.segments.some((one) => one.isUntidy || this.isSparse(one))) this.tidyLater();
      });
  }

  /** Deletes what is settled, also what is still being read, and writes the last marks. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.tidying;
    await Promise.all(this.segments.map((one) => (this.isDeletable(one) ? one.unread() : undefined)));
    await this.deleteSettled().catch(() => {});
    await writeMarks(this);
  }

  private tidyLater(): void {
    if (this.timer || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.runTidying(() => this.maintain());
    }, tidyMs);
    this.timer.unref();
  }

  private async maintain(): Promise<void> {
    await this.deleteSettled();
    await writeMarks(this);
    await this.rewriteSparse();
  }

  private isDeletable({ pending, partial, open, writtenAt }: Segment): boolean {
    const isInUse = this.hooks.hasTail() || performance.now() - writtenAt < tidyMs;
    return pending === 0 && !partial && (!open || this.closed || !isInUse);
  }

  private async deleteSettled(): Promise<void> {
    for (const segment of [...this.segments]) {
      if (!this.isDeletable(segment) || segment.readers > 0) continue;
      if (segment.open) await this.hooks.endSegment(segment);
      if (segment.pending > 0) continue;
      await this.remove(segment).catch(() => {});
    }
    if (this.segments.length === 0 && !this.hooks.hasTail()) await this.hooks.emptied();
  }

  private async remove(segment: Segment): Promise<void> {
    const path = join(this.folder, segment.name);
    const kept = [...this.damagedFiles.values()].reduce((sum, size) => sum + size, 0);
    if (segment.damaged && kept + segment.bytes <= Math.min(maxDamagedBytes, this.limit / 4)) {
      const name = segment.name.replace('.segment', '.damaged');
      const isThere = await this.files
        .rename(path, join(this.folder, name))
        .then(() => true, ifMissing(false));
      if (isThere) this.damagedFiles.set(name, segment.bytes);
    } else await this.files.remove(path).catch(ifMissing(undefined));
    this.segments.splice(this.segments.indexOf(segment), 1);
    await removeMarks(this, segment);
  }

  /** @returns bytes that were deleted */
  async discardDamaged(): Promise<number> {
    let bytes = 0;
    for (const [name, size] of this.damagedFiles) {
      await this.files.remove(join(this.folder, name)).catch(ifMissing(undefined));
      this.damagedFiles.delete(name);
      bytes += size;
    }
    if (this.segments.length === 0 && !this.hooks.hasTail()) await this.hooks.emptied();
    return bytes;
  }

  /** Segments of which less than half is pending are written again, smaller. */
  private async rewriteSparse(): Promise<void> {
    for (const segment of [...this.segments]) {
      const isDue = performance.now() >= segment.rewriteAfter && segment.readers === 0 && !this.closed;
      if (!isDue || !this.isSparse(segment)) continue;
      const room = Math.floor(segment.bytes / 2);
      if (this.fileBytes + room > this.limit) continue;
      this.rewritingBytes = room;
      segment.rewriting = this.rewrite(segment, room);
      await segment.rewriting;
      segment.rewriting = undefined;
      this.rewritingBytes = 0;
    }
  }

  private async rewrite(segment: Segment, room: number): Promise<void> {
    const result = await rewrite(this, segment, room);
    if (result) {
      Object.assign(segment, { bytes: result.bytes, bookmark: undefined, live: result.records });
      segment.uncutBytes = 0;
      // Without its name synced, a power loss may bring the old file back, whose marks are needed.
      if (result.isNameSynced) await removeMarks(this, segment).catch(() => {});
    } else segment.rewriteAfter = performance.now() + rewriteRetryMs;
  }

  private isSparse({ open, damaged, partial, pending, bytes, live, count }: Segment): boolean {
    if (open || damaged || partial) return false;
    return pending > 0 && bytes >= minRewriteBytes && pending * 2 < (live ?? count);
  }
}

import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { DamageReport, recoverOne } from './damage-report';
import { causeOf, DiskFullError, fullProblemOf, isFinal } from './disk-errors';
import { realFiles } from './file-system';
import { FolderOwner, type OwnedFolder } from './folder-owner';
import { GroupWriter } from './group-writer';
import { acquireFolder } from './lock';
import { type LogStats, statsOf } from './log-stats';
import type { DiskLogOptions, StoredFrame } from './log-types';
import { findSegments, isOfLog } from './recovery';
import { fittingId, recordHeaderBytes } from './segment/format';
import { readSegment } from './segment/segment-read';
import { SegmentStore } from './segment-store';
import { type StoppableFiles, stoppable } from './stoppable-files';
import { WriteHealth } from './write-health';

export type { DiskLogOptions, StoredFrame };

// Sequence numbers of this process begin here; those of earlier ones are below.
const firstOwnSeq = 2 ** 52;
const spaceCheckMs = 1000;

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
  private readonly owner: FolderOwner;
  private readonly health: WriteHealth;
  private problem?: Problem;
  private spaceCheckedAt = Number.NEGATIVE_INFINITY;
  private readonly damage: DamageReport;
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
      worked: () => {
        this.health.worked();
        options.onChange();
      },
      changed: () => options.onChange(),
      emptied: () => this.emptied(),
      endSegment: () => this.writer.endSegment(),
    });
    this.writer = new GroupWriter(this.store, options.syncIntervalMs, () => this.ready());
    this.health = new WriteHealth(options.onProblem, () => {
      this.writer.failFlushes();
      options.onChange();
    });
    this.damage = new DamageReport(options.folder, options.onProblem);
    this.owner = new FolderOwner(this.ownedFolder());
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
    return this.health.failing;
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
      if (all.some(({ name }) => isOfLog(name))) await this.owner.own();
      const { segments, endSeq } = await findSegments(this.store);
      this.shift = firstOwnSeq - endSeq;
      this.store.unscannedBytes = segments.reduce(
        (sum, { size, marksSize }) => sum + size + (marksSize ?? 0),
        0,
      );
      this.whenHeadersRead();
      for (const [index, found] of segments.entries()) {
        if (this.closed) return;
        await recoverOne(this.store, found, segments.slice(index + 1), this.damage, onRestored);
      }
      this.store.tidy();
    } catch (error) {
      this.makeUnusable(error);
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
    writer.add({ seq, content, onSynced, settled: false, writing: false });
    return seq;
  }

  /** The record is not read again. It is marked on disk within a second. */
  settle(seq: number): void {
    const segment = this.writer.settle(seq) ? undefined : this.store.segmentOf(seq);
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
      const matches = which === 'all' || segment.isForeign(this.clusterId) === (which === 'foreign');
      if (!matches || segment.nextPending(from) === undefined) continue;
      const { records, damage } = await readSegment(this.store, segment, from, maxBytes - bytes);
      if (damage.records > 0) this.damage.add(segment.name, damage);
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
    return this.health.isSilent ? Promise.resolve() : this.writer.flush();
  }

  /** Writes nothing more but marks; closes all files and gives the folder free. @param limitMs for a disk that hangs */
  async close(limitMs: number): Promise<void> {
    this.closed = true;
    this.health.stop();
    this.owner.stopWaiting();
    const closing = (async () => {
      // A scan needs the lock until it ends.
      await this.opening;
      await this.writer.close();
      await this.store.close();
      await this.owner.release();
    })().catch(() => {});
    await within(closing, limitMs, () => {});
    // If the disk hangs: the next owner must not wait for it, nor share its files with this one.
    this.files.stop();
    this.owner.releaseNow().catch(() => {});
  }

  get stats(): LogStats {
    return statsOf(this.store, this.writer, this.damage);
  }

  /** How many records up to this sequence number, with it, are pending; without those for other clusters. */
  pendingUpTo(seq: number): number {
    let count = this.writer.pendingUpTo(seq);
    for (const segment of this.store.segments) {
      if (!segment.isForeign(this.clusterId) && segment.firstSeq <= seq) count += segment.pendingUpTo(seq);
    }
    return count;
  }

  /** Deletes the files of damaged segments. @returns their bytes */
  discardDamaged(): Promise<number> {
    return this.store.discardDamaged();
  }

  /** Why a record does not fit now. */
  get fullProblem(): Problem {
    return fullProblemOf(this.store);
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
    if (this.store.dependsOnScan(this.writer.tailBytes, this.writer.length)) await this.opening;
    if (this.problem) throw this.problem;
    try {
      await this.owner.own();
    } catch (error) {
      if (isFinal(error)) this.makeUnusable(error);
      throw error;
    }
    this.watch();
  }

  private watch(): void {
    if (!this.closed) this.health.watch();
  }

  private ownedFolder(): OwnedFolder {
    const { folder, lock = (path, signal) => acquireFolder(path, { signal }) } = this.options;
    return {
      make: () => this.files.makeFolder(folder),
      acquire: async (signal) => {
        // Another owner may take longer than a disk.
        this.health.stop();
        const acquired = await lock(folder, signal);
        if (this.writer.length > 0) this.watch();
        return acquired;
      },
      isEmpty: () => this.store.fileBytes === 0,
      remove: () => this.store.removeFolder(),
      isStopped: () => this.files.isStopped,
    };
  }

  /** Nothing is on disk: the lock is not needed. */
  private async emptied(): Promise<void> {
    if (this.store.fileBytes === 0 && this.writer.length === 0) await this.owner.release();
  }

  private makeUnusable(error: unknown): void {
    if (this.problem) return;
    const { folder } = this.options;
    this.problem =
      error instanceof Problem ? error : new Problem('disk-unusable', { folder, cause: causeOf(error) });
    this.writer.clear();
    if (this.closed) return;
    this.options.onProblem(this.problem);
    this.options.onChange();
  }

  private writeFailed(error: unknown): void {
    if (error instanceof DiskFullError) this.health.failed(this.fullProblem);
    // The log is unusable or closed: that is no failure of the disk.
    else if (this.problem || this.files.isStopped || error instanceof Problem) this.health.stop();
    else this.health.failed(new Problem('disk-failed', { cause: causeOf(error) }));
    this.options.onChange();
  }
}

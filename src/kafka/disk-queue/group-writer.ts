import { DiskFullError } from './disk-errors';
import { encodeGroup } from './encode-group';
import type { FileHandle } from './file-system';
import type { TailEntry } from './log-types';
import { recordHeaderBytes, segmentHeaderBytes } from './segment/format';
import { Segment } from './segment/segment';
import type { SegmentStore } from './segment-store';

const maxGroupBytes = 2_000_000;
const maxRetryMs = 5000;
const firstRetryMs = 250;

/**
 * Writes records in groups, one sync each, to the newest segment. A group forms while another one is written, and for at
 * least the interval between two syncs. A segment whose write or sync has failed is not used again: it is cut back to its
 * last synced byte, and the group goes to a new one.
 */
export class GroupWriter {
  private tail: TailEntry[] = [];
  private readonly bySeq = new Map<number, TailEntry>();
  /** Contents of all records that are not synced. */
  tailBytes = 0;
  private file?: FileHandle;
  private segment?: Segment;
  /** Where the last write to the file ends. */
  private writtenTo = 0;
  private running?: Promise<void>;
  private syncStartedAt = Number.NEGATIVE_INFINITY;
  private wake?: () => void;
  private urgent = 0;
  private retryMs = firstRetryMs;
  private closed = false;
  private onIdle: Array<() => void> = [];

  /**
   * @param intervalMs least milliseconds between the starts of two syncs
   * @param ready resolves when files may be written; rejects if they never may
   */
  constructor(
    private readonly store: SegmentStore,
    private readonly intervalMs: number,
    private readonly ready: () => Promise<void>,
  ) {}

  get length(): number {
    return this.bySeq.size;
  }

  add(entry: TailEntry): void {
    this.tail.push(entry);
    this.bySeq.set(entry.seq, entry);
    this.tailBytes += entry.content.length;
    this.start();
  }

  /** The record of this number, if it is not synced yet. */
  get(seq: number): TailEntry | undefined {
    return this.bySeq.get(seq);
  }

  /** The record need not be written, if that has not begun. @returns whether it is not synced yet */
  settle(seq: number): boolean {
    const entry = this.bySeq.get(seq);
    if (!entry) return false;
    entry.settled = true;
    if (!entry.writing) this.drop(entry);
    return true;
  }

  /** Pending records that are not synced, up to a sequence number. */
  pendingUpTo(seq: number): number {
    let count = 0;
    for (const entry of this.bySeq.values()) if (entry.seq <= seq && !entry.settled) count++;
    return count;
  }

  /** Writes without waiting for the interval. Resolves when all records so far are synced, or when that has failed. */
  async flush(): Promise<void> {
    if (this.bySeq.size === 0) return;
    this.urgent++;
    this.wake?.();
    this.start();
    try {
      const last = [...this.bySeq.keys()].at(-1) ?? 0;
      // The last one may be settled meanwhile, and leave before those ahead of it.
      const isWritten = (): boolean => (this.bySeq.keys().next().value ?? Number.POSITIVE_INFINITY) > last;
      while (!isWritten() && !this.closed) {
        const failures = this.store.failures;
        await new Promise<void>((resolve) => this.onIdle.push(resolve));
        if (this.store.failures !== failures) return;
      }
    } finally {
      this.urgent--;
    }
  }

  /** The disk does not answer: all flushes end, as after a failure. */
  failFlushes(): void {
    this.store.failures++;
    this.notifyIdle();
  }

  /** The next record goes to a new segment. */
  async endSegment(): Promise<void> {
    const { file, segment } = this;
    this.file = undefined;
    this.segment = undefined;
    if (segment) segment.open = false;
    await file?.close().catch(() => {});
  }

  /** Writes nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    this.wake?.();
    await this.running;
    await this.endSegment();
    this.notifyIdle();
  }

  /** Forgets all records that are not synced: nothing can be written. */
  clear(): void {
    this.tail.length = 0;
    this.bySeq.clear();
    this.tailBytes = 0;
    this.notifyIdle();
  }

  private start(): void {
    if (this.running || this.closed || this.tail.length === 0) return;
    this.running = this.run()
      .catch(() => {})
      .finally(() => {
        this.running = undefined;
        this.notifyIdle();
        // A record may have been added since the last look at the tail.
        this.start();
      });
  }

  private async run(): Promise<void> {
    while (this.tail.length > 0 && !this.closed) {
      const wait = this.syncStartedAt + this.intervalMs - performance.now();
      if (wait > 0 && this.urgent === 0) await this.pause(wait);
      if (this.closed) return;
      const group = this.takeGroup();
      if (group.length === 0) {
        // Its segment may have been kept for them.
        this.store.tidy();
        continue;
      }
      try {
        await this.ready();
        await this.writeGroup(group);
        this.retryMs = firstRetryMs;
        this.store.worked();
      } catch (error) {
        this.putBack(group);
        await this.abandonSegment();
        this.store.failed(error);
        this.notifyIdle();
        if (this.closed) return;
        await this.pause(this.retryMs);
        this.retryMs = Math.min(this.retryMs * 2, maxRetryMs);
      }
      this.notifyIdle();
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  /** The records for the next sync, in order; those that were settled meanwhile need not be written. */
  private takeGroup(): TailEntry[] {
    const group: TailEntry[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of this.tail) {
      if (group.length > 0 && bytes + entry.content.length > maxGroupBytes) break;
      taken++;
      if (entry.settled) continue;
      entry.writing = true;
      group.push(entry);
      bytes += entry.content.length;
    }
    this.tail.splice(0, taken);
    return group;
  }

  /** After a group has failed. Those of its records that went to an earlier segment are synced. */
  private putBack(group: TailEntry[]): void {
    for (const entry of group) {
      entry.writing = false;
      if (entry.settled) this.drop(entry);
    }
    this.tail = [...group.filter(({ seq }) => this.bySeq.has(seq)), ...this.tail];
  }

  private drop({ seq, content }: TailEntry): void {
    if (this.bySeq.delete(seq)) this.tailBytes -= content.length;
  }

  private async writeGroup(group: TailEntry[]): Promise<void> {
    const contentBytes = group.reduce((sum, { content }) => sum + content.length, 0);
    // They may have been accepted before it was known what is on disk.
    if (!this.store.fits(contentBytes, group.length, true)) throw new DiskFullError();
    await this.store.checkSpace(contentBytes + group.length * recordHeaderBytes);
    let rest = group;
    while (rest.length > 0) {
      const segment = await this.usableSegment(rest[0] as TailEntry);
      const fitting = this.fitting(segment, rest);
      await this.writeTo(segment, fitting);
      rest = rest.slice(fitting.length);
    }
  }

  /** The records that fit into the segment; at least one: a large record has a segment of its own. */
  private fitting(segment: Segment, entries: TailEntry[]): TailEntry[] {
    let bytes = segment.bytes;
    let count = 0;
    for (const { content } of entries) {
      bytes += recordHeaderBytes + content.length;
      if (count > 0 && bytes > this.store.segmentBytes) break;
      count++;
    }
    return entries.slice(0, count);
  }

  private async usableSegment({ seq, content }: TailEntry): Promise<Segment> {
    const { segment } = this;
    const isFull =
      segment &&
      segment.bytes > segmentHeaderBytes &&
      segment.bytes + recordHeaderBytes + content.length > this.store.segmentBytes;
    const isRight = segment?.clusterId === this.store.clusterId && !segment.gone;
    if (segment && !isFull && isRight) return segment;
    await this.endSegment();
    const made = new Segment(this.store.nextNumber(), this.store.clusterId, seq);
    made.open = true;
    this.file = await this.store.create(made.name);
    this.writtenTo = 0;
    this.segment = made;
    // It counts from now on, whatever happens to it.
    this.store.segments.push(made);
    return made;
  }

  private async writeTo(segment: Segment, entries: TailEntry[]): Promise<void> {
    const { file } = this;
    if (!file) throw new Error('no file');
    const isNew = segment.count === 0;
    const data = encodeGroup(this.store, segment, entries);
    const position = isNew ? 0 : segment.bytes;
    this.writtenTo = position + data.length;
    const written = await file.write(data, position);
    if (written < data.length) throw new Error(`short write: ${written} of ${data.length} bytes`);
    this.syncStartedAt = performance.now();
    await file.sync();
    // Until its name is synced, a power loss takes the file with all that is in it.
    if (isNew) await this.store.syncNames();
    segment.bytes = position + data.length;
    segment.writtenAt = performance.now();
    for (const entry of entries) {
      segment.add(entry.seq);
      this.drop(entry);
    }
    for (const entry of entries) {
      if (entry.settled) this.store.settled(segment, entry.seq);
      entry.onSynced();
    }
  }

  private async abandonSegment(): Promise<void> {
    const { file, segment } = this;
    this.file = undefined;
    this.segment = undefined;
    if (!segment) return;
    segment.open = false;
    if (segment.count === 0) segment.bytes = 0;
    // What was written after the last sync may or may not be there; a later segment has it.
    await file?.truncate(segment.bytes).catch(() => {
      segment.uncutBytes = Math.max(0, this.writtenTo - segment.bytes);
    });
    await file?.close().catch(() => {});
    this.store.tidy();
  }

  private notifyIdle(): void {
    for (const resolve of this.onIdle.splice(0)) resolve();
  }
}

import { join } from 'node:path';
import { Problem } from '../../util/problem';
import {
  decodeMarks,
  decodeSegmentHeader,
  formatVersion,
  seedOf,
  segmentHeaderBytes,
} from './segment/format';
import { Segment } from './segment/segment';
import { scan } from './segment/segment-scan';
import type { SegmentStore } from './segment-store';

/** Whether a file is one of a log's, by its name. */
export const isOfLog = (name: string): boolean => /^\d{16}\.(segment|settled|damaged|rewriting)$/.test(name);

/** What recovery learns of a segment before it is scanned. */
export interface FoundSegment {
  number: number;
  size: number;
  /** As it is on disk. */
  firstSeq?: number;
  clusterId: string;
  rewritten: boolean;
  /** Bytes of its file of marks; undefined without one. */
  marksSize: number | undefined;
  /** Why its header could not be read. */
  error?: unknown;
}

// More records than are written in a millisecond: segments are numbered by the milliseconds of their creation.
const recordsPerMs = 1000;

const segmentName = /^(\d{16})\.segment$/;
const marksName = /^(\d{16})\.settled$/;

/**
 * Lists the segments of a folder, deletes what an interrupted operation has left, and reads the segments' headers.
 * @returns the segments in order of their numbers, and a sequence number above all that are on disk
 * @throws Problem "disk-format-newer", before anything is changed
 */
export async function findSegments(
  store: SegmentStore,
): Promise<{ segments: FoundSegment[]; endSeq: number }> {
  const { files, folder } = store;
  const all = await files.list(folder);
  const segments: FoundSegment[] = [];
  const empty: string[] = [];
  for (const { name, size } of all) {
    const number = Number(segmentName.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) continue;
    store.numberSeen(number);
    if (size === 0) empty.push(name);
    else segments.push(await headerOf(store, number, size).catch((error) => unreadable(number, size, error)));
  }
  const remove = (name: string): Promise<void> => files.remove(join(folder, name)).catch(() => {});
  for (const name of empty) await remove(name);
  for (const { name, size } of all) {
    const number = Number(marksName.exec(name)?.[1] ?? Number.NaN);
    const marked = segments.find((one) => one.number === number);
    if (marked) marked.marksSize = size;
    if ((!marked && !Number.isNaN(number)) || /^\d{16}\.rewriting$/.test(name)) await remove(name);
    if (/^\d{16}\.damaged$/.test(name)) store.damagedFiles.set(name, size);
  }
  segments.sort((a, b) => a.number - b.number);
  return { segments, endSeq: await endOf(store, segments) };
}

/** A segment that the disk does not give. It says nothing about the format. */
function unreadable(number: number, size: number, error: unknown): FoundSegment {
  if (error instanceof Problem) throw error;
  return { number, size, clusterId: '', rewritten: false, marksSize: undefined, error };
}

/**
 * A sequence number above all that are on disk: those of a segment are above those of all segments before it. Where a
 * segment cannot be read, it follows from the time: no process has reached it, also if the next ones cannot read it either.
 */
async function endOf(store: SegmentStore, segments: FoundSegment[]): Promise<number> {
  for (const one of segments.toReversed()) {
    const highest = one.error ? undefined : await highestSeq(store, one).catch(() => undefined);
    if (highest === undefined) return store.nextNumber() * recordsPerMs;
    const end = Math.max(one.firstSeq ?? 0, highest);
    if (end > 0) return end;
  }
  return 1;
}

async function headerOf(
  { files, folder }: SegmentStore,
  number: number,
  size: number,
): Promise<FoundSegment> {
  const bytes = Buffer.alloc(segmentHeaderBytes);
  const file = await files.openToRead(join(folder, nameOf(number)));
  const read = await file.read(bytes, 0).finally(() => file.close().catch(() => {}));
  const header = decodeSegmentHeader(bytes.subarray(0, read));
  if (header && header.version > formatVersion) {
    throw new Problem('disk-format-newer', { folder, version: header.version, known: formatVersion });
  }
  const isOwn = header !== undefined && 'number' in header && header.number === number;
  return isOwn
    ? { ...header, number, size, marksSize: undefined }
    : { number, size, clusterId: '', rewritten: false, marksSize: undefined };
}

/** The number after the highest in a segment; 0 if it has no record. */
async function highestSeq(store: SegmentStore, { number, size }: FoundSegment): Promise<number> {
  const { files, folder } = store;
  const { seed } = new Segment(number, '', 0);
  const file = await files.openToRead(join(folder, nameOf(number)));
  let highest = 0;
  try {
    for await (const found of scan(file, size, seed))
      if ('seq' in found) highest = Math.max(highest, found.seq);
  } finally {
    await file.close().catch(() => {});
  }
  return highest === 0 ? 0 : highest + 1;
}

/** The name of a segment's file. */
export const nameOf = (number: number): string => `${String(number).padStart(16, '0')}.segment`;

/** What a scan has found broken. */
export interface Damage {
  /** Records that were lost, as far as it can be told. */
  records: number;
  /** Bytes that could not be read. */
  bytes: number;
  /** Bytes at the end of the file that are no record. */
  cutOff: number;
}

/**
 * Reads one segment: which records it has, and which of them are settled. It is in the store from its first record on.
 * An end that is no record is cut off.
 * @param endSeq records from this sequence number on are in a later segment too, and count there only
 * @param onRecord called for each pending record, in order
 * @throws what the disk said, if the file cannot be read to its end; what was read before stays in the store
 */
export async function recover(
  store: SegmentStore,
  found: FoundSegment,
  endSeq: number,
  onRecord: (seq: number, content: Buffer, clusterId: string) => void,
): Promise<{ name: string; damage: Damage }> {
  const { number, clusterId, rewritten, size, firstSeq } = found;
  const name = nameOf(number);
  if (found.error) throw found.error;
  const damage: Damage = { records: 0, bytes: 0, cutOff: 0 };
  const marks = new Marks(await marksOf(store, found));
  const insert = (first: number): Segment => insertSegment(store, found, first);
  const file = await store.files.openToRead(join(store.folder, name));
  let segment = firstSeq === undefined ? undefined : insert(store.fromDisk(firstSeq));
  let isDamaged = false;
  let isComplete = false;
  try {
    for await (const one of scan(file, size, seedOf(number))) {
      if (one.type === 'cut-off') damage.cutOff = one.bytes;
      else if (one.type === 'unknown') {
        isDamaged = true;
        const before = segment ? store.toDisk(segment.endSeq) : (firstSeq ?? one.next);
        // Without gaps, the numbers tell how many records these bytes were.
        let lost = rewritten ? 1 : 0;
        for (let seq = before; !rewritten && seq < one.next; seq++) if (!marks.has(seq)) lost++;
        damage.records += lost;
        if (lost > 0) damage.bytes += one.bytes;
      } else {
        const seq = store.fromDisk(one.seq);
        segment ??= insert(seq);
        if (one.seq >= endSeq || seq < segment.endSeq) continue;
        if (segment.live !== undefined) segment.live++;
        const isSettled = marks.has(one.seq);
        if (isSettled || one.type === 'broken') segment.addSettled(seq);
        else segment.add(seq);
        advance(store, segment, one.end);
        if (one.type === 'record' && !isSettled) onRecord(seq, one.content, clusterId);
        if (one.type === 'record') continue;
        isDamaged = true;
        if (!isSettled) damage.records++;
        if (!isSettled) damage.bytes += one.bytes;
      }
    }
    isComplete = true;
  } finally {
    segment ??= insert(store.endBefore(number));
    segment.endRead();
    segment.damaged = isDamaged;
    segment.partial = !isComplete;
    await file.close().catch(() => {});
  }
  advance(store, segment, size - damage.cutOff);
  store.unscannedBytes -= damage.cutOff;
  if (damage.cutOff > 0) await cutOff(store, segment);
  return { name, damage };
}

/** It has no records yet, and is not deleted meanwhile. */
function insertSegment(
  store: SegmentStore,
  { number, clusterId, rewritten, marksSize }: FoundSegment,
  first: number,
): Segment {
  const segment = new Segment(number, clusterId, first);
  segment.bytes = 0;
  segment.readers++;
  segment.marksBytes = marksSize ?? 0;
  segment.hasMarks = marksSize !== undefined;
  if (rewritten) segment.live = 0;
  store.unscannedBytes -= segment.marksBytes;
  store.insert(segment);
  return segment;
}

/** The segment was read up to a position. */
function advance(store: SegmentStore, segment: Segment, position: number): void {
  store.unscannedBytes -= position - segment.bytes;
  segment.bytes = position;
}

async function cutOff({ files, folder }: SegmentStore, { name, bytes }: Segment): Promise<void> {
  try {
    const file = await files.openToWrite(join(folder, name));
    await file.truncate(bytes).finally(() => file.close());
  } catch {
    // It is left out when the file is read.
  }
}

async function marksOf(
  { files, folder }: SegmentStore,
  { number, marksSize }: FoundSegment,
): Promise<Array<{ first: number; last: number }>> {
  if (!marksSize) return [];
  const { marksName, seed } = new Segment(number, '', 0);
  const file = await files.openToRead(join(folder, marksName));
  try {
    const bytes = Buffer.alloc(marksSize);
    const read = await file.read(bytes, 0);
    return decodeMarks(bytes.subarray(0, read), seed);
  } finally {
    await file.close().catch(() => {});
  }
}

/** The settled sequence numbers of a segment, asked for in increasing order. */
class Marks {
  private at = 0;

  constructor(private readonly ranges: Array<{ first: number; last: number }>) {
    ranges.sort((a, b) => a.first - b.first);
  }

  has(seq: number): boolean {
    while ((this.ranges[this.at]?.last ?? seq) < seq) this.at++;
    return (this.ranges[this.at]?.first ?? Number.POSITIVE_INFINITY) <= seq;
  }
}

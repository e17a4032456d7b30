import { join } from 'node:path';
import type { Damage } from '../recovery';
import type { SegmentStore } from '../segment-store';
import { segmentHeaderBytes } from './format';
import type { Segment } from './segment';
import { scan } from './segment-scan';

/** How often a segment is tried that cannot be read at all. */
const maxReadFailures = 3;
/** Errors that say nothing about the file itself. */
const passing = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY', 'EACCES', 'EPERM']);

interface ReadRecord {
  seq: number;
  content: Buffer;
}

/**
 * Reads pending records of one segment, in order. Records that are found broken are settled and told.
 * @param from the lowest sequence number
 * @param maxBytes of contents; one record is returned in any case
 * @throws what the disk said, the first times that the file cannot be read
 */
export async function readSegment(
  store: SegmentStore,
  segment: Segment,
  from: number,
  maxBytes: number,
): Promise<{ records: ReadRecord[]; damage: Damage }> {
  while (segment.rewriting) await segment.rewriting;
  const records: ReadRecord[] = [];
  const damage: Damage = { records: 0, bytes: 0, cutOff: 0 };
  const { bytes: end, endSeq } = segment;
  const start =
    segment.bookmark && segment.bookmark.seq <= from ? segment.bookmark.position : segmentHeaderBytes;
  let position = start;
  let bytes = 0;
  /** Everything pending below it was found. */
  let expected = segment.bookmark && start !== segmentHeaderBytes ? segment.bookmark.seq : segment.firstSeq;
  const lose = (until: number, lostBytes: number): void => {
    let isLost = false;
    for (let seq = segment.nextPending(expected); seq !== undefined && seq < until; ) {
      if (segment.partial) segment.hide(seq);
      else store.settled(segment, seq);
      damage.records++;
      isLost = true;
      seq = segment.nextPending(seq + 1);
    }
    if (!isLost) return;
    damage.bytes += lostBytes;
    segment.damaged = true;
  };
  segment.readers++;
  try {
    const file = await store.files.openToRead(join(store.folder, segment.name));
    try {
      for await (const found of scan(file, end, segment.seed, start)) {
        if (found.type === 'cut-off') {
          lose(endSeq, found.bytes);
          break;
        }
        if (found.type === 'unknown') {
          lose(store.fromDisk(found.next), found.bytes);
          continue;
        }
        const seq = store.fromDisk(found.seq);
        if (seq >= endSeq) break;
        // An old block.
        if (seq < expected) continue;
        if (found.type === 'broken') lose(seq + 1, found.bytes);
        else if (seq >= from && !segment.isSettled(seq)) {
          // A copy: the scan's chunk must not stay in memory for one record.
          records.push({ seq, content: Buffer.from(found.content) });
          bytes += found.content.length;
        }
        expected = seq + 1;
        position = found.end;
        if (records.length > 0 && bytes >= maxBytes) break;
      }
    } finally {
      await file.close().catch(() => {});
    }
    segment.readFailures = 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (passing.has(code ?? '')) throw error;
    segment.readFailures++;
    segment.gone ||= code === 'ENOENT';
    if (code !== 'ENOENT' && segment.readFailures < maxReadFailures) throw error;
    // A later start may be able to read it.
    segment.partial ||= !segment.gone;
    lose(endSeq, end - position);
  } finally {
    segment.endRead();
  }
  segment.bookmark = { seq: expected, position };
  return { records, damage };
}

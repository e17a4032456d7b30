import type { FileHandle } from '../file-system';
import {
  decodeRecordHeader,
  findMarker,
  isIntactContent,
  recordHeaderBytes,
  segmentHeaderBytes,
} from './format';

/** What stands at a position of a segment. */
export type Found =
  | { type: 'record'; seq: number; content: Buffer; end: number }
  /** A record whose content is broken. */
  | { type: 'broken'; seq: number; bytes: number; end: number }
  /** Bytes that are no record; `next` is the sequence number of the record after them. */
  | { type: 'unknown'; bytes: number; next: number; end: number }
  /** The file ends in the middle of a record, in zeros or in anything else that is no record. */
  | { type: 'cut-off'; bytes: number; end: number };

const chunkBytes = 1_000_000;

/** A part of a file in memory. */
class Window {
  private bytes = Buffer.alloc(0);
  private start = 0;

  constructor(
    private readonly file: FileHandle,
    readonly end: number,
  ) {}

  /** The bytes from a position on: at least `length` of them, fewer only at the end of the file. */
  async from(position: number, length: number): Promise<Buffer> {
    const isThere = position >= this.start && position + length <= this.start + this.bytes.length;
    if (!isThere) {
      const wanted = Math.min(Math.max(length, chunkBytes), Math.max(0, this.end - position));
      const buffer = Buffer.allocUnsafeSlow(wanted);
      const read = await this.file.read(buffer, position);
      this.bytes = buffer.subarray(0, read);
      this.start = position;
    }
    return this.bytes.subarray(position - this.start);
  }
}

/**
 * Reads the records of a segment in order, and what is broken between them. Content that is broken is skipped by its
 * length; after a broken header the next valid one is searched.
 * @param end bytes of the file that count
 * @param seed of the segment's checksums
 * @param from where a record begins
 */
export async function* scan(
  file: FileHandle,
  end: number,
  seed: number,
  from = segmentHeaderBytes,
): AsyncGenerator<Found> {
  if (end > 0 && end < segmentHeaderBytes) yield { type: 'cut-off', bytes: end, end };
  const window = new Window(file, end);
  let position = Math.max(from, segmentHeaderBytes);
  while (position < end) {
    const head = await window.from(position, recordHeaderBytes);
    const header = decodeRecordHeader(head, 0, seed);
    if (!header) {
      const next = await findHeader(window, position + 1, seed);
      if (!next) {
        yield { type: 'cut-off', bytes: end - position, end };
        return;
      }
      yield { type: 'unknown', bytes: next.position - position, next: next.seq, end: next.position };
      position = next.position;
      continue;
    }
    const { seq, length } = header;
    const bytes = recordHeaderBytes + length;
    if (position + bytes > end) {
      yield { type: 'cut-off', bytes: end - position, end };
      return;
    }
    const whole = await window.from(position, bytes);
    if (whole.length < bytes) {
      yield { type: 'cut-off', bytes: end - position, end };
      return;
    }
    position += bytes;
    const content = whole.subarray(recordHeaderBytes, bytes);
    if (isIntactContent(content, header, seed)) yield { type: 'record', seq, content, end: position };
    else yield { type: 'broken', seq, bytes, end: position };
  }
}

async function findHeader(
  window: Window,
  from: number,
  seed: number,
): Promise<{ position: number; seq: number } | undefined> {
  let position = from;
  while (position + recordHeaderBytes <= window.end) {
    const bytes = await window.from(position, recordHeaderBytes);
    if (bytes.length < recordHeaderBytes) return undefined;
    let at = findMarker(bytes, 0);
    while (at >= 0 && at + recordHeaderBytes <= bytes.length) {
      const header = decodeRecordHeader(bytes, at, seed);
      if (header) return { position: position + at, seq: header.seq };
      at = findMarker(bytes, at + 1);
    }
    // A header may begin in the last bytes of this part.
    position += Math.max(1, bytes.length - recordHeaderBytes + 1);
  }
  return undefined;
}

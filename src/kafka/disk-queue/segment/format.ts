import { crc32c } from '../../protocol/crc32c';

/*
 * All numbers are little-endian; sequence numbers and the segment's number are doubles, which hold integers up to 2^53.
 *
 * Segment: the header twice (so that one broken byte costs nothing), then records without gaps.
 * Header (128 bytes): "TKDQ", u16 version, u16 flags (1: rewritten), number, first sequence number, u8 length of the cluster
 *   id, the id, zeros, and the CRC-32C of all before it.
 * Record: header (28 bytes: u32 marker, u32 length of the content, sequence number, u32 zero, u32 CRC-32C of the content,
 *   u32 CRC-32C of the header before it), content.
 * Marks: entries of 20 bytes: first sequence number, last sequence number, CRC-32C.
 *
 * The checksums of records and marks begin with the segment's number, which never repeats: neither zeros nor what an
 * older file left on the disk pass for a record.
 */

export const formatVersion = 1;
export const segmentHeaderBytes = 256;
export const recordHeaderBytes = 28;
export const markBytes = 20;

const copyBytes = segmentHeaderBytes / 2;
const magic = Buffer.from('TKDQ');
const marker = Buffer.from([0xd1, 0x9c, 0x4b, 0xf7]);
const markerValue = marker.readUInt32LE(0);
const checksumAt = copyBytes - 4;
const idAt = 25;
const maxIdBytes = checksumAt - idAt;
const rewrittenFlag = 1;

export interface SegmentHeader {
  version: number;
  number: number;
  /** The lowest sequence number that it may hold. */
  firstSeq: number;
  /** '' if the cluster was not known. */
  clusterId: string;
  /** Settled records were left out: gaps in the sequence numbers are no damage. */
  rewritten: boolean;
}

export interface RecordHeader {
  /** Bytes of the content. */
  length: number;
  seq: number;
  checksum: number;
}

/** A cluster id as a header can hold it. */
export const fittingId = (id: string): string => Buffer.from(id).subarray(0, maxIdBytes).toString();

export function encodeSegmentHeader({
  number,
  firstSeq,
  clusterId,
  rewritten,
}: Omit<SegmentHeader, 'version'>): Buffer {
  const copy = Buffer.alloc(copyBytes);
  magic.copy(copy);
  copy.writeUInt16LE(formatVersion, 4);
  copy.writeUInt16LE(rewritten ? rewrittenFlag : 0, 6);
  copy.writeDoubleLE(number, 8);
  copy.writeDoubleLE(firstSeq, 16);
  const id = Buffer.from(clusterId);
  copy.writeUInt8(id.length, 24);
  id.copy(copy, idAt);
  copy.writeUInt32LE(crc32c(copy.subarray(0, checksumAt)), checksumAt);
  return Buffer.concat([copy, copy]);
}

/**
 * Reads a segment's header from whichever copy is intact.
 * @param bytes the file's first 256 bytes, or fewer
 * @returns undefined if both copies are broken; a header of a later version has only its `version`
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | { version: number } | undefined {
  const copies = [bytes.subarray(0, copyBytes), bytes.subarray(copyBytes, segmentHeaderBytes)];
  for (const copy of copies) {
    if (copy.length < copyBytes || !isIntact(copy)) continue;
    const idLength = copy.readUInt8(24);
    return {
      version: copy.readUInt16LE(4),
      number: copy.readDoubleLE(8),
      firstSeq: copy.readDoubleLE(16),
      clusterId: copy.toString('utf8', idAt, idAt + idLength),
      rewritten: copy.readUInt16LE(6) === rewrittenFlag,
    };
  }
  // A later version may have another header, or one copy of it: its version is where this one's is.
  const versions = copies.filter(hasMagic).map((copy) => (copy.length < 6 ? 0 : copy.readUInt16LE(4)));
  const [version = 0, other = version] = versions;
  return version > formatVersion && version === other ? { version } : undefined;
}

const isIntact = (copy: Buffer): boolean =>
  hasMagic(copy) &&
  copy.readUInt16LE(4) === formatVersion &&
  copy.readUInt32LE(checksumAt) === crc32c(copy.subarray(0, checksumAt));

const hasMagic = (copy: Buffer | undefined): boolean =>
  copy?.subarray(0, magic.length).equals(magic) === true;

/** What the checksums in a segment begin with. */
export function seedOf(number: number): number {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(number, 0);
  return crc32c(bytes);
}

/** The header of a record. */
export function encodeRecordHeader(seq: number, content: Buffer, seed: number): Buffer {
  const header = Buffer.allocUnsafe(recordHeaderBytes);
  header.writeUInt32LE(markerValue, 0);
  header.writeUInt32LE(content.length, 4);
  header.writeDoubleLE(seq, 8);
  header.writeUInt32LE(0, 16);
  header.writeUInt32LE(crc32c(content, seed), 20);
  header.writeUInt32LE(crc32c(header.subarray(0, 24), seed), 24);
  return header;
}

/** Reads a record's header at a position of `bytes`. @returns undefined if there is none, or a broken one */
export function decodeRecordHeader(bytes: Buffer, at: number, seed: number): RecordHeader | undefined {
  if (at + recordHeaderBytes > bytes.length || bytes.readUInt32LE(at) !== markerValue) return undefined;
  if (bytes.readUInt32LE(at + 24) !== crc32c(bytes.subarray(at, at + 24), seed)) return undefined;
  return {
    length: bytes.readUInt32LE(at + 4),
    seq: bytes.readDoubleLE(at + 8),
    checksum: bytes.readUInt32LE(at + 20),
  };
}

export const isIntactContent = (content: Buffer, { checksum }: RecordHeader, seed: number): boolean =>
  crc32c(content, seed) === checksum;

/** The next position at or after `from` where a record's header may begin; -1 if there is none. */
export const findMarker = (bytes: Buffer, from: number): number => bytes.indexOf(marker, from);

export function encodeMark(first: number, last: number, seed: number): Buffer {
  const mark = Buffer.allocUnsafe(markBytes);
  mark.writeDoubleLE(first, 0);
  mark.writeDoubleLE(last, 8);
  mark.writeUInt32LE(crc32c(mark.subarray(0, 16), seed), 16);
  return mark;
}

/** The intact marks of a file. */
export function decodeMarks(bytes: Buffer, seed: number): Array<{ first: number; last: number }> {
  const marks = [];
  for (let at = 0; at + markBytes <= bytes.length; at += markBytes) {
    const mark = bytes.subarray(at, at + markBytes);
    if (mark.readUInt32LE(16) !== crc32c(mark.subarray(0, 16), seed)) continue;
    marks.push({ first: mark.readDoubleLE(0), last: mark.readDoubleLE(8) });
  }
  return marks;
}

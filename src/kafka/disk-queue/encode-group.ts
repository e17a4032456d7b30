import type { TailEntry } from './log-types';
import { encodeRecordHeader, encodeSegmentHeader } from './segment/format';
import type { Segment } from './segment/segment';

/** The bytes of records at the end of a segment; with the segment's header, if they are its first ones. */
export function encodeGroup(
  place: { toDisk(seq: number): number },
  { number, firstSeq, clusterId, seed, count }: Segment,
  entries: TailEntry[],
): Buffer {
  const parts: Buffer[] = [];
  if (count === 0) {
    parts.push(
      encodeSegmentHeader({ number, firstSeq: place.toDisk(firstSeq), clusterId, rewritten: false }),
    );
  }
  for (const { seq, content } of entries)
    parts.push(encodeRecordHeader(place.toDisk(seq), content, seed), content);
  return Buffer.concat(parts);
}

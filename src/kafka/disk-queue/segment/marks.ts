import { join } from 'node:path';
import { type FileHandle, type FileSystem, ifMissing } from '../file-system';
import { encodeMark, markBytes } from './format';
import type { Segment } from './segment';

/** Where the segments are, and how their sequence numbers are written. */
interface Place {
  readonly folder: string;
  readonly files: Pick<FileSystem, 'openToWrite' | 'remove'>;
  readonly segments: readonly Segment[];
  toDisk(seq: number): number;
  create(name: string): Promise<FileHandle>;
}

/** Marks what was settled since the last time. It is not synced: a power loss costs duplicates, never records. */
export async function writeMarks(place: Place): Promise<void> {
  for (const segment of place.segments) {
    const ranges = segment.unmarked;
    if (ranges.length === 0 || segment.bytes === 0) continue;
    segment.unmarked = [];
    const data = Buffer.concat(
      ranges.map(([first, last]) => encodeMark(place.toDisk(first), place.toDisk(last), segment.seed)),
    );
    try {
      await append(place, segment, data);
    } catch {
      segment.unmarked.unshift(...ranges);
    }
  }
}

/** Deletes a segment's file of marks. */
export async function removeMarks({ files, folder }: Place, segment: Segment): Promise<void> {
  if (!segment.hasMarks) return;
  await files.remove(join(folder, segment.marksName)).catch(ifMissing(undefined));
  segment.marksBytes = 0;
  segment.hasMarks = false;
}

async function append(place: Place, segment: Segment, data: Buffer): Promise<void> {
  const file = await openMarks(place, segment);
  // After a torn mark the next one would not begin where it must.
  const position = segment.marksBytes - (segment.marksBytes % markBytes);
  try {
    const written = await file.write(data, position);
    segment.marksBytes = Math.max(segment.marksBytes, position + written - (written % markBytes));
    if (written < data.length) throw new Error('short write');
  } finally {
    await file.close();
  }
}

/** A torn file of marks may be there though none of its bytes count; or it was deleted. */
async function openMarks(place: Place, segment: Segment): Promise<FileHandle> {
  const path = join(place.folder, segment.marksName);
  const file = await place.files.openToWrite(path).catch(ifMissing(undefined));
  segment.hasMarks = true;
  if (file) return file;
  segment.marksBytes = 0;
  return place.create(segment.marksName);
}

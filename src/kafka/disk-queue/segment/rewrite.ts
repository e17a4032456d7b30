import { join } from 'node:path';
import type { FileSystem } from '../file-system';
import { encodeRecordHeader, encodeSegmentHeader, segmentHeaderBytes } from './format';
import type { Segment } from './segment';
import { scan } from './segment-scan';

/** Where the segment is, and how its sequence numbers are written. */
interface Place {
  readonly folder: string;
  readonly files: FileSystem;
  toDisk(seq: number): number;
  fromDisk(seq: number): number;
}

const chunkBytes = 500_000;

/**
 * Writes a segment again without its settled records, under the same number and in the same place. Until the new file has
 * the old one's name, the old one counts.
 * @param room bytes that the new file may have
 * @returns the new file's bytes and records; undefined if the old one stays
 */
export async function rewrite(
  store: Place,
  segment: Segment,
  room: number,
): Promise<{ bytes: number; records: number; isNameSynced: boolean } | undefined> {
  const { files, folder } = store;
  const path = join(folder, segment.name);
  const newPath = path.replace('.segment', '.rewriting');
  // An earlier copy, whose removal was denied, must not be in the way.
  await files.remove(newPath).catch(() => {});
  try {
    const size = await copyPending(store, segment, path, newPath, room);
    await files.rename(newPath, path);
    // From here on the new file is the one that is read, whatever a power loss would leave.
    const isNameSynced = await files.syncFolder(folder).then(
      () => true,
      () => false,
    );
    return { ...size, isNameSynced };
  } catch {
    await files.remove(newPath).catch(() => {});
    return undefined;
  }
}

async function copyPending(
  store: Place,
  segment: Segment,
  path: string,
  newPath: string,
  room: number,
): Promise<{ bytes: number; records: number }> {
  const { files } = store;
  const source = await files.openToRead(path);
  try {
    const target = await files.create(newPath);
    try {
      const { number, clusterId, seed } = segment;
      const firstSeq = store.toDisk(segment.firstSeq);
      let bytes = 0;
      let records = 0;
      let parts: Buffer[] = [];
      let partBytes = 0;
      const flush = async (): Promise<void> => {
        const data = Buffer.concat(parts);
        if (bytes + data.length > room) throw new Error('too large');
        if ((await target.write(data, bytes)) < data.length) throw new Error('short write');
        bytes += data.length;
        parts = [];
        partBytes = 0;
      };
      const write = async (data: Buffer): Promise<void> => {
        parts.push(data);
        partBytes += data.length;
        if (partBytes >= chunkBytes) await flush();
      };
      await write(encodeSegmentHeader({ number, clusterId, firstSeq, rewritten: true }));
      for await (const found of scan(source, segment.bytes, seed, segmentHeaderBytes)) {
        // A copy would lose the damaged bytes, which a person may want to look at: such a segment stays as it is.
        if (found.type !== 'record') {
          segment.damaged = true;
          throw new Error('damaged');
        }
        if (segment.isSettled(store.fromDisk(found.seq))) continue;
        await write(Buffer.concat([encodeRecordHeader(found.seq, found.content, seed), found.content]));
        records++;
      }
      await flush();
      await target.sync();
      return { bytes, records };
    } finally {
      await target.close();
    }
  } finally {
    await source.close().catch(() => {});
  }
}

import type { DamageReport } from './damage-report';
import type { GroupWriter } from './group-writer';
import type { SegmentStore } from './segment-store';

/** Numbers of records and bytes. */
export interface LogStats {
  /** Records that are not settled. */
  records: number;
  /** Bytes of all files. */
  fileBytes: number;
  /** Contents of the records that are not synced. */
  tailBytes: number;
  /** Records that were lost by damage. */
  damagedRecords: number;
  damagedBytes: number;
  /** Free bytes of the file system, when it was last asked. */
  freeBytes: number | undefined;
  /** Records for other clusters. */
  foreignRecords: number;
  limit: number;
}

export function statsOf(
  { segments, clusterId, fileBytes, freeBytes, limit }: SegmentStore,
  writer: GroupWriter,
  damage: DamageReport,
): LogStats {
  let records = writer.pendingUpTo(Number.POSITIVE_INFINITY);
  let foreignRecords = 0;
  for (const segment of segments) {
    records += segment.pending;
    if (segment.isForeign(clusterId)) foreignRecords += segment.pending;
  }
  return {
    records,
    fileBytes,
    tailBytes: writer.tailBytes,
    damagedRecords: damage.records,
    damagedBytes: damage.bytes,
    freeBytes,
    foreignRecords,
    limit,
  };
}

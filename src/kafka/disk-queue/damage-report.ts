import { join } from 'node:path';
import { Problem } from '../../util/problem';
import type { StoredFrame } from './log-types';
import { type Damage, type FoundSegment, nameOf, recover } from './recovery';
import type { SegmentStore } from './segment-store';

/** Counts what could not be read, and gives a line for the log about each file. */
export class DamageReport {
  records = 0;
  bytes = 0;

  constructor(
    private readonly folder: string,
    private readonly onProblem: (problem: Problem) => void,
  ) {}

  /** @param name of the segment's file */
  add(name: string, { records, bytes, cutOff }: Damage): void {
    const file = join(this.folder, name);
    this.records += records;
    this.bytes += bytes + cutOff;
    if (bytes > 0) this.onProblem(new Problem('disk-damaged', { file, bytes, records }));
    if (cutOff > 0) this.onProblem(new Problem('disk-cut-off', { file, bytes: cutOff }));
  }

  /** A segment cannot be read at all. */
  unreadable(name: string, error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    this.onProblem(new Problem('disk-unreadable', { file: join(this.folder, name), cause }));
  }
}

/**
 * Reads one segment of an earlier process, and reports its damage.
 * @param later the segments after it
 * @param onRestored called for each pending record, in order
 */
export async function recoverOne(
  store: SegmentStore,
  found: FoundSegment,
  later: FoundSegment[],
  report: DamageReport,
  onRestored: (frame: StoredFrame) => void,
): Promise<void> {
  const endSeq = later.find(({ firstSeq }) => firstSeq !== undefined)?.firstSeq ?? Number.POSITIVE_INFINITY;
  try {
    const { name, damage } = await recover(store, found, endSeq, (seq, content, clusterId) =>
      onRestored({ seq, content, clusterId }),
    );
    report.add(name, damage);
  } catch (error) {
    // The file stays, and counts: a later start may be able to read it.
    report.unreadable(nameOf(found.number), error);
  }
}

import type { Problem } from '../../util/problem';
import type { FileSystem } from './file-system';
import type { Lock } from './folder-owner';

/*
 * A log of records on disk, from which records are removed in any order.
 *
 * Constraints
 * - A record whose `onSynced` was called, and that is not settled, survives the end of the process and a power loss.
 * - All files together stay within a limit; memory is one bit a record, and what is not synced.
 * - Damage costs the records that are damaged, and nothing else.
 * - The input never waits for the disk. A disk that fails or hangs is reported, and tried again.
 *
 * Format
 * - The folder holds numbered segments. The listing of the folder is the truth: no other file must agree with it.
 *   Numbers increase and never repeat; gaps are normal. See format.ts for the bytes.
 * - `<number>.segment` has records in the order of their sequence numbers; `<number>.settled` says which of them are
 *   settled, and may lack some: that costs duplicates, never records. `<number>.damaged` is kept for people.
 *   `<number>.rewriting` is an unfinished copy. `lock` names the process that uses the folder.
 *
 * Operation
 * - Records are appended to the newest segment in groups, with one sync a group (GroupWriter). A segment that is full, or
 *   whose write failed, is not written to again.
 * - Settled records are marked within a second. A segment without pending records is deleted; one of which less than half
 *   is pending is written again, smaller, in its place (SegmentStore). An empty log leaves nothing behind.
 *
 * Recovery
 * - Headers first: they give a sequence number above all that exist, so that records can be appended while the segments
 *   are scanned. Nothing is appended to a segment of an earlier process.
 * - A segment is read from its beginning. A record with broken content is skipped by its length; after a broken header the
 *   next valid one is searched; an end that is no record is cut off.
 */

/** A record as it is read back. */
export interface StoredFrame {
  /** Unique in this log; later records have higher numbers. Another process may give it another number. */
  readonly seq: number;
  readonly content: Buffer;
  /** '' if it was not known. */
  readonly clusterId: string;
}

export interface DiskLogOptions {
  /** Absolute. It is made when it is first needed, and removed when it is empty. */
  folder: string;
  /** Bytes of all files in the folder. */
  limit: number;
  /** Least milliseconds between the starts of two syncs. */
  syncIntervalMs: number;
  /** Gets each line for the log. */
  onProblem(problem: Problem): void;
  /** Something that `stats`, `failing` or `unusable` show has changed. */
  onChange(): void;
  files?: FileSystem;
  /** Rejects with the signal's reason if that is aborted while it waits. */
  lock?: (folder: string, signal: AbortSignal) => Promise<Lock>;
}

/** A record that is not synced yet. */
export interface TailEntry {
  readonly seq: number;
  readonly content: Buffer;
  onSynced(): void;
  settled: boolean;
  /** It is in the group that is written now. */
  writing: boolean;
}

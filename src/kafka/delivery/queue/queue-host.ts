import type { RecordCounters } from '../counters';
import type { OpenTopic } from '../open-topics';
import type { PendingRecord } from '../pending-record';
import type { StoredRecord } from '../record/stored-record';
import type { AcceptedRecord } from './accepted-record';

/** Which partition a record takes: this one, or one of these; any without either. */
export type PartitionChoice = Pick<PendingRecord, 'assigned' | 'mayTake'>;

/** What a queue on disk needs of the outbox that it belongs to. */
export interface QueueHost {
  /** All records in memory, in order of acceptance; those that came from disk in the order of their return. */
  readonly records: ReadonlySet<AcceptedRecord>;
  readonly total: RecordCounters;
  /** No record may be handed over. */
  readonly paused: boolean;
  readonly clusterId: string | undefined;
  /** Gives a record to its topic's writer. */
  write(accepted: AcceptedRecord, choice: PartitionChoice): void;
  /** Takes a record away from whatever would send it. */
  withdraw(accepted: AcceptedRecord): void;
  /** The withdrawn records are forgotten. */
  prune(): void;
  /** The record is only on disk from now on. */
  leftMemory(accepted: AcceptedRecord): void;
  /** Takes a record that comes from disk into memory. */
  enterMemory(stored: StoredRecord, seq: number, open: OpenTopic): AcceptedRecord;
  /** A topic that is open, or can be; undefined otherwise. */
  openTopic(name: string): OpenTopic | undefined;
  /** Whether this many more bytes fit in memory, after others were moved to disk if need be. */
  makeRoom(bytes: number): boolean;
  /** Nothing can be written to disk: the delivery timeout of what is only in memory begins, if it has none yet. */
  limitDelivery(): void;
  /** Something that the status shows has changed. */
  changed(): void;
}

/** When records are written to disk; see the README for what each mode loses. */
export type QueueMode = 'disk' | 'write-ahead' | 'memory';

export interface DiskQueueOptions {
  mode: QueueMode;
  /** Bytes. */
  memoryLimit: number;
  /** Milliseconds that a record waits in memory before it is copied. */
  copyAfterMs?: number;
  /** Something is on disk already. */
  hasSegments: boolean;
}

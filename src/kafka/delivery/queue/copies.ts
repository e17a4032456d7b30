import type { DiskLog } from '../../disk-queue/disk-log';
import { decidedPartition } from '../partitioner';
import { encodeRecord } from '../record/stored-record';
import type { AcceptedRecord } from './accepted-record';

/** Learns what was written. */
export interface CopyListener {
  appended(accepted: AcceptedRecord, seq: number): void;
  synced(accepted: AcceptedRecord): void;
}

/** Writes the records in memory to disk: those that have waited for some time, or that must be there. */
export class Copies {
  /** The last record that had to be written did not fit. */
  isFull = false;
  /** The records that are only in memory, in order of acceptance. */
  private readonly uncopied = new Set<AcceptedRecord>();

  /** @param copyAfterMs milliseconds that a record waits in memory before it is copied */
  constructor(
    private readonly log: Pick<DiskLog, 'append' | 'unusable'>,
    private readonly copyAfterMs: number,
    private readonly listener: CopyListener,
  ) {}

  /** A record is only in memory. */
  add(accepted: AcceptedRecord): void {
    this.uncopied.add(accepted);
  }

  /** A record is answered. */
  forget(accepted: AcceptedRecord): void {
    this.uncopied.delete(accepted);
  }

  /** Copies the records that have waited long enough, until the disk is full. */
  copyOldest(): void {
    const before = performance.now() - this.copyAfterMs;
    for (const accepted of this.uncopied) {
      if (accepted.acceptedAt > before || !this.copy(accepted)) return;
    }
  }

  /**
   * Copies the records of a topic that may be sent to some partitions. Call it before newer records of these go to disk
   * only: those would be read back first.
   * @param partitions undefined among them: all records
   * @returns false where the disk is full
   */
  copyTopic(topic: string, partitions: ReadonlySet<number | undefined>): boolean {
    const others: AcceptedRecord[] = [];
    for (const accepted of this.uncopied) {
      if (accepted.topic !== topic) continue;
      const partition = accepted.pending?.partition ?? partitionOnDisk(accepted);
      if (partition !== undefined && !partitions.has(undefined) && !partitions.has(partition)) {
        others.push(accepted);
        continue;
      }
      // One that may be sent to any partition is read back after the older ones of all.
      const older = partition === undefined ? others.splice(0) : [];
      for (const one of [...older, accepted]) if (!this.copy(one)) return false;
    }
    return true;
  }

  /** Copies all records, until the disk is full. */
  copyAll(): void {
    for (const accepted of this.uncopied) if (!this.copy(accepted)) return;
  }

  /** @returns whether it is written; false where the disk is full */
  copy(accepted: AcceptedRecord): boolean {
    try {
      this.append(accepted);
      return true;
    } catch {
      return false;
    }
  }

  /** @throws Problem "disk-full" */
  append(accepted: AcceptedRecord): void {
    const { topic, record, origin, pending, acceptedTime: acceptedAt, open } = accepted;
    const isKeyless = record.partition === undefined && !record.key;
    // In another partition it could come after records that were accepted later.
    const mustStay = pending?.sent || (isKeyless && pending && open.writer?.isOvertaken(pending));
    const partition = pending?.sent || isKeyless ? pending?.partition : undefined;
    const place = mustStay ? { assigned: partition } : { preferred: partition };
    const content = encodeRecord({ topic, record, ...place, acceptedAt, ...origin });
    const seq = this.appendContent(content, () => this.listener.synced(accepted));
    accepted.partitionThere = partition;
    this.uncopied.delete(accepted);
    this.listener.appended(accepted, seq);
  }

  /** @throws Problem "disk-full" */
  appendContent(content: Buffer, onSynced: () => void): number {
    try {
      const seq = this.log.append(content, onSynced);
      this.isFull = false;
      return seq;
    } catch (error) {
      this.isFull = !this.log.unusable;
      throw error;
    }
  }
}

/** The partition in which a record stays when it is only on disk; undefined: decided when it is read back. */
export function partitionOnDisk({ record, pending, open }: AcceptedRecord): number | undefined {
  const count = open.writer?.partitions;
  if (count === undefined) return undefined;
  const decided = decidedPartition(record, count);
  if (decided !== undefined || !pending) return decided;
  return open.writer?.isOvertaken(pending) ? pending.partition : undefined;
}

import type { RecordOwner } from './pending-record';

/** Accepted records and what became of them; in + restored = acked + failed + waiting + damaged + discarded. */
export interface Counters {
  in: number;
  acked: number;
  failed: number;
  /** Accepted or restored, and not answered yet: in memory and on disk. */
  waiting: number;
  /** Serialised bytes (key, value, headers) of those in memory. */
  waitingBytes: number;
  /** Records that were on disk at the start. */
  restored: number;
  /** Records on disk that could not be read back. */
  damaged: number;
  /** Records that were discarded, or moved to another queue, by a command. */
  discarded: number;
  /** Records that were sent again. */
  retries: number;
}

/** The last failure, and when (epoch milliseconds). */
export interface Cause {
  thrown: unknown;
  at: number;
}

/** Counts the records of one topic, and with them those of the total that it is part of. */
export class RecordCounters implements RecordOwner {
  readonly counts: Counters = {
    in: 0,
    acked: 0,
    failed: 0,
    waiting: 0,
    waitingBytes: 0,
    restored: 0,
    damaged: 0,
    discarded: 0,
    retries: 0,
  };
  lastCause?: Cause;

  /** @param total counts the same */
  constructor(private readonly total?: RecordCounters) {}

  /** A record was accepted and is pending. */
  accepted(bytes: number): void {
    this.counts.in++;
    this.counts.waiting++;
    this.counts.waitingBytes += bytes;
    this.total?.accepted(bytes);
  }

  /** A record was not accepted. */
  rejected(thrown: unknown): void {
    this.counts.in++;
    this.counts.failed++;
    this.lastCause = { thrown, at: Date.now() };
    this.total?.rejected(thrown);
  }

  /** A pending record was acknowledged. */
  acknowledged(bytes: number): void {
    this.counts.acked++;
    this.counts.waiting--;
    this.counts.waitingBytes -= bytes;
    this.total?.acknowledged(bytes);
  }

  /** A pending record was rejected by Kafka, or expired. */
  failed(bytes: number, thrown: unknown): void {
    this.counts.failed++;
    this.counts.waiting--;
    this.counts.waitingBytes -= bytes;
    this.lastCause = { thrown, at: Date.now() };
    this.total?.failed(bytes, thrown);
  }

  /** Records were found on disk. Only for the total. */
  restored(records: number): void {
    this.counts.restored += records;
    this.counts.waiting += records;
  }

  /** Records on disk cannot be read back. Only for the total. */
  damaged(records: number): void {
    this.counts.damaged += records;
    this.counts.waiting -= records;
  }

  /** Pending records on disk were discarded. Only for the total. */
  discarded(records: number): void {
    this.counts.discarded += records;
    this.counts.waiting -= records;
  }

  /** A record came from the disk into memory. A topic counts those in memory, the total all. */
  enteredMemory(bytes: number): void {
    this.counts.waitingBytes += bytes;
    if (!this.total) return;
    this.counts.waiting++;
    this.total.enteredMemory(bytes);
  }

  /** A pending record is only on disk from now on. */
  leftMemory(bytes: number): void {
    this.counts.waitingBytes -= bytes;
    if (!this.total) return;
    this.counts.waiting--;
    this.total.leftMemory(bytes);
  }

  /** A record is sent again. */
  retried(): void {
    this.counts.retries++;
    this.total?.retried();
  }

  /** A failure delays records; none has failed for it yet. */
  delayed(thrown: unknown): void {
    this.lastCause = { thrown, at: Date.now() };
    this.total?.delayed(thrown);
  }
}

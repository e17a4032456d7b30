import type { RecordOwner } from './pending-record';

/** Accepted records and what became of them; in = acked + failed + waiting. */
export interface Counters {
  in: number;
  acked: number;
  failed: number;
  /** Accepted and not answered yet. */
  waiting: number;
  /** Serialised bytes (key, value, headers) of those. */
  waitingBytes: number;
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
  readonly counts: Counters = { in: 0, acked: 0, failed: 0, waiting: 0, waitingBytes: 0, retries: 0 };
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

import type { RecordOwner } from './pending-record';

/** What came in and what became of it, in records; in = acked + failed + waiting. */
export interface Counters {
  in: number;
  acked: number;
  failed: number;
  waiting: number;
  /** Serialised bytes (key, value, headers) of all that waits. */
  waitingBytes: number;
  /** Records that were sent again. */
  retries: number;
}

/** What last went wrong, and when (epoch milliseconds). */
export interface Cause {
  thrown: unknown;
  at: number;
}

/** Counts what becomes of records: those of one topic, and with them those of the whole it is part of. */
export class RecordCounters implements RecordOwner {
  readonly counters: Counters = { in: 0, acked: 0, failed: 0, waiting: 0, waitingBytes: 0, retries: 0 };
  lastCause?: Cause;

  /** @param whole counts along */
  constructor(private readonly whole?: RecordCounters) {}

  /** A record was taken and waits. */
  took(bytes: number): void {
    this.counters.in++;
    this.counters.waiting++;
    this.counters.waitingBytes += bytes;
    this.whole?.took(bytes);
  }

  /** A record was not taken. */
  refused(thrown: unknown): void {
    this.counters.in++;
    this.counters.failed++;
    this.lastCause = { thrown, at: Date.now() };
    this.whole?.refused(thrown);
  }

  /** A record that waited was acknowledged. */
  acknowledged(bytes: number): void {
    this.counters.acked++;
    this.counters.waiting--;
    this.counters.waitingBytes -= bytes;
    this.whole?.acknowledged(bytes);
  }

  /** A record that waited was given up. */
  failed(bytes: number, thrown: unknown): void {
    this.counters.failed++;
    this.counters.waiting--;
    this.counters.waitingBytes -= bytes;
    this.lastCause = { thrown, at: Date.now() };
    this.whole?.failed(bytes, thrown);
  }

  /** A record is sent once more. */
  retried(): void {
    this.counters.retries++;
    this.whole?.retried();
  }

  /** Something stands in the way of records, though none has failed for it yet. */
  hindered(thrown: unknown): void {
    this.lastCause = { thrown, at: Date.now() };
    this.whole?.hindered(thrown);
  }
}

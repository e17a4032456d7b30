import type { AcceptedRecord } from './accepted-record';

interface Flush {
  /** The last record that was accepted before it. */
  order: number;
  /** How many of them are in memory. */
  inMemory: number;
  /** The last one of them that is only on disk. */
  lastSeq: number;
  resolve(): void;
}

/** Tells when all records that were accepted before a moment are answered, wherever they are. */
export class Flushes {
  private readonly waiting = new Set<Flush>();

  /** @param pendingUpTo how many records on disk up to this one are not answered */
  constructor(private readonly pendingUpTo: (seq: number) => number) {}

  /**
   * @param order of the last record accepted
   * @param inMemory how many records are in memory
   * @param lastSeq of the last record on disk
   */
  add(order: number, inMemory: number, lastSeq: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add({ order, inMemory, lastSeq, resolve });
      this.check();
    });
  }

  /** A record is answered. */
  answered({ order }: AcceptedRecord): void {
    for (const flush of this.waiting) if (order <= flush.order) flush.inMemory--;
    this.check();
  }

  /** A record is only on disk from now on. */
  leftMemory({ order, seq = 0 }: AcceptedRecord): void {
    for (const flush of this.waiting) {
      if (order > flush.order) continue;
      flush.inMemory--;
      flush.lastSeq = Math.max(flush.lastSeq, seq);
    }
  }

  /** Resolves those whose records are all answered. Call it when records on disk were settled. */
  check(): void {
    for (const flush of this.waiting) {
      if (flush.inMemory > 0 || this.pendingUpTo(flush.lastSeq) > 0) continue;
      this.waiting.delete(flush);
      flush.resolve();
    }
  }
}

import { seedOf, segmentHeaderBytes } from './format';

/** A segment file, and which of its records are settled: one bit a record. */
export class Segment {
  readonly seed: number;
  /** Bytes of the file that are synced. */
  bytes = segmentHeaderBytes;
  /** Bytes behind them in the file that belong to no record: a write has failed, and they could not be cut off. */
  uncutBytes = 0;
  /** Bytes of its file of marks. */
  marksBytes = 0;
  hasMarks = false;
  /** The sequence number after its last one. */
  endSeq: number;
  /** Records that are not settled. */
  pending = 0;
  /** Broken bytes were found in it. */
  damaged = false;
  /** Records in its file; undefined: as many as sequence numbers, because it was not rewritten. */
  live?: number;
  /** How many reads are under way: its file must not be replaced or deleted meanwhile. */
  readers = 0;
  /** Its file could not be read to the end: records may be in it that are not known. */
  partial = false;
  /** Ends when its file is replaced, or stays. It must not be read meanwhile. */
  rewriting?: Promise<void>;
  /** The time before which it is not rewritten. */
  rewriteAfter = 0;
  /** How often in a row its file could not be read. */
  readFailures = 0;
  /** Where the record of a sequence number, or the next one after it, begins. */
  bookmark?: { seq: number; position: number };
  /** Its file was deleted by another program: nothing more may be written to it. */
  gone = false;
  /** When it was last written to, in milliseconds of `performance.now()`. */
  writtenAt = Number.NEGATIVE_INFINITY;
  /** Records are still added. */
  open = false;
  /** Settled since the marks were last written: ranges of sequence numbers, first and last. */
  unmarked: Array<[first: number, last: number]> = [];
  private bits = new Uint8Array(64);
  private onUnread: Array<() => void> = [];

  /** @param firstSeq the lowest sequence number that it may hold */
  constructor(
    readonly number: number,
    readonly clusterId: string,
    readonly firstSeq: number,
  ) {
    this.seed = seedOf(number);
    this.endSeq = firstSeq;
  }

  /** A read has ended. */
  endRead(): void {
    this.readers--;
    if (this.readers === 0) for (const resolve of this.onUnread.splice(0)) resolve();
  }

  /** Resolves when no read is under way. */
  async unread(): Promise<void> {
    while (this.readers > 0) await new Promise<void>((resolve) => this.onUnread.push(resolve));
  }

  get name(): string {
    return `${String(this.number).padStart(16, '0')}.segment`;
  }

  get marksName(): string {
    return `${String(this.number).padStart(16, '0')}.settled`;
  }

  /** Records in the range of its sequence numbers, settled ones included. */
  get count(): number {
    return this.endSeq - this.firstSeq;
  }

  /** It has records to mark, or can be deleted. */
  get isUntidy(): boolean {
    return this.unmarked.length > 0 || (this.pending === 0 && !this.partial);
  }

  /** Whether its records are for another cluster; '' stands for one that is not known. */
  isForeign(clusterId: string): boolean {
    return this.clusterId !== '' && clusterId !== '' && this.clusterId !== clusterId;
  }

  has(seq: number): boolean {
    return seq >= this.firstSeq && seq < this.endSeq;
  }

  isSettled(seq: number): boolean {
    const index = seq - this.firstSeq;
    return ((this.bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** Adds a pending record. Sequence numbers between the last one and this one count as settled. */
  add(seq: number): void {
    this.skipTo(seq);
    this.endSeq = seq + 1;
    this.grow();
    this.pending++;
  }

  /** Adds a record that is settled, which needs no mark. */
  addSettled(seq: number): void {
    this.skipTo(seq + 1);
  }

  /** Sequence numbers up to this one, without it, have no record. */
  skipTo(seq: number): void {
    while (this.endSeq < seq) {
      this.endSeq++;
      this.grow();
      this.setBit(this.endSeq - 1);
    }
  }

  /** @returns whether the record was pending */
  settle(seq: number): boolean {
    if (!this.has(seq) || this.isSettled(seq)) return false;
    this.setBit(seq);
    this.pending--;
    const last = this.unmarked.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else this.unmarked.push([seq, seq]);
    return true;
  }

  /** The record is neither pending nor marked: it is not read again by this process. */
  hide(seq: number): void {
    if (!this.has(seq) || this.isSettled(seq)) return;
    this.setBit(seq);
    this.pending--;
  }

  /** The first pending sequence number at or after this one; undefined if there is none. */
  nextPending(from: number): number | undefined {
    for (let seq = Math.max(from, this.firstSeq); seq < this.endSeq; seq++) {
      const index = seq - this.firstSeq;
      if ((index & 7) === 0 && this.bits[index >> 3] === 0xff) seq += 7;
      else if (!this.isSettled(seq)) return seq;
    }
    return undefined;
  }

  /** Pending records up to a sequence number, with it. */
  pendingUpTo(seq: number): number {
    if (seq >= this.endSeq - 1) return this.pending;
    let count = 0;
    for (let one = this.firstSeq; one <= seq; one++) if (!this.isSettled(one)) count++;
    return count;
  }

  private setBit(seq: number): void {
    const index = seq - this.firstSeq;
    this.bits[index >> 3] = (this.bits[index >> 3] ?? 0) | (1 << (index & 7));
  }

  private grow(): void {
    if (this.count <= this.bits.length * 8) return;
    const bits = new Uint8Array(this.bits.length * 2);
    bits.set(this.bits);
    this.bits = bits;
  }
}

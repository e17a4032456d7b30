import { Problem } from '../../util/problem';

const megabyte = 1_000_000;

/** Bounds the bytes that may wait, and tells when they get tight. */
export class MemoryLimit {
  private full = false;

  /**
   * @param limit bytes
   * @param onFull called with true when 80 % of it is taken, with false when half of it is free again
   */
  constructor(
    readonly limit: number,
    private readonly onFull: (full: boolean) => void,
  ) {}

  /**
   * Asks whether a record may be taken.
   * @param bytes the record's
   * @param waitingBytes what waits already
   * @throws Problem "memory-full"
   */
  admit(bytes: number, waitingBytes: number): void {
    // A single record larger than the limit is the broker's to refuse.
    if (waitingBytes === 0 || waitingBytes + bytes <= this.limit) return;
    throw new Problem('memory-full', {
      waiting: (waitingBytes / megabyte).toFixed(1),
      limit: (this.limit / megabyte).toFixed(1),
    });
  }

  /** To be called when what waits has changed. */
  measure(waitingBytes: number): void {
    const share = waitingBytes / this.limit;
    if (this.full ? share > 0.5 : share < 0.8) return;
    this.full = !this.full;
    this.onFull(this.full);
  }
}

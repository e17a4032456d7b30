import { Problem } from '../../util/problem';

const megabyte = 1_000_000;

/** Bounds the bytes of pending records, and signals when the buffer is nearly full. */
export class MemoryLimit {
  private full = false;

  /**
   * @param limit bytes
   * @param onFull called with true at 80 % of the limit, with false again at 50 %
   */
  constructor(
    readonly limit: number,
    private readonly onFull: (full: boolean) => void,
  ) {}

  /**
   * Checks whether a record fits.
   * @param bytes of the record
   * @param pendingBytes of all pending records
   * @throws Problem "memory-full"
   */
  check(bytes: number, pendingBytes: number): void {
    // A single record above the limit is sent: the broker decides whether it is too large.
    if (pendingBytes === 0 || pendingBytes + bytes <= this.limit) return;
    throw new Problem('memory-full', {
      waiting: (pendingBytes / megabyte).toFixed(1),
      limit: (this.limit / megabyte).toFixed(1),
    });
  }

  /**
   * Call it when the bytes of pending records in memory, or what is on disk, have changed.
   * @param isDrained no record waits on disk only
   */
  update(pendingBytes: number, isDrained = true): void {
    const share = pendingBytes / this.limit;
    if (this.full ? share > 0.5 || !isDrained : share < 0.8 && isDrained) return;
    this.full = !this.full;
    this.onFull(this.full);
  }
}

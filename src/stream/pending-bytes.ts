const beginningBytes = 480;
const keptCapacity = 64 * 1024;

/**
 * The beginning of a message whose end has not been read yet, in a buffer that doubles: many small chunks cost no
 * more than a few large ones.
 */
export class PendingBytes {
  size = 0;
  private buffer = Buffer.alloc(0);

  append(bytes: Buffer): void {
    const size = this.size + bytes.length;
    if (size > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, this.buffer.length * 2, 1024));
      this.buffer.copy(larger, 0, 0, this.size);
      this.buffer = larger;
    }
    bytes.copy(this.buffer, this.size);
    this.size = size;
  }

  /** The pending bytes and `rest`: `rest` itself if nothing is pending, else a copy. */
  with(rest: Buffer): Buffer {
    return this.size === 0 ? rest : Buffer.concat([this.buffer.subarray(0, this.size), rest]);
  }

  /** A copy of the first 480 bytes of the pending bytes and `rest`, for an error. */
  beginningWith(rest: Buffer): Buffer {
    const missing = Math.max(0, beginningBytes - this.size);
    const beginning = Buffer.concat([this.buffer.subarray(0, this.size), rest.subarray(0, missing)]);
    return Buffer.from(beginning.subarray(0, beginningBytes));
  }

  clear(): void {
    this.size = 0;
    if (this.buffer.length > keptCapacity) this.buffer = Buffer.alloc(0);
  }
}

/** One line of a stream, without its line end. */
export interface Line {
  bytes: Buffer;
  /** The line was longer than the limit: `bytes` is its beginning, the rest is skipped. */
  cut: boolean;
}

/** Longest line by default; X's longest messages are a few hundred kilobytes. */
export const defaultMaxLineBytes = 16 * 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;
const beginningBytes = 480;
const keptCapacity = 64 * 1024;

/**
 * Splits bytes into lines at `\n`, independent of chunk boundaries. It works on bytes, so a UTF-8 character
 * split between chunks stays whole. One `\r` before the `\n` is removed. Blank lines are keep-alives and are
 * left out. The cost is linear in the bytes: each byte is scanned once.
 */
export class LineDecoder {
  // The incomplete line, in a buffer that doubles: many small chunks cost no more than a few large ones.
  private pending = Buffer.alloc(0);
  private size = 0;
  private skipping = false;

  /** @param maxLineBytes a longer line (`\r` included) is returned once, cut, and skipped to its end */
  constructor(private readonly maxLineBytes = defaultMaxLineBytes) {}

  /** Adds the next bytes. @returns the lines that they complete, which may share the chunk's memory */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(newline, from);
      if (to < 0) break;
      this.complete(chunk.subarray(from, to), lines);
      from = to + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from), lines);
    return lines;
  }

  /** Empties the decoder. @returns the bytes after the last `\n`, if any */
  end(): Line | undefined {
    const lines: Line[] = [];
    this.complete(Buffer.alloc(0), lines);
    return lines[0];
  }

  private complete(rest: Buffer, lines: Line[]): void {
    if (this.skipping) {
      this.skipping = false;
      return;
    }
    if (this.tooLong(rest)) {
      this.cut(rest, lines);
    } else {
      const bytes = withoutReturn(this.size === 0 ? rest : this.joined(rest));
      if (bytes.length > 0) lines.push({ bytes, cut: false });
    }
    this.clear();
  }

  private keep(rest: Buffer, lines: Line[]): void {
    if (this.skipping) return;
    if (this.tooLong(rest)) {
      this.cut(rest, lines);
      this.clear();
      this.skipping = true;
      return;
    }
    const size = this.size + rest.length;
    if (size > this.pending.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, this.pending.length * 2, 1024));
      this.pending.copy(larger, 0, 0, this.size);
      this.pending = larger;
    }
    rest.copy(this.pending, this.size);
    this.size = size;
  }

  private tooLong(rest: Buffer): boolean {
    return this.size + rest.length > this.maxLineBytes;
  }

  private cut(rest: Buffer, lines: Line[]): void {
    const missing = Math.max(0, beginningBytes - this.size);
    const beginning = Buffer.concat([this.pending.subarray(0, this.size), rest.subarray(0, missing)]);
    lines.push({ bytes: Buffer.from(beginning.subarray(0, beginningBytes)), cut: true });
  }

  private joined(rest: Buffer): Buffer {
    return Buffer.concat([this.pending.subarray(0, this.size), rest]);
  }

  private clear(): void {
    this.size = 0;
    if (this.pending.length > keptCapacity) this.pending = Buffer.alloc(0);
  }
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes[bytes.length - 1] === carriageReturn ? bytes.subarray(0, -1) : bytes;
}

import { PendingBytes } from './pending-bytes';

/** One line of a stream, without its line end. */
export interface Line {
  bytes: Buffer;
  /** The line was longer than the limit: `bytes` is its beginning, the rest is skipped. */
  cut: boolean;
  /** Counted from 1, blank lines included. */
  number: number;
}

/** Longest line by default; X's longest messages are a few hundred kilobytes. */
export const defaultMaxLineBytes = 16 * 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Splits bytes into lines at `\n`, independent of chunk boundaries. It works on bytes, so a UTF-8 character
 * split between chunks stays whole. One `\r` before the `\n` is removed. Blank lines are keep-alives and are
 * left out. The cost is linear in the bytes: each byte is scanned once.
 */
export class LineDecoder {
  /** Number of the line that the next byte belongs to. */
  number = 1;
  private readonly pending = new PendingBytes();
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
      this.number++;
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
      const bytes = withoutReturn(this.pending.with(rest));
      if (bytes.length > 0) lines.push({ bytes, cut: false, number: this.number });
    }
    this.pending.clear();
  }

  private keep(rest: Buffer, lines: Line[]): void {
    if (this.skipping) return;
    if (this.tooLong(rest)) {
      this.cut(rest, lines);
      this.pending.clear();
      this.skipping = true;
      return;
    }
    this.pending.append(rest);
  }

  private tooLong(rest: Buffer): boolean {
    return this.pending.size + rest.length > this.maxLineBytes;
  }

  private cut(rest: Buffer, lines: Line[]): void {
    lines.push({ bytes: this.pending.beginningWith(rest), cut: true, number: this.number });
  }
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes[bytes.length - 1] === carriageReturn ? bytes.subarray(0, -1) : bytes;
}

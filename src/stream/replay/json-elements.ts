import { defaultMaxLineBytes, type Line } from '../line-decoder';
import { PendingBytes } from '../pending-bytes';
import type { Rest } from './recorded-message';

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const semicolon = 0x3b;
const equals = 0x3d;
const squareOpen = 0x5b;
const backslash = 0x5c;
const squareClose = 0x5d;
const curlyOpen = 0x7b;
const curlyClose = 0x7d;
// Concatenated files may have one in the middle.
const byteOrderMark = [0xef, 0xbb, 0xbf];

const nothing = Buffer.alloc(0);
const maxNameBytes = 200;
const nameBeforeEquals = /^(?:(?:var|let|const)\s+)?[\w$]+(?:\.[\w$]+)*\s*$/;

/**
 * Splits JSON text into its messages, independent of chunk boundaries and line ends: the values at the top level,
 * and the elements of each array at the top level. Before a value may stand a name and `=`, as in the archives that X
 * gives to users: `window.YTD.tweets.part0 = [`. Commas and semicolons between values do not matter.
 * Each byte is read once, and no more than one value is kept. A value is not parsed: only its brackets and strings
 * are followed, so it may be invalid JSON.
 */
export class JsonElements {
  /** The first text that no value can begin with, or a line end within a string. Nothing after it is read. */
  broken?: Rest;
  /** Number of the line that the next byte belongs to. */
  number = 1;
  /** Number of the last line that is not blank. */
  private lastNumber = 1;
  private startNumber = 1;
  private place: 'between' | 'name' | 'value' | 'scalar' = 'between';
  private inArray = false;
  /** After `name =`: a value must follow. */
  private named = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private skipping = false;
  private readonly pending = new PendingBytes();

  /** @param maxBytes a longer value is returned once, cut, when it ends */
  constructor(private readonly maxBytes = defaultMaxLineBytes) {}

  /**
   * Adds the next bytes.
   * @returns the values that they complete, as exact bytes, which may share the chunk's memory; their number is that
   *   of the line they begin in
   */
  push(chunk: Buffer): Line[] {
    const found: Line[] = [];
    let at = 0;
    while (at < chunk.length && !this.broken) {
      const from = at;
      if (this.place === 'between') {
        at = this.passSeparators(chunk, at);
        continue;
      }
      if (this.place === 'name') {
        at = this.passName(chunk, at);
        continue;
      }
      at = this.place === 'value' ? this.passValue(chunk, at) : this.passScalar(chunk, at);
      this.keep(chunk.subarray(from, at), found);
    }
    return found;
  }

  /** @returns what the text ends in the middle of: a value, a name or an array; its bytes may be empty */
  end(): Rest | undefined {
    if (this.place === 'between' && !this.inArray && !this.named) return undefined;
    const number = this.place === 'between' ? this.lastNumber : this.startNumber;
    return { bytes: this.pending.with(nothing), number };
  }

  private passSeparators(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === newline) this.number++;
      if (isSpace(byte) || byte === comma) continue;
      this.lastNumber = this.number;
      if (this.inArray ? byte === squareClose : byte === squareOpen) {
        this.inArray = !this.inArray;
        this.named = false;
      } else if (this.inArray || byte === curlyOpen) {
        this.start(byte === curlyOpen || byte === squareOpen || byte === quote ? 'value' : 'scalar');
        return at;
      } else if (isNameByte(byte)) {
        this.start('name');
        return at;
      } else if (byte !== semicolon && !byteOrderMark.includes(byte ?? 0)) {
        this.broken = { bytes: chunk.subarray(at, at + maxNameBytes), number: this.number };
        return at;
      }
    }
    return chunk.length;
  }

  private start(place: 'value' | 'scalar' | 'name'): void {
    this.place = place;
    this.named = false;
    this.startNumber = this.number;
  }

  private passName(chunk: Buffer, from: number): number {
    const part = chunk.subarray(from, from + maxNameBytes);
    const end = part.indexOf(equals);
    this.pending.append(end < 0 ? part : part.subarray(0, end));
    if (end < 0 && this.pending.size < maxNameBytes) return chunk.length;
    const name = this.pending.with(nothing);
    if (end < 0 || !nameBeforeEquals.test(name.toString('latin1'))) {
      this.broken = { bytes: name, number: this.startNumber };
    }
    for (const byte of name) if (byte === newline) this.number++;
    this.pending.clear();
    this.place = 'between';
    this.named = true;
    return from + end + 1;
  }

  /** @returns the position after the object, array or string, whose beginning may be in an earlier chunk */
  private passValue(chunk: Buffer, from: number): number {
    let { depth, inString, number } = this;
    let at = from;
    let ended = false;
    if (this.escaped) at++;
    this.escaped = false;
    while (at < chunk.length && !ended) {
      const byte = chunk[at];
      at++;
      if (inString) {
        if (byte === quote) {
          inString = false;
          ended = depth === 0;
        } else if (byte === backslash) {
          this.escaped = at === chunk.length;
          at++;
        } else if (byte === newline) {
          // JSON has no line end in a string: a quotation mark is missing.
          this.broken = { bytes: this.pending.with(chunk.subarray(from, at - 1)), number };
          return at;
        }
      } else if (byte === quote) {
        inString = true;
      } else if (byte === curlyOpen || byte === squareOpen) {
        depth++;
      } else if (byte === curlyClose || byte === squareClose) {
        depth--;
        ended = depth <= 0;
      } else if (byte === newline) {
        number++;
      }
    }
    this.number = number;
    this.inString = inString;
    this.depth = depth;
    if (ended) this.place = 'between';
    return Math.min(at, chunk.length);
  }

  /** @returns the position after a number, true, false or null; its end is whatever follows */
  private passScalar(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte !== comma && byte !== squareClose && !isSpace(byte)) continue;
      this.place = 'between';
      return at;
    }
    return chunk.length;
  }

  private keep(part: Buffer, found: Line[]): void {
    if (this.broken) return;
    const tooLong = this.skipping || this.pending.size + part.length > this.maxBytes;
    if (this.place !== 'between') {
      if (!tooLong) this.pending.append(part);
      else if (!this.skipping) this.discard(part);
      return;
    }
    this.lastNumber = this.number;
    const bytes = tooLong ? this.pending.beginningWith(part) : this.pending.with(part);
    found.push({ bytes, cut: tooLong, number: this.startNumber });
    this.skipping = false;
    this.pending.clear();
  }

  /** Keeps only the beginning of a value over the limit. */
  private discard(part: Buffer): void {
    const beginning = this.pending.beginningWith(part);
    this.pending.clear();
    this.pending.append(beginning);
    this.skipping = true;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === newline || byte === carriageReturn || byte === tab;
}

/** A letter, `_` or `$`. */
function isNameByte(byte = 0): boolean {
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || byte === 0x5f || byte === 0x24;
}

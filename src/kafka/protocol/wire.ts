/**
 * Kafka's primitive types (https://kafka.apache.org/protocol#protocol_types). A flexible version (KIP-482) has lengths as
 * varints plus 1, and tagged fields after each structure: `end`.
 */

/** Encodes a request's body. */
export class WireWriter {
  private readonly parts: Buffer[] = [];

  constructor(private readonly flexible = false) {}

  /** What was written. */
  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  int8(value: number): this {
    return this.fixed(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.fixed(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.fixed(4, (part) => part.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.fixed(8, (part) => part.writeBigInt64BE(value));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(text: string | null): this {
    const bytes = text === null ? undefined : Buffer.from(text);
    if (this.flexible) this.varint(bytes ? bytes.length + 1 : 0);
    else this.int16(bytes?.length ?? -1);
    return bytes ? this.raw(bytes) : this;
  }

  array<Item>(items: readonly Item[] | null, write: (item: Item) => void): this {
    if (this.flexible) this.varint(items ? items.length + 1 : 0);
    else this.int32(items?.length ?? -1);
    for (const item of items ?? []) write(item);
    return this;
  }

  /** Ends a structure. */
  end(): this {
    return this.flexible ? this.varint(0) : this;
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  private varint(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.parts.push(Buffer.of((rest & 0x7f) | 0x80));
    return this.raw(Buffer.of(rest));
  }

  private fixed(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.allocUnsafe(size);
    write(part);
    return this.raw(part);
  }
}

/** Decodes an answer's body. @throws RangeError where the bytes end too early, or a length exceeds them */
export class WireReader {
  private at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly flexible = false,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** A topic's id: 32 hexadecimal digits. */
  uuid(): string {
    return this.take(16).toString('hex');
  }

  nullableString(): string | null {
    const length = this.flexible ? this.varint() - 1 : this.int16();
    return length < 0 ? null : this.take(length).toString('utf8');
  }

  /** null is read as "". */
  string(): string {
    return this.nullableString() ?? '';
  }

  /** null is read as no bytes. The result is part of the answer's bytes. */
  data(): Buffer {
    const length = this.flexible ? this.varint() - 1 : this.int32();
    return this.take(Math.max(length, 0));
  }

  /** null is read as no items. */
  array<Item>(read: () => Item): Item[] {
    const length = Math.max(this.flexible ? this.varint() - 1 : this.int32(), 0);
    // The length may be wrong; an item has at least one byte.
    if (length > this.bytes.length - this.at) throw new RangeError('a list exceeds the answer');
    return Array.from({ length }, read);
  }

  /** Ends a structure. @param tagged reads a tagged field by its number; others are skipped */
  end(tagged?: (tag: number, field: WireReader) => void): void {
    if (!this.flexible) return;
    for (let left = this.varint(); left > 0; left--) {
      const tag = this.varint();
      const field = new WireReader(this.take(this.varint()), true);
      tagged?.(tag, field);
    }
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.advance(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a length exceeds the answer');
  }

  private take(length: number): Buffer {
    const start = this.advance(length);
    return this.bytes.subarray(start, this.at);
  }

  private advance(length: number): number {
    if (length > this.bytes.length - this.at) throw new RangeError('the answer ends too early');
    this.at += length;
    return this.at - length;
  }
}

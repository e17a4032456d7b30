/** Encodes the types of Kafka's protocol. */
export class Writer {
  readonly #parts: Buffer[] = [];

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  int8(value: number): this {
    return this.#fixed(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#fixed(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#fixed(4, (part) => part.writeInt32BE(value));
  }

  float64(value: number): this {
    return this.#fixed(8, (part) => part.writeDoubleBE(value));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(text: string | null): this {
    if (text === null) return this.int16(-1);
    const bytes = Buffer.from(text);
    return this.int16(bytes.length).raw(bytes);
  }

  /** Unsigned varint of flexible versions: 7 bits per byte, lowest first. */
  varint(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#parts.push(Buffer.of((rest & 0x7f) | 0x80));
    return this.raw(Buffer.of(rest));
  }

  compactBytes(bytes: Buffer): this {
    return this.varint(bytes.length + 1).raw(bytes);
  }

  compactString(text: string): this {
    return this.compactBytes(Buffer.from(text));
  }

  /** Ends a structure of a flexible version, without tagged fields. */
  noTags(): this {
    return this.varint(0);
  }

  #fixed(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(size);
    write(part);
    return this.raw(part);
  }
}

/** Decodes the types of Kafka's protocol. @throws RangeError if the bytes end too early */
export class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  int8(): number {
    return this.bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#skip(4));
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.#skip(8));
  }

  /** null is read as ''. */
  string(): string {
    return this.#text(Math.max(this.int16(), 0));
  }

  list<T>(item: () => T): T[] {
    return this.#items(Math.max(this.int32(), 0), item);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.#skip(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** null is read as ''. */
  compactString(): string {
    return this.#text(Math.max(this.varint() - 1, 0));
  }

  compactList<T>(item: () => T): T[] {
    return this.#items(Math.max(this.varint() - 1, 0), item);
  }

  /** Skips the tagged fields of a flexible version. */
  tags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint();
      this.#skip(this.varint());
    }
  }

  #items<T>(count: number, item: () => T): T[] {
    // The count may be garbage; an item has at least one byte.
    if (count > this.bytes.length) throw new RangeError('a list exceeds the remaining bytes');
    return Array.from({ length: count }, item);
  }

  #text(length: number): string {
    const start = this.#skip(length);
    if (this.#at > this.bytes.length) throw new RangeError('a string exceeds the remaining bytes');
    return this.bytes.toString('utf8', start, this.#at);
  }

  #skip(length: number): number {
    this.#at += length;
    return this.#at - length;
  }
}

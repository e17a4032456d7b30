import type { Headers, HeaderValue } from './headers';
import type { OutRecord } from './record';

/** What a value or key was in the message: a text, a Buffer, or anything that became JSON. */
export type Kind = 'string' | 'buffer' | 'json';

/** A record as it is kept on disk. */
export interface StoredRecord {
  topic: string;
  /** `record.partition` is the requested one. */
  record: OutRecord;
  /** The partition that it was given before it was written to disk: it must not take another one. */
  assigned?: number;
  /** The partition that it was given: it may take another one if that does not work. */
  preferred?: number;
  /** The message's `_msgid`. */
  msgid?: string;
  /** Epoch milliseconds. */
  acceptedAt: number;
  valueKind: Kind;
  keyKind: Kind;
}

const kinds: Kind[] = ['json', 'string', 'buffer'];
const absent = 0xffffffff;

/**
 * The bytes of a record on disk, all numbers little-endian: topic, `_msgid` (u32 length and UTF-8), time of acceptance and
 * timestamp (f64), requested, assigned and preferred partition (i32, -1 for none), bytes in a batch (u32), kinds of value and key
 * (u8 each), headers (u32 count or absent; for each its name, the u32 number of its values or absent for a single one, and
 * the values), key and value. A text or value is a u32 length and its bytes; the length of null is 0xffffffff.
 */
export function encodeRecord(stored: StoredRecord): Buffer {
  const { topic, record, assigned, preferred, msgid, acceptedAt, valueKind, keyKind } = stored;
  const parts: Buffer[] = [];
  const number = (size: number, write: (buffer: Buffer) => void): void => {
    const buffer = Buffer.allocUnsafe(size);
    write(buffer);
    parts.push(buffer);
  };
  const u32 = (value: number): void => number(4, (buffer) => buffer.writeUInt32LE(value));
  const bytes = (value: HeaderValue | undefined): void => {
    u32(value ? value.length : absent);
    if (value && value.length > 0) parts.push(value);
  };
  bytes(Buffer.from(topic));
  bytes(msgid === undefined ? null : Buffer.from(msgid));
  number(34, (buffer) => {
    buffer.writeDoubleLE(acceptedAt, 0);
    buffer.writeDoubleLE(record.timestamp, 8);
    buffer.writeInt32LE(record.partition ?? -1, 16);
    buffer.writeInt32LE(assigned ?? -1, 20);
    buffer.writeInt32LE(preferred ?? -1, 24);
    buffer.writeUInt32LE(record.bytes, 28);
    buffer.writeUInt8(kinds.indexOf(valueKind), 32);
    buffer.writeUInt8(kinds.indexOf(keyKind), 33);
  });
  const headers = record.headers && Object.entries(record.headers);
  u32(headers ? headers.length : absent);
  for (const [name, values] of headers ?? []) {
    bytes(Buffer.from(name));
    u32(Array.isArray(values) ? values.length : absent);
    for (const value of Array.isArray(values) ? values : [values]) bytes(value);
  }
  bytes(record.key);
  bytes(record.value);
  return Buffer.concat(parts);
}

/** The topic of a record on disk, without reading the rest; '' for bytes that `encodeRecord` does not make. */
export function topicOf(content: Buffer): string {
  try {
    return new Reader(content).text() ?? '';
  } catch {
    return '';
  }
}

/**
 * Reads a record from disk. Its buffers are parts of `content`.
 * @returns undefined for bytes that `encodeRecord` does not make
 */
export function decodeRecord(content: Buffer): StoredRecord | undefined {
  try {
    const reader = new Reader(content);
    const topic = reader.text();
    const msgid = reader.text();
    const acceptedAt = reader.double();
    const timestamp = reader.double();
    const partition = reader.int32();
    const assigned = reader.int32();
    const preferred = reader.int32();
    const bytes = reader.u32();
    const valueKind = kinds[reader.u8()];
    const keyKind = kinds[reader.u8()];
    const headers = reader.headers();
    const key = reader.bytes();
    const value = reader.bytes();
    if (topic === undefined || !valueKind || !keyKind || !reader.atEnd) return undefined;
    return {
      topic,
      record: { key, value, headers, timestamp, bytes, partition: partition < 0 ? undefined : partition },
      assigned: assigned < 0 ? undefined : assigned,
      preferred: preferred < 0 ? undefined : preferred,
      msgid,
      acceptedAt,
      valueKind,
      keyKind,
    };
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly content: Buffer) {}

  get atEnd(): boolean {
    return this.at === this.content.length;
  }

  u8(): number {
    return this.content.readUInt8(this.move(1));
  }

  u32(): number {
    return this.content.readUInt32LE(this.move(4));
  }

  int32(): number {
    return this.content.readInt32LE(this.move(4));
  }

  double(): number {
    return this.content.readDoubleLE(this.move(8));
  }

  bytes(): HeaderValue {
    const length = this.u32();
    if (length === absent) return null;
    const start = this.move(length);
    return this.content.subarray(start, start + length);
  }

  text(): string | undefined {
    return this.bytes()?.toString();
  }

  headers(): Headers | undefined {
    const count = this.u32();
    if (count === absent) return undefined;
    // Without a prototype, for a header may have the name __proto__.
    const headers: Headers = Object.create(null);
    for (let index = 0; index < count; index++) {
      const name = this.text() ?? '';
      const length = this.u32();
      headers[name] = length === absent ? this.bytes() : Array.from({ length }, () => this.bytes());
    }
    return headers;
  }

  /** @throws RangeError past the end: damage is found here, not by an allocation of gigabytes */
  private move(bytes: number): number {
    const start = this.at;
    if (start + bytes > this.content.length) throw new RangeError();
    this.at += bytes;
    return start;
  }
}

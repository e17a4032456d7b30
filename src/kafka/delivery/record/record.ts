import { Problem } from '../../util/problem';

/** One record, serialised. */
export interface OutRecord {
  key: Buffer | null;
  /** null is a tombstone. */
  value: Buffer | null;
  headers?: Record<string, Buffer | Buffer[]>;
  /** Epoch milliseconds. */
  timestamp: number;
  /** The requested partition; undefined: by key, or any. */
  partition?: number;
  /** Bytes of the record in a batch, at most. */
  bytes: number;
}

/** The fields of a record as a message carries them. */
export interface RecordFields {
  value: unknown;
  key?: unknown;
  timestamp?: unknown;
  headers?: unknown;
  partition?: unknown;
}

// Lengths, deltas and attributes of one record in a batch (Kafka's DefaultRecord: at most 21 bytes).
const recordOverhead = 21;
// Two lengths of at most five bytes each.
const headerOverhead = 10;
// Room for a large post; a UTF-16 code unit takes at most three bytes in UTF-8.
const scratch = Buffer.allocUnsafeSlow(128 * 1024);

/**
 * Serialises the fields of a message. An object or array becomes JSON, a string or Buffer stays as it is, a
 * number or boolean becomes its JSON text, null a tombstone.
 * @param now epoch milliseconds, used where there is no timestamp
 * @throws Problem that names the invalid field
 */
export function toRecord(fields: RecordFields, now: number): OutRecord {
  const value = valueBytes(fields.value);
  const key = keyBytes(fields.key);
  const headers = headerBytes(fields.headers);
  let bytes = recordOverhead + (value?.length ?? 0) + (key?.length ?? 0);
  for (const [name, values] of Object.entries(headers ?? {})) {
    for (const one of Array.isArray(values) ? values : [values]) {
      bytes += headerOverhead + Buffer.byteLength(name) + one.length;
    }
  }
  return {
    key,
    value,
    headers,
    timestamp: timestampOf(fields.timestamp, now),
    partition: partitionNumber(fields.partition),
    bytes,
  };
}

function valueBytes(value: unknown): Buffer | null {
  if (value === null) return null;
  if (value === undefined) throw new Problem('value-none');
  const plain = plainBytes(value);
  if (plain) return plain;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Problem('value-no-json', { cause: new Problem('cause-not-finite', { value: String(value) }) });
  }
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw new Problem('value-no-json', {}, { cause: error });
  }
  if (json === undefined)
    throw new Problem('value-no-json', { cause: new Problem('cause-js-type', { type: typeof value }) });
  return Buffer.from(json);
}

function keyBytes(key: unknown): Buffer | null {
  if (key === undefined || key === null) return null;
  const plain = plainBytes(key);
  if (plain) return plain;
  if (typeof key === 'boolean' || typeof key === 'bigint') return Buffer.from(String(key));
  if (typeof key === 'number') {
    if (!Number.isFinite(key)) throw new Problem('key-invalid', { type: String(key) });
    if (Math.abs(key) > Number.MAX_SAFE_INTEGER) throw new Problem('key-rounded', { key });
    return Buffer.from(String(key));
  }
  throw new Problem('key-invalid', { type: Array.isArray(key) ? 'array' : typeof key });
}

function headerBytes(headers: unknown): OutRecord['headers'] {
  if (headers === undefined || headers === null || headers === '') return undefined;
  if (typeof headers !== 'object' || Array.isArray(headers) || Buffer.isBuffer(headers)) {
    throw new Problem('headers-invalid', { type: Array.isArray(headers) ? 'array' : typeof headers });
  }
  const all: Record<string, Buffer | Buffer[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    all[name] = Array.isArray(value) ? value.map((one) => headerValue(name, one)) : headerValue(name, value);
  }
  return all;
}

function headerValue(name: string, value: unknown): Buffer {
  const plain = plainBytes(value);
  if (plain) return plain;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return Buffer.from(String(value));
  }
  throw new Problem('header-value-invalid', { name, type: value === null ? 'null' : typeof value });
}

function timestampOf(value: unknown, now: number): number {
  if (value === undefined || value === null || value === '') return now;
  let ms = Number.NaN;
  if (value instanceof Date) ms = value.getTime();
  else if (typeof value === 'number') ms = value;
  else if (typeof value === 'string' && /^\d{1,16}$/.test(value)) ms = Number(value);
  else if (typeof value === 'string' && /^\d{4}-\d\d-\d\d([T ]|$)/.test(value)) ms = Date.parse(value);
  if (!Number.isFinite(ms) || ms < 0 || ms > 8.64e15) {
    throw new Problem('timestamp-invalid', { value: String(value).slice(0, 60) });
  }
  return Math.trunc(ms);
}

function partitionNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0x7fffffff) {
    throw new Problem('partition-invalid', { value: String(value).slice(0, 60) });
  }
  return number;
}

function plainBytes(value: unknown): Buffer | undefined {
  if (typeof value === 'string') return textBytes(value);
  if (Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

/** The same bytes as Buffer.from(text) in two thirds of the time: Buffer.from reads a long text twice. */
function textBytes(text: string): Buffer {
  if (text.length * 3 > scratch.length) return Buffer.from(text);
  return Buffer.from(scratch.subarray(0, scratch.write(text)));
}

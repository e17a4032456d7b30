import { Problem } from '../../../util/problem';
import { bytesOf, type Fail, textBytes, unboxed } from './bytes';
import { type Headers, headersOf } from './headers';
import { jsonText } from './json';
import { timestampOf } from './timestamp';
import { shown, typeName } from './type-name';

/** One record, serialised. */
export interface OutRecord {
  key: Buffer | null;
  /** null is a tombstone. */
  value: Buffer | null;
  headers?: Headers;
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

const valueFails: Fail = (cause) => new Problem('value-unwritable', { cause });
const keyFails: Fail = (cause) => new Problem('key-unwritable', { cause });

/**
 * Serialises the fields of a message. An object or array becomes JSON, a string or Buffer stays as it is, a
 * number or boolean becomes its JSON text, null a tombstone. The record keeps no reference to the message: what
 * happens to a Buffer or an object later does not change it.
 * @param now epoch milliseconds, used where there is no timestamp
 * @throws Problem that names the invalid field
 */
export function toRecord(fields: RecordFields, now: number): OutRecord {
  const value = valueBytes(fields.value);
  const key = keyBytes(fields.key);
  const headers = headersOf(fields.headers);
  let bytes = recordOverhead + (value?.length ?? 0) + (key?.length ?? 0);
  for (const [name, values] of Object.entries(headers ?? {})) {
    for (const one of Array.isArray(values) ? values : [values]) {
      bytes += headerOverhead + Buffer.byteLength(name) + (one?.length ?? 0);
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

/** @throws Problem "value-none", "value-no-json" or "value-unwritable" */
export function valueBytes(given: unknown): Buffer | null {
  if (given === undefined) throw new Problem('value-none');
  const value = unboxed(given);
  if (value === null) return null;
  return bytesOf(value, valueFails) ?? textBytes(jsonText(value), valueFails);
}

/** @throws Problem "key-invalid", "key-rounded" or "key-unwritable" */
export function keyBytes(given: unknown): Buffer | null {
  if (given === undefined || given === null) return null;
  const key = unboxed(given);
  const bytes = bytesOf(key, keyFails);
  if (bytes) return bytes;
  if (typeof key === 'boolean' || typeof key === 'bigint') return Buffer.from(String(key));
  if (typeof key !== 'number' || !Number.isFinite(key)) {
    throw new Problem('key-invalid', { type: typeName(key) });
  }
  if (Math.abs(key) > Number.MAX_SAFE_INTEGER) throw new Problem('key-rounded', { key });
  return Buffer.from(String(key));
}

function partitionNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0x7fffffff) {
    throw new Problem('partition-invalid', { value: shown(value) });
  }
  return number;
}

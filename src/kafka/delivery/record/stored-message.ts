import type { Origin } from '../queue/accepted-record';
import type { OutRecord, RecordFields } from './record';
import type { Kind } from './stored-record';

/** Which record it is. */
export interface StoredIdentity {
  msgid?: string;
  topic: string;
  /** As in the message: a string, parsed JSON, or a Buffer. */
  key: unknown;
}

/** A record as in the message: strings, parsed JSON, or Buffers. */
export interface StoredMessage extends StoredIdentity {
  /** The requested partition. */
  partition?: number;
  payload: unknown;
  headers?: Record<string, unknown>;
  /** Epoch milliseconds. */
  timestamp: number;
}

/** What was given as value and key, so that a message can be rebuilt. */
export function originOf({ value, key }: RecordFields, msgid?: string): Origin {
  return { msgid, valueKind: kindOf(value), keyKind: kindOf(key) };
}

/** Identifies a delivered record, without decoding its value. */
export function identityOf(topic: string, { key }: OutRecord, { msgid, keyKind }: Origin): StoredIdentity {
  return { ...(msgid === undefined ? {} : { msgid }), topic, key: givenValue(key, keyKind) };
}

/** Rebuilds the parts of a message that are in its record. */
export function messageOf(topic: string, record: OutRecord, origin: Origin): StoredMessage {
  return {
    ...identityOf(topic, record, origin),
    ...(record.partition === undefined ? {} : { partition: record.partition }),
    payload: givenValue(record.value, origin.valueKind),
    ...(record.headers ? { headers: record.headers } : {}),
    timestamp: record.timestamp,
  };
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string' || value instanceof String) return 'string';
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? 'buffer' : 'json';
}

function givenValue(bytes: Buffer | null, kind: Kind): unknown {
  if (bytes === null) return null;
  if (kind === 'buffer') return bytes;
  const text = bytes.toString();
  if (kind === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    // A key that is a large integer or a boolean is its text.
    return text;
  }
}

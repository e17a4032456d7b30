import type { Origin } from '../queue/accepted-record';
import type { OutRecord, RecordFields } from './record';
import type { Kind } from './stored-record';

/** A record as the message had it: texts, parsed JSON, or Buffers. */
export interface StoredMessage {
  msgid?: string;
  topic: string;
  /** The requested partition. */
  partition?: number;
  key: unknown;
  payload: unknown;
  headers?: Record<string, unknown>;
  /** Epoch milliseconds. */
  timestamp: number;
}

/** What was given as value and key, so that a message can be rebuilt. */
export function originOf({ value, key }: RecordFields, msgid?: string): Origin {
  return { msgid, valueKind: kindOf(value), keyKind: kindOf(key) };
}

/** Rebuilds the parts of a message that are in its record. */
export function messageOf(topic: string, record: OutRecord, origin: Origin): StoredMessage {
  const { msgid, valueKind, keyKind } = origin;
  return {
    ...(msgid === undefined ? {} : { msgid }),
    topic,
    ...(record.partition === undefined ? {} : { partition: record.partition }),
    key: givenValue(record.key, keyKind),
    payload: givenValue(record.value, valueKind),
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

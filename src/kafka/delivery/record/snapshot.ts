import { types } from 'node:util';
import { headersOf } from './headers';
import { keyBytes, type RecordFields, valueBytes } from './record';

const copies: { [Field in keyof RecordFields]?: (value: unknown) => unknown } = {
  value: valueBytes,
  key: keyBytes,
  headers: headersOf,
  timestamp: (value) => (types.isDate(value) ? new Date(value.getTime()) : value),
};

/**
 * A field of a message that is accepted later, because another field is not known yet: what the flow does to the message
 * until then does not change it. An invalid one stays as it is, and is an error when it is accepted.
 */
export function snapshot(field: string, value: unknown): unknown {
  const copy = copies[field as keyof RecordFields];
  if (!copy || typeof value !== 'object' || value === null || value instanceof Promise) return value;
  try {
    return copy(value);
  } catch {
    return value;
  }
}

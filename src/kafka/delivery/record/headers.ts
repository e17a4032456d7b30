import { Problem } from '../../../util/problem';
import { bytesOf, type Fail, textBytes, unboxed } from './bytes';
import { hasMembers, typeName } from './type-name';

/** The headers of a record by name, each with a value or a list of values; null as Kafka allows it. */
export type Headers = Record<string, HeaderValue | HeaderValue[]>;
export type HeaderValue = Buffer | null;

/**
 * Serialises headers: an object of names and values, or of names and lists of values. One that is undefined is left out,
 * as in JSON.
 * @returns undefined if there are none
 * @throws Problem "headers-invalid", "header-value-invalid" or "header-unwritable"
 */
export function headersOf(headers: unknown): Headers | undefined {
  if (headers === undefined || headers === null || headers === '') return undefined;
  if (!hasMembers(headers)) throw new Problem('headers-invalid', { type: typeName(headers) });
  // Without a prototype, for a header may have the name __proto__.
  const all: Headers = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const fail: Fail = (cause) => new Problem('header-unwritable', { name, cause });
    textBytes(name, fail);
    // Array.from: the holes of a list are not skipped.
    all[name] = Array.isArray(value)
      ? Array.from(value, (one) => headerValue(name, one, fail))
      : headerValue(name, value, fail);
  }
  return all;
}

function headerValue(name: string, given: unknown, fail: Fail): HeaderValue {
  const value = unboxed(given);
  if (value === null) return null;
  const bytes = bytesOf(value, fail);
  if (bytes) return bytes;
  const hasText = typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value);
  if (hasText) return Buffer.from(String(value));
  throw new Problem('header-value-invalid', { name, type: typeName(value) });
}

// Descriptions of messages that cannot be classified, for error sentences.
import { Problem } from '../util/problem';
import type { JsonObject } from './json-object';
import { decodeText } from './raw-text';

const maxKeys = 10;
const maxKeyLength = 40;
const maxExcerptLength = 120;
const maxDepth = 5;

/** The names of an object's members, at most ten, each shortened: "data, meta, …". */
export function memberList(object: object): string | Problem {
  const names = Object.keys(object);
  const shown = names.slice(0, maxKeys).map((name) => shorten(name, maxKeyLength));
  if (names.length > maxKeys) shown.push('…');
  return shown.join(', ') || new Problem('no-keys');
}

/**
 * The first 120 characters of a message on one line: of its raw text if available, else of its JSON.
 * The cost does not depend on the size of the message.
 */
export function excerpt(message: unknown, raw?: string | ArrayBufferView): string {
  if (typeof raw === 'string') return shorten(raw, maxExcerptLength);
  if (raw) {
    // A character has up to four bytes.
    const length = Math.min(raw.byteLength, 4 * maxExcerptLength + 4);
    return shorten(decodeText(new Uint8Array(raw.buffer, raw.byteOffset, length)), maxExcerptLength);
  }
  const parts: string[] = [];
  writeJson(message, parts, { left: maxExcerptLength + 1 }, 0);
  return shorten(parts.join(''), maxExcerptLength);
}

/** Describes a value that is not an object: "null", "the number 5", "a value of type function". */
export function describeValue(value: unknown): string | Problem {
  if (value === undefined || value === null) return String(value);
  const type = typeof value;
  if (type !== 'string' && type !== 'number' && type !== 'boolean')
    return new Problem('value-of-type', { type });
  return new Problem(`value-${type}`, {
    value: shorten(primitiveJson(value, maxExcerptLength), maxExcerptLength),
  });
}

/** The message of an error, or of anything else that was thrown, on one line. Never throws. */
export function causeOf(thrown: unknown): string | Problem {
  try {
    return shorten(
      thrown instanceof Error ? thrown.message || thrown.name : String(thrown),
      maxExcerptLength,
    );
  } catch {
    return new Problem('unknown-error');
  }
}

function shorten(text: string, length: number): string {
  const isCut = text.length > length;
  let start = text.slice(0, length);
  // Do not split a surrogate pair.
  if (isCut && isHighSurrogate(start.charCodeAt(length - 1))) start = start.slice(0, -1);
  return start.replace(/\s+/g, ' ').trim() + (isCut ? '…' : '');
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** Appends the JSON of a value to `parts` until no characters are left. */
function writeJson(value: unknown, parts: string[], characters: { left: number }, depth: number): void {
  const write = (part: string) => {
    parts.push(part);
    characters.left -= part.length;
  };
  if (characters.left <= 0) return;
  if (typeof value !== 'object' || value === null) {
    write(primitiveJson(value, characters.left));
  } else if (depth >= maxDepth) {
    write('…');
  } else if (Array.isArray(value)) {
    write('[');
    for (let i = 0; i < value.length && characters.left > 0; i++) {
      if (i > 0) write(',');
      writeJson(value[i], parts, characters, depth + 1);
    }
    write(']');
  } else {
    write('{');
    for (const [i, name] of Object.keys(value).entries()) {
      if (characters.left <= 0) break;
      write(`${i > 0 ? ',' : ''}${JSON.stringify(name.slice(0, characters.left))}:`);
      writeJson((value as JsonObject)[name], parts, characters, depth + 1);
    }
    write('}');
  }
}

/** The JSON of a primitive value; the name of its type if JSON does not have that type. */
function primitiveJson(value: unknown, maxLength: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, maxLength));
  const isInJson = value === null || typeof value === 'number' || typeof value === 'boolean';
  return isInJson ? String(value) : typeof value;
}

import type { Fields } from './fields';
import { textOf } from './identity';

const MOST_KEYS = 10;
const KEY_LENGTH = 40;
const START_LENGTH = 120;
const MOST_DEPTH = 5;

/** The names of an object's top-level members, ten at most, each shortened: "data, meta, …". */
export function keysOf(message: object): string {
  const names = Object.keys(message);
  const shown = names.slice(0, MOST_KEYS).map((name) => shorten(name, KEY_LENGTH));
  if (names.length > MOST_KEYS) shown.push('…');
  return shown.join(', ') || '(none)';
}

/**
 * The first 120 characters of a message, on one line: of its text where there is one, else of
 * what its JSON would be. Cost does not grow with the message.
 */
export function startOf(message: unknown, raw?: string | ArrayBufferView): string {
  if (typeof raw === 'string') return shorten(raw, START_LENGTH);
  // A character takes up to four bytes.
  if (raw) {
    return shorten(
      textOf(new Uint8Array(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, 4 * START_LENGTH + 4))),
      START_LENGTH,
    );
  }
  const parts: string[] = [];
  sketch(message, parts, { left: START_LENGTH + 1 }, 0);
  return shorten(parts.join(''), START_LENGTH);
}

/** What something other than an object is, for a sentence: "null", "the number 5", "a function". */
export function whatIs(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  const type = typeof value;
  if (type === 'string' || type === 'number' || type === 'boolean') {
    return `the ${type} ${shorten(plain(value, START_LENGTH), START_LENGTH)}`;
  }
  return `a ${type}`;
}

/** Any thrown thing in one line; never throws. */
export function causeOf(thrown: unknown): string {
  try {
    return shorten(thrown instanceof Error ? thrown.message || thrown.name : String(thrown), START_LENGTH);
  } catch {
    return 'unknown error';
  }
}

function shorten(text: string, length: number): string {
  const start = text.slice(0, length);
  const more = text.length > length;
  // Not through the middle of an emoji.
  const whole = more && isHighSurrogate(start.charCodeAt(length - 1)) ? start.slice(0, -1) : start;
  return whole.replace(/\s+/g, ' ').trim() + (more ? '…' : '');
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** Writes JSON until nothing is `left` of the room. */
function sketch(value: unknown, parts: string[], room: { left: number }, depth: number): void {
  const put = (piece: string) => {
    parts.push(piece);
    room.left -= piece.length;
  };
  if (room.left <= 0) return;
  if (typeof value !== 'object' || value === null) {
    put(plain(value, room.left));
  } else if (depth >= MOST_DEPTH) {
    put('…');
  } else if (Array.isArray(value)) {
    put('[');
    for (let i = 0; i < value.length && room.left > 0; i++) {
      if (i > 0) put(',');
      sketch(value[i], parts, room, depth + 1);
    }
    put(']');
  } else {
    put('{');
    for (const [i, name] of Object.keys(value).entries()) {
      if (room.left <= 0) break;
      put(`${i > 0 ? ',' : ''}${JSON.stringify(name.slice(0, room.left))}:`);
      sketch((value as Fields)[name], parts, room, depth + 1);
    }
    put('}');
  }
}

/** A value without members; one that JSON has not is named by its type. */
function plain(value: unknown, most: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, most));
  const inJson = value === null || typeof value === 'number' || typeof value === 'boolean';
  return inJson ? String(value) : typeof value;
}

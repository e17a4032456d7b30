import { types } from 'node:util';

/** The type of a value for a sentence: null, array, object, a class's name, or what `typeof` says. Never throws. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object') return typeof value;
  try {
    if (Array.isArray(value)) return 'array';
    if (types.isDate(value) && Number.isNaN(value.getTime())) return 'Invalid Date';
    if (isPlain(value)) return tagOf(value) ?? 'object';
    const { name } = (value as { constructor: { name: unknown } }).constructor;
    return typeof name === 'string' && name !== '' ? name.slice(0, 60) : (tagOf(value) ?? 'object');
  } catch {
    return 'object';
  }
}

/** The start of a value as a text, for a sentence. Never throws. */
export function shown(value: unknown): string {
  try {
    return String(value).slice(0, 60);
  } catch {
    return typeName(value);
  }
}

/** An object of no class, also one of another realm: a Function node runs in a realm of its own. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The name that an object without a class gives itself, as `Math` does. */
export function tagOf(value: object): string | undefined {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  return typeof tag === 'string' ? tag : undefined;
}

/** An object whose own members are all it holds: not an array, Map, text, Date, …. */
export function hasMembers(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (isPlain(value)) return true;
  const hasOther = ArrayBuffer.isView(value) || types.isBoxedPrimitive(value) || types.isNativeError(value);
  return !hasOther && Object.keys(value).length > 0;
}

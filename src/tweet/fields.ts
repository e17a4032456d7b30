/** A JSON object whose members are not known yet; all of them are its own, see {@link fieldsOf}. */
export type Fields = Record<string, unknown>;

/** True for an object that is not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value's members where it is an object, else undefined. What an object inherits does not count: that
 * is seen to here, once, so that nobody has to ask it of each member.
 */
export function fieldsOf(value: unknown): Fields | undefined {
  if (!isFields(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || isOtherRealms(prototype)) return value;
  return Object.assign(Object.create(null), value);
}

/** Objects made in Node-RED's function nodes inherit from an Object.prototype of their own. */
function isOtherRealms(prototype: unknown): boolean {
  return (
    isFields(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty')
  );
}

/**
 * True for a member that is there. X writes `null` for "not there", so null counts as absent; every
 * other value, `[]`, `0` and `""` too, is present.
 */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** True where the member of that name is there, see {@link isPresent}. */
export function has(fields: Fields, name: string): boolean {
  return isPresent(fields[name]);
}

/** The member of that name where it is an object, else undefined. */
export function child(fields: Fields, name: string): Fields | undefined {
  return fieldsOf(fields[name]);
}

/** The member of that name where it is a string, else undefined. */
export function text(fields: Fields, name: string): string | undefined {
  return textIn(fields[name]);
}

/** The value where it is a string, else undefined. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

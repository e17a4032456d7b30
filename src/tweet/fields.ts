/** A JSON object whose members are not known yet. */
export type Fields = Record<string, unknown>;

/** True for an object that is not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object's own member of that name. X writes `null` for "not there", so null counts as absent;
 * every other value, `[]`, `0` and `""` too, is present. Inherited members do not count.
 */
export function present(fields: Fields, name: string): unknown {
  // Most names asked for are absent: reading first is cheaper than asking hasOwn each time.
  const value = fields[name];
  return value === undefined || value === null || !Object.hasOwn(fields, name) ? undefined : value;
}

/** True where {@link present} finds something. */
export function has(fields: Fields, name: string): boolean {
  return present(fields, name) !== undefined;
}

/** The own member of that name where it is an object, else undefined. */
export function child(fields: Fields, name: string): Fields | undefined {
  const value = present(fields, name);
  return isFields(value) ? value : undefined;
}

/** The own member of that name where it is a string, else undefined. */
export function text(fields: Fields, name: string): string | undefined {
  const value = present(fields, name);
  return typeof value === 'string' ? value : undefined;
}

/** A JSON object with unknown members. It inherits nothing, see {@link asObject}. */
export type JsonObject = Record<string, unknown>;

/** True for an object that is not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the value if it is an object, else undefined. Inherited members do not count: an object with an
 * unusual prototype is copied without them, so that the rest of the classifier can read members directly.
 */
export function asObject(value: unknown): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || isOtherRealms(prototype)) return value;
  return Object.assign(Object.create(null), value);
}

/** Node-RED's function nodes run in a realm with its own Object.prototype. */
function isOtherRealms(prototype: unknown): boolean {
  return (
    isJsonObject(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty')
  );
}

/** True unless the value is undefined or null. X writes null for "absent"; `[]`, `0` and `""` are present. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** True if the member is present, see {@link isPresent}. */
export function has(object: JsonObject, name: string): boolean {
  return isPresent(object[name]);
}

/** The member if it is an object, else undefined. */
export function objectAt(object: JsonObject, name: string): JsonObject | undefined {
  return asObject(object[name]);
}

/** The member if it is a string, else undefined. */
export function stringAt(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

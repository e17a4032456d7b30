import { digitsAt, isDigits } from './digits';
import { isPresent, type JsonObject } from './json-object';
import { decodeText, memberNames, type RawPath } from './raw-text';

/** The two members that hold an id: v1.1 sends a number and, since 2010, a string twin. */
export interface IdName {
  readonly plain: string;
  readonly twin: string;
}

/** An object's own id. */
export const ownId: IdName = { plain: 'id', twin: 'id_str' };

/** The id of the user in a notice. */
export const userId: IdName = { plain: 'user_id', twin: 'user_id_str' };

/** `id:twitter.com:6253282` and `tag:search.twitter.com,2012:user/6253282`. */
const userTag = /^(?:id:[a-z.]+:|tag:search\.[^:]+:user\/)(\d+)$/;

/** Ids are unsigned 64-bit integers: at most 20 digits. */
const maxIdDigits = 20;

/**
 * Reads an id as decimal digits: from the string twin, else from the plain member if that is a string, a safe
 * integer, or a rounded number whose exact digits are in the raw text.
 *
 * @param path the path of `object`
 * @returns undefined if none of these is an id
 */
export function idOf(object: JsonObject, name: IdName, path: RawPath): string | undefined {
  const twin = object[name.twin];
  return isId(twin) ? twin : exactId(object[name.plain], path, name.plain);
}

/**
 * Reads the id under the first of these names that is present. If only a rounded number is left of it, the
 * result is undefined: the next name would give the id of something else.
 */
export function firstIdOf(object: JsonObject, names: readonly IdName[], path: RawPath): string | undefined {
  const name = names.find(({ plain, twin }) => isPresent(object[twin]) || isPresent(object[plain]));
  return name && idOf(object, name, path);
}

/**
 * Reads one member as an id, see {@link idOf}.
 *
 * @param value the member's value
 * @param path the path of the object that has the member
 * @param name the member's name
 */
export function exactId(value: unknown, path: RawPath, name: string): string | undefined {
  if (isId(value)) return value;
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return undefined;
  if (Number.isSafeInteger(value)) return String(value);
  if (path.raw === undefined) return undefined;
  const digits = digitsAt(decodeText(path.raw), [...memberNames(path), name]);
  // Raw text that belongs to another message would give that message's id.
  return digits !== undefined && isId(digits) && Number(digits) === value ? digits : undefined;
}

/** The id after the last colon of a tag such as `tag:search.twitter.com,2005:887450119146270723`. */
export function idInTag(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return undefined;
  const id = tag.slice(tag.lastIndexOf(':') + 1);
  return isId(id) ? id : undefined;
}

/** The user id in a user's tag; undefined for a post's tag. */
export function userInTag(tag: unknown): string | undefined {
  const id = typeof tag === 'string' ? userTag.exec(tag)?.[1] : undefined;
  return isId(id) ? id : undefined;
}

/** True for an id as text: decimal digits without a leading zero. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && isDigits(value, maxIdDigits) && value.charCodeAt(0) !== 48;
}

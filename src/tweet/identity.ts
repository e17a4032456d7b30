import { digitsAt, isDigits } from './digits';
import { type Fields, isPresent } from './fields';

/** The exact text of a message, where there is one, and the way in it to the part that is looked at. */
export interface Source {
  readonly raw: string | Uint8Array | undefined;
  /** The last name on that way, and the source that it leads on from; none for the whole message. */
  readonly name: string | undefined;
  readonly outer: Source | undefined;
}

/** An id's two names: v1.1 gives the number and, since 2010, a string twin beside it. */
export interface IdName {
  readonly plain: string;
  readonly twin: string;
}

/** The name every object gives its own id. */
export const ID: IdName = { plain: 'id', twin: 'id_str' };

/** The name by which notices give the id of a user. */
export const USER_ID: IdName = { plain: 'user_id', twin: 'user_id_str' };

// Browsers have it too: the dialog's box runs this code. The mark at the beginning stays, as in a string.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const USER_TAG = /^(?:id:[a-z.]+:|tag:search\.[^:]+:user\/)(\d+)$/;

/** Ids are 64-bit integers: at most 20 digits. */
const MOST_DIGITS = 20;

/** The source of a whole message. */
export function sourceOf(raw: string | Uint8Array | undefined): Source {
  return { raw, name: undefined, outer: undefined };
}

/** The same source, seen from a part that lies further in. */
export function within(source: Source, name: string): Source {
  return { raw: source.raw, name, outer: source };
}

function pathOf(source: Source): string[] {
  const path: string[] = [];
  for (let at: Source | undefined = source; at?.name !== undefined; at = at.outer) path.unshift(at.name);
  return path;
}

/**
 * The id that `fields` has under that name, as decimal digits: from the string twin, or from the
 * plain member where that is text, or a number that is exact, or a rounded number whose digits
 * the source still has. Undefined where none of these gives an id.
 *
 * @param source leads to `fields`
 */
export function idOf(fields: Fields, name: IdName, source: Source): string | undefined {
  const twin = fields[name.twin];
  return isId(twin) ? twin : exactId(fields[name.plain], source, name.plain);
}

/**
 * The id under the first of these names that is there at all. Where only a rounded number is left of
 * that one, the next name would give the id of something else.
 */
export function firstIdOf(fields: Fields, names: readonly IdName[], source: Source): string | undefined {
  const name = names.find(({ plain, twin }) => isPresent(fields[twin]) || isPresent(fields[plain]));
  return name && idOf(fields, name, source);
}

/** The id that `value` is, found in the source under `name`; see {@link idOf}. */
export function exactId(value: unknown, source: Source, name: string): string | undefined {
  if (isId(value)) return value;
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return undefined;
  if (Number.isSafeInteger(value)) return String(value);
  if (source.raw === undefined) return undefined;
  const digits = digitsAt(textOf(source.raw), [...pathOf(source), name]);
  // A text that belongs to another message would give another message's id.
  return digits !== undefined && isId(digits) && Number(digits) === value ? digits : undefined;
}

/** The id behind the last colon of a tag such as `tag:search.twitter.com,2005:887450119146270723`. */
export function idInTag(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return undefined;
  const id = tag.slice(tag.lastIndexOf(':') + 1);
  return isId(id) ? id : undefined;
}

/** The user's id in `id:twitter.com:6253282` or `tag:search.twitter.com,2012:user/6253282`; a post's tag has none. */
export function userInTag(tag: unknown): string | undefined {
  const id = typeof tag === 'string' ? USER_TAG.exec(tag)?.[1] : undefined;
  return isId(id) ? id : undefined;
}

/** The text that a string or UTF-8 bytes hold. */
export function textOf(raw: string | ArrayBufferView): string {
  if (typeof raw === 'string') return raw;
  return utf8.decode(raw);
}

/** True for the text of an id: decimal digits, the first one no zero. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && isDigits(value, MOST_DIGITS) && value.charCodeAt(0) !== 48;
}

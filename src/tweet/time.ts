import { digits, isoTime, v1Time } from '../util/date-text';
import { isDigits } from './digits';
import type { JsonObject } from './json-object';

/** The day of the first tweet. Anything earlier (0, or seconds in place of milliseconds) is not a message's time. */
const earliestMs = Date.UTC(2006, 2, 21);
const endMs = Date.UTC(2100, 0, 1);

/** Epoch of snowflake ids, in milliseconds (twitter-archive/snowflake, `twepoch`). */
const snowflakeEpoch = 1288834974657n;
/** Ids below it are sequential, from before 4 November 2010, and contain no time. */
const firstSnowflake = 29700859247n;

const longestDigits = 15;

// Cache of the last date. Its precision is a second, so the posts of a busy stream often have the same one.
let cachedText = '';
let cachedTime: number | undefined;

/**
 * Reads the time of an object: the most exact of X's members for it, in epoch milliseconds. A member that is not
 * a time is skipped.
 *
 * @param other read if the first object has no time
 */
export function timeIn(object: JsonObject | undefined, other?: JsonObject): number | undefined {
  const time =
    object &&
    (parseTime(object.timestamp_ms) ??
      parseTime(object.created_at) ??
      parseTime(object.event_at) ??
      parseTime(object.timestampMs) ??
      parseTime(object.postedTime) ??
      parseTime(object.sent));
  return time === undefined && other ? timeIn(other) : time;
}

/** Reads the first of these members that is a time, in epoch milliseconds. */
export function timeByName(object: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const time = parseTime(object[name]);
    if (time !== undefined) return time;
  }
  return undefined;
}

/**
 * Parses a time in one of X's forms: milliseconds (a number or digits), ISO 8601 with an offset, or v1.1's
 * "Sat Sep 28 18:05:23 +0000 2019".
 *
 * @returns epoch milliseconds; undefined for anything else, and before 21 March 2006 or after 2099
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return inRange(value);
  if (typeof value !== 'string') return undefined;
  // Every date is longer.
  if (value.length <= longestDigits) return inRange(digits(value, 0, value.length));
  if (value !== cachedText) {
    cachedTime = inRange(value[10] === 'T' ? isoTime(value) : v1Time(value));
    cachedText = value;
  }
  return cachedTime;
}

/**
 * The creation time in the snowflake id of a post or direct message, in epoch milliseconds. Not for ids of
 * users: their sequential ids would give a wrong time.
 *
 * @returns undefined for ids from before 4 November 2010, and for anything that is not an id
 */
export function snowflakeTime(id: string | undefined): number | undefined {
  if (id === undefined || !isDigits(id, 19)) return undefined;
  const number = BigInt(id);
  if (number < firstSnowflake) return undefined;
  return inRange(Number((number >> 22n) + snowflakeEpoch));
}

function inRange(time: number): number | undefined {
  return Number.isInteger(time) && time >= earliestMs && time < endMs ? time : undefined;
}

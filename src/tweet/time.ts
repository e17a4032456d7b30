import { isDigit, isDigits } from './digits';
import type { JsonObject } from './json-object';

/** The day of the first tweet. Anything earlier (0, or seconds in place of milliseconds) is not a message's time. */
const earliestMs = Date.UTC(2006, 2, 21);
const endMs = Date.UTC(2100, 0, 1);

/** Epoch of snowflake ids, in milliseconds (twitter-archive/snowflake, `twepoch`). */
const snowflakeEpoch = 1288834974657n;
/** Ids below it are sequential, from before 4 November 2010, and contain no time. */
const firstSnowflake = 29700859247n;

const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const weekdayNames = 'SunMonTueWedThuFriSat';
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysBeforeMonth = daysInMonth.map((_, month) =>
  daysInMonth.slice(0, month).reduce((sum, days) => sum + days, 0),
);
const dayMs = 86_400_000;
const dash = 45;
const colon = 58;
const longestDigits = 15;

/** A part of a date that cannot be parsed. Every sum that contains it is NaN too, so only the total is checked. */
const unparsable = Number.NaN;

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

/** "Sat Sep 28 18:05:23 +0000 2019"; the day has one digit or two. */
function v1Time(value: string): number {
  // The only part of variable length: the day is from 8 to `dayEnd`, and the rest follows.
  const dayEnd = value.length - 20;
  if (dayEnd !== 9 && dayEnd !== 10) return unparsable;
  for (const space of [3, 7, dayEnd, dayEnd + 9, dayEnd + 15]) if (value[space] !== ' ') return unparsable;
  if (Number.isNaN(indexOfName(weekdayNames, value.slice(0, 3)))) return unparsable;
  const month = indexOfName(monthNames, value.slice(4, 7));
  const midnight = midnightOf(fourDigits(value, dayEnd + 16), month, digits(value, 8, dayEnd));
  return midnight + clockMs(value, dayEnd + 1) - offsetMs(value, dayEnd + 10, dayEnd + 15);
}

/** "2019-09-28T18:05:23.000Z"; with any number of decimals or none; with Z, +0000 or +00:00. */
function isoTime(value: string): number {
  let offsetStart = 19;
  let milliseconds = 0;
  if (value[19] === '.') {
    offsetStart = 20;
    while (isDigit(value.charCodeAt(offsetStart))) offsetStart++;
    const decimals = offsetStart - 20;
    if (decimals === 0) return unparsable;
    milliseconds =
      digits(value, 20, Math.min(offsetStart, 23)) * (decimals === 1 ? 100 : decimals === 2 ? 10 : 1);
  }
  const offset = offsetMs(value, offsetStart, value.length);
  return isoMidnight(value) + clockMs(value, 11) + milliseconds - offset;
}

/** Midnight UTC of the date in "2019-09-28T…". */
function isoMidnight(value: string): number {
  if (value.charCodeAt(4) !== dash || value.charCodeAt(7) !== dash) return unparsable;
  return midnightOf(fourDigits(value, 0), twoDigits(value, 5) - 1, twoDigits(value, 8));
}

/** Midnight UTC of a day from 1970 to 2099, when every fourth year is a leap year. `month` counts from 0. */
function midnightOf(year: number, month: number, day: number): number {
  const leapYear = year % 4 === 0;
  const days = (daysInMonth[month] ?? unparsable) + (leapYear && month === 1 ? 1 : 0);
  if (!(day >= 1 && day <= days)) return unparsable;
  const leapDays = Math.floor((year - 1969) / 4) + (leapYear && month > 1 ? 1 : 0);
  return (365 * (year - 1970) + leapDays + (daysBeforeMonth[month] ?? unparsable) + day - 1) * dayMs;
}

/** Milliseconds since midnight of the "18:05:23" at `start`. A leap second counts as the next second. */
function clockMs(value: string, start: number): number {
  if (value.charCodeAt(start + 2) !== colon || value.charCodeAt(start + 5) !== colon) return unparsable;
  const hours = twoDigits(value, start);
  const minutes = twoDigits(value, start + 3);
  const seconds = twoDigits(value, start + 6);
  if (!(hours < 24 && minutes < 60 && seconds < 61)) return unparsable;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The offset from UTC, in milliseconds, of the "Z", "+0000" or "+00:00" between `start` and `end`. */
function offsetMs(value: string, start: number, end: number): number {
  const length = end - start;
  if (length === 1 && value[start] === 'Z') return 0;
  if (length !== 5 && !(length === 6 && value[start + 3] === ':')) return unparsable;
  const hours = twoDigits(value, start + 1);
  const minutes = twoDigits(value, end - 2);
  if (!(hours < 15 && minutes < 60)) return unparsable;
  if (value[start] === '+') return (hours * 60 + minutes) * 60_000;
  return value[start] === '-' ? (hours * 60 + minutes) * -60_000 : unparsable;
}

/** The index, from 0, of a three-letter name in a string of such names. */
function indexOfName(names: string, name: string): number {
  const position = names.indexOf(name);
  return position >= 0 && position % 3 === 0 ? position / 3 : unparsable;
}

/** The number in the two digits at `start`. */
function twoDigits(value: string, start: number): number {
  const tens = value.charCodeAt(start) - 48;
  const ones = value.charCodeAt(start + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : unparsable;
}

function fourDigits(value: string, start: number): number {
  return twoDigits(value, start) * 100 + twoDigits(value, start + 2);
}

/** The number in the digits from `start` to before `end`. */
function digits(value: string, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = value.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return unparsable;
    number = number * 10 + digit;
  }
  return number;
}

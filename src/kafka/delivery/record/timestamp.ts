import { types } from 'node:util';
import { isoMidnight, isoTime, rfc1123Time, v1Time } from '../../../util/date-text';
import { Problem } from '../../../util/problem';
import { shown } from './type-name';

// The time from 1973 to 5138 in seconds, milliseconds, microseconds and nanoseconds: no number fits two of them.
const firstSeconds = 1e8;
const firstMilliseconds = 1e11;
const firstMicroseconds = 1e14;
const firstNanoseconds = 1e17;
const endNanoseconds = 1e20;
/** The year 2286. Later milliseconds are something else, such as 20261125120000. */
const endMilliseconds = 1e13;
/** The last time that a Date can hold. */
const latestDate = 8.64e15;

/**
 * Reads a timestamp in milliseconds, as a number or in digits; as a Date; or as a text in the forms of ISO 8601, of
 * RFC 1123 and of X's API v1.1. Milliseconds must be from 1973 to 2286, a Date or text means what it says, from 1970 on.
 * @param now epoch milliseconds, used where there is no timestamp
 * @returns epoch milliseconds
 * @throws Problem that names a number's unit if it can only be seconds, microseconds or nanoseconds, or
 *   "timestamp-too-small" or "timestamp-invalid"
 */
export function timestampOf(value: unknown, now: number): number {
  if (value === undefined || value === null || value === '') return now;
  if (typeof value === 'number') return milliseconds(value, value);
  if (typeof value === 'bigint') return milliseconds(Number(value), value);
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) return milliseconds(Number(value), value);
  const time = types.isDate(value) ? value.getTime() : typeof value === 'string' ? timeIn(value) : Number.NaN;
  if (!(time >= 0 && time <= latestDate)) throw new Problem('timestamp-invalid', { value: shown(value) });
  return time;
}

/** @param given the number as the message has it */
function milliseconds(number: number, given: unknown): number {
  if (number >= firstMilliseconds && number < endMilliseconds) return Math.trunc(number);
  const value = shown(given);
  if (number >= firstSeconds && number < firstMilliseconds) throw new Problem('timestamp-seconds', { value });
  if (number >= firstMicroseconds && number < firstNanoseconds)
    throw new Problem('timestamp-microseconds', { value });
  if (number >= firstNanoseconds && number < endNanoseconds)
    throw new Problem('timestamp-nanoseconds', { value });
  throw new Problem(number >= 0 && number < firstSeconds ? 'timestamp-too-small' : 'timestamp-invalid', {
    value,
  });
}

/** Only texts with one meaning: JavaScript's own parser reads "2026-02-30" as 2 March. */
function timeIn(text: string): number {
  return [isoTime, looseIsoTime, v1Time, rfc1123Time]
    .map((parse) => parse(text))
    .reduce((found, time) => (Number.isNaN(found) ? time : found));
}

/**
 * The forms of ISO 8601 that databases and people write: a date alone (midnight UTC), a space in place of the T, no
 * seconds, an offset such as +00, or none. Without an offset it is the time zone of Node.js, as in JavaScript.
 */
function looseIsoTime(text: string): number {
  const [match, date = '', hours = '', minutes = '', seconds = '00', decimals = '', offset] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(
      text,
    ) ?? [];
  if (match === undefined) return Number.NaN;
  if (match === date) return isoMidnight(date);
  const wholeOffset = offset?.length === 3 ? `${offset}00` : (offset ?? 'Z');
  const utc = isoTime(`${date}T${hours}:${minutes}:${seconds}.${decimals || '0'}${wholeOffset}`);
  return offset === undefined ? asLocalTime(utc) : utc;
}

/** The time at which a clock of the time zone of Node.js shows what a UTC clock shows at `utc`. */
function asLocalTime(utc: number): number {
  const shows = new Date(utc);
  return new Date(
    shows.getUTCFullYear(),
    shows.getUTCMonth(),
    shows.getUTCDate(),
    shows.getUTCHours(),
    shows.getUTCMinutes(),
    shows.getUTCSeconds(),
    shows.getUTCMilliseconds(),
  ).getTime();
}

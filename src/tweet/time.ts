import { isDigit, isDigits } from './digits';
import type { Fields } from './fields';

/** Twitter's first day; what is said to be older is no time of a message (seconds instead of milliseconds, 0). */
const EARLIEST = Date.UTC(2006, 2, 21);
const LATEST = Date.UTC(2100, 0, 1);

/** Milliseconds that snowflake ids count from (twitter-archive/snowflake, `twepoch`). */
const SNOWFLAKE_EPOCH = 1288834974657n;
/** Smaller ids were counted one by one, until 4 November 2010, and hold no time. */
const FIRST_SNOWFLAKE = 29700859247n;

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const WEEKDAYS = 'SunMonTueWedThuFriSat';
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_BEFORE = DAYS.map((_, month) => DAYS.slice(0, month).reduce((sum, days) => sum + days, 0));
const DAY_MS = 86_400_000;
const DASH = 45;
const COLON = 58;

/** The time that was read last, as it was written. X tells whole seconds: those of a busy stream are mostly alike. */
let lastWritten = '';
let lastTime: number | undefined;

/** What the parts of a date are where they are not understood; it spoils every sum it goes into. */
const WRONG = Number.NaN;

/**
 * The time an object gives under one of X's names for it, the most exact first, else the one that the
 * other object gives; in epoch milliseconds. What is not a time is passed over.
 */
export function timeIn(holder: Fields | undefined, other?: Fields): number | undefined {
  const time =
    holder &&
    (instant(holder.timestamp_ms) ??
      instant(holder.created_at) ??
      instant(holder.event_at) ??
      instant(holder.timestampMs) ??
      instant(holder.postedTime) ??
      instant(holder.sent));
  return time === undefined && other ? timeIn(other) : time;
}

/** The first time among the members of those names; see {@link instant}. */
export function timeUnder(holder: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const time = instant(holder[name]);
    if (time !== undefined) return time;
  }
  return undefined;
}

/**
 * Epoch milliseconds of a time as X writes it: milliseconds (number or digits), ISO 8601 with an
 * offset, or v1.1's "Sat Sep 28 18:05:23 +0000 2019". Undefined for anything else.
 */
export function instant(value: unknown): number | undefined {
  if (typeof value === 'number') return inRange(value);
  if (typeof value !== 'string') return undefined;
  // No date is as short as that.
  if (value.length <= 15) return inRange(whole(value, 0, value.length));
  if (value !== lastWritten) {
    lastTime = inRange(value[10] === 'T' ? isoTime(value) : v1Time(value));
    lastWritten = value;
  }
  return lastTime;
}

/**
 * Epoch milliseconds at which snowflake made the id of a post or direct message.
 * Undefined for ids from before 4 November 2010 and for what is no id. Not for ids of users:
 * small ones were counted and would give a wrong time.
 */
export function snowflakeTime(id: string | undefined): number | undefined {
  if (id === undefined || !isDigits(id, 19)) return undefined;
  const number = BigInt(id);
  if (number < FIRST_SNOWFLAKE) return undefined;
  return inRange(Number((number >> 22n) + SNOWFLAKE_EPOCH));
}

function inRange(time: number): number | undefined {
  return Number.isInteger(time) && time >= EARLIEST && time < LATEST ? time : undefined;
}

/** "Sat Sep 28 18:05:23 +0000 2019"; a day below ten may be one digit. */
function v1Time(value: string): number {
  const end = 8 + value.length - 28;
  if (end !== 9 && end !== 10) return WRONG;
  for (const space of [3, 7, end, end + 9, end + 15]) if (value[space] !== ' ') return WRONG;
  const month = nameIn(MONTHS, value.slice(4, 7));
  if (Number.isNaN(nameIn(WEEKDAYS, value.slice(0, 3)))) return WRONG;
  const midnight = dayTime(four(value, end + 16), month, whole(value, 8, end));
  return midnight + clockTime(value, end + 1) - offsetTime(value, end + 10, end + 15);
}

/** "2019-09-28T18:05:23.000Z", with any number of decimals or none, and Z, +0000 or +00:00. */
function isoTime(value: string): number {
  let zone = 19;
  let milliseconds = 0;
  if (value[19] === '.') {
    zone = 20;
    while (isDigit(value.charCodeAt(zone))) zone++;
    milliseconds = whole(value, 20, Math.min(zone, 23)) * (zone === 21 ? 100 : zone === 22 ? 10 : 1);
    if (zone === 20) return WRONG;
  }
  return isoMidnight(value) + clockTime(value, 11) + milliseconds - offsetTime(value, zone, value.length);
}

/** Midnight of the day that "2019-09-28T…" begins with. */
function isoMidnight(value: string): number {
  if (value.charCodeAt(4) !== DASH || value.charCodeAt(7) !== DASH) return WRONG;
  return dayTime(four(value, 0), two(value, 5) - 1, two(value, 8));
}

/** Midnight of a day of the years 1970 to 2099, in which every fourth year is a leap year. */
function dayTime(year: number, month: number, day: number): number {
  const leapYear = year % 4 === 0;
  const days = (DAYS[month] ?? WRONG) + (leapYear && month === 1 ? 1 : 0);
  if (!(day >= 1 && day <= days)) return WRONG;
  const leapDays = Math.floor((year - 1969) / 4) + (leapYear && month > 1 ? 1 : 0);
  return (365 * (year - 1970) + leapDays + (DAYS_BEFORE[month] ?? WRONG) + day - 1) * DAY_MS;
}

/** Milliseconds of "18:05:23" from `at` on. A leap second counts as the next second. */
function clockTime(value: string, at: number): number {
  if (value.charCodeAt(at + 2) !== COLON || value.charCodeAt(at + 5) !== COLON) return WRONG;
  const hours = two(value, at);
  const minutes = two(value, at + 3);
  const seconds = two(value, at + 6);
  return hours < 24 && minutes < 60 && seconds < 61 ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : WRONG;
}

/** Milliseconds that the zone written from `at` to before `end` is ahead of UTC. */
function offsetTime(value: string, at: number, end: number): number {
  const length = end - at;
  if (length === 1 && value[at] === 'Z') return 0;
  if (length !== 5 && !(length === 6 && value[at + 3] === ':')) return WRONG;
  const hours = two(value, at + 1);
  const minutes = two(value, end - 2);
  if (!(hours < 15 && minutes < 60)) return WRONG;
  if (value[at] === '+') return (hours * 60 + minutes) * 60000;
  return value[at] === '-' ? (hours * 60 + minutes) * -60000 : WRONG;
}

/** The place of a name of three letters in a row of such names, from 0. */
function nameIn(names: string, name: string): number {
  const at = names.indexOf(name);
  return at >= 0 && at % 3 === 0 ? at / 3 : WRONG;
}

/** The number that two digits spell. */
function two(value: string, at: number): number {
  const tens = value.charCodeAt(at) - 48;
  const ones = value.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : WRONG;
}

function four(value: string, at: number): number {
  return two(value, at) * 100 + two(value, at + 2);
}

/** The whole number that the characters from `start` to before `end` spell. */
function whole(value: string, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = value.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return WRONG;
    number = number * 10 + digit;
  }
  return number;
}

import { isDigits } from './digits';
import { type Fields, isFields, present } from './fields';

/** X's names for the time of a message, the most exact first. */
const NAMES = ['timestamp_ms', 'created_at', 'event_at', 'timestampMs', 'postedTime', 'sent'] as const;

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

/** What the parts of a date are where they are not understood; it spoils every sum it goes into. */
const WRONG = Number.NaN;

/**
 * The time the first of these objects gives under one of X's names for it, in epoch milliseconds.
 * What is not a time is passed over; anything that is not an object too.
 */
export function timeIn(...holders: unknown[]): number | undefined {
  for (const holder of holders) {
    if (!isFields(holder)) continue;
    const time = timeUnder(holder, NAMES);
    if (time !== undefined) return time;
  }
  return undefined;
}

/** The first time among the members of those names; see {@link instant}. */
export function timeUnder(holder: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = present(holder, name);
    if (value === undefined) continue;
    const time = instant(value);
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
  if (isDigits(value, 15)) return inRange(Number(value));
  return inRange(value[10] === 'T' ? isoTime(value) : v1Time(value));
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
  const midnight = dayTime(whole(value, end + 16, end + 20), month, whole(value, 8, end));
  return midnight + clockTime(value, end + 1) - offsetTime(value, end + 10, end + 15);
}

/** "2019-09-28T18:05:23.000Z", with any number of decimals or none, and Z, +0000 or +00:00. */
function isoTime(value: string): number {
  if (value[4] !== '-' || value[7] !== '-') return WRONG;
  let zone = 19;
  let milliseconds = 0;
  if (value[19] === '.') {
    zone = 20;
    while (isDigits(value.charAt(zone), 1)) zone++;
    milliseconds = whole(value.slice(20, Math.min(zone, 23)).padEnd(3, '0'), 0, 3);
    if (zone === 20) return WRONG;
  }
  const midnight = dayTime(whole(value, 0, 4), whole(value, 5, 7) - 1, whole(value, 8, 10));
  return midnight + clockTime(value, 11) + milliseconds - offsetTime(value, zone, value.length);
}

function dayTime(year: number, month: number, day: number): number {
  const leapDay = month === 1 && year % 4 === 0 ? 1 : 0;
  // Every fourth year is a leap year, from 2006 to 2099.
  return day >= 1 && day <= (DAYS[month] ?? WRONG) + leapDay ? Date.UTC(year, month, day) : WRONG;
}

/** Milliseconds of "18:05:23" from `at` on. A leap second counts as the next second. */
function clockTime(value: string, at: number): number {
  if (value[at + 2] !== ':' || value[at + 5] !== ':') return WRONG;
  const hours = whole(value, at, at + 2);
  const minutes = whole(value, at + 3, at + 5);
  const seconds = whole(value, at + 6, at + 8);
  return hours < 24 && minutes < 60 && seconds < 61 ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : WRONG;
}

/** Milliseconds that the zone written from `at` to before `end` is ahead of UTC. */
function offsetTime(value: string, at: number, end: number): number {
  const length = end - at;
  if (length === 1 && value[at] === 'Z') return 0;
  if (length !== 5 && !(length === 6 && value[at + 3] === ':')) return WRONG;
  const hours = whole(value, at + 1, at + 3);
  const minutes = whole(value, end - 2, end);
  if (!(hours < 15 && minutes < 60)) return WRONG;
  if (value[at] === '+') return (hours * 60 + minutes) * 60000;
  return value[at] === '-' ? (hours * 60 + minutes) * -60000 : WRONG;
}

/** The place of a name of three letters in a row of such names, from 0. */
function nameIn(names: string, name: string): number {
  const at = names.indexOf(name);
  return at >= 0 && at % 3 === 0 ? at / 3 : WRONG;
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

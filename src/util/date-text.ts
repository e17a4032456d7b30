const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const weekdayNames = 'SunMonTueWedThuFriSat';
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysBeforeMonth = daysInMonth.map((_, month) =>
  daysInMonth.slice(0, month).reduce((sum, days) => sum + days, 0),
);
const dayMs = 86_400_000;
const dash = 45;
const colon = 58;

/** A part of a date that cannot be parsed. Every sum that contains it is NaN too, so only the total is checked. */
const unparsable = Number.NaN;

/**
 * Parses the form of X's API v1.1, "Sat Sep 28 18:05:23 +0000 2019"; the day has one digit or two.
 * @returns epoch milliseconds; NaN for anything else
 */
export function v1Time(value: string): number {
  // The only part of variable length: the day is from 8 to `dayEnd`, and the rest follows.
  const dayEnd = value.length - 20;
  if (dayEnd !== 9 && dayEnd !== 10) return unparsable;
  for (const space of [3, 7, dayEnd, dayEnd + 9, dayEnd + 15]) if (value[space] !== ' ') return unparsable;
  if (Number.isNaN(indexOfName(weekdayNames, value.slice(0, 3)))) return unparsable;
  const month = indexOfName(monthNames, value.slice(4, 7));
  const midnight = midnightOf(fourDigits(value, dayEnd + 16), month, digits(value, 8, dayEnd));
  return midnight + clockMs(value, dayEnd + 1) - offsetMs(value, dayEnd + 10, dayEnd + 15);
}

/**
 * Parses ISO 8601 with an offset, "2019-09-28T18:05:23.000Z"; with any number of decimals or none; with Z, +0000 or
 * +00:00.
 * @returns epoch milliseconds; NaN for anything else
 */
export function isoTime(value: string): number {
  if (value[10] !== 'T') return unparsable;
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

/**
 * Parses the form of RFC 1123, "Sat, 28 Sep 2019 18:05:23 GMT"; the day has one digit or two, and the offset may be
 * +0000 too.
 * @returns epoch milliseconds; NaN for anything else
 */
export function rfc1123Time(value: string): number {
  const [, weekday = '', day = '', month = '', year = '', clock = '', zone = ''] =
    /^(\w{3}), (\d\d?) (\w{3}) (\d{4}) ([\d:]{8}) (GMT|UTC?|[+-]\d{4})$/.exec(value) ?? [];
  if (Number.isNaN(indexOfName(weekdayNames, weekday))) return unparsable;
  const offset = zone.length === 5 ? offsetMs(zone, 0, 5) : 0;
  return midnightOf(Number(year), indexOfName(monthNames, month), Number(day)) + clockMs(clock, 0) - offset;
}

/** Midnight UTC of the date in "2019-09-28…"; NaN where the calendar does not have it. */
export function isoMidnight(value: string): number {
  if (value.charCodeAt(4) !== dash || value.charCodeAt(7) !== dash) return unparsable;
  return midnightOf(fourDigits(value, 0), twoDigits(value, 5) - 1, twoDigits(value, 8));
}

/** Midnight UTC of a day. `month` counts from 0. */
function midnightOf(year: number, month: number, day: number): number {
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (daysInMonth[month] ?? unparsable) + (leapYear && month === 1 ? 1 : 0);
  if (!(day >= 1 && day <= days)) return unparsable;
  const leapDays = leapDaysBefore(year) + (leapYear && month > 1 ? 1 : 0);
  return (365 * (year - 1970) + leapDays + (daysBeforeMonth[month] ?? unparsable) + day - 1) * dayMs;
}

/** The leap days from 1970 to the start of a year. */
const leapDaysBefore = (year: number): number =>
  Math.floor((year - 1969) / 4) - Math.floor((year - 1901) / 100) + Math.floor((year - 1601) / 400);

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
  return name !== '' && position >= 0 && position % 3 === 0 ? position / 3 : unparsable;
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

/** The number in the digits from `start` to before `end`; NaN if there is anything else. */
export function digits(value: string, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) {
    const code = value.charCodeAt(i);
    if (!isDigit(code)) return unparsable;
    number = number * 10 + code - 48;
  }
  return number;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

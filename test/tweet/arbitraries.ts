import fc from 'fast-check';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const FROM = Math.ceil(Date.UTC(2010, 10, 5) / 1000);
const UNTIL = Math.floor(Date.UTC(2039, 11, 31) / 1000);

/** Whole seconds, as v1.1's created_at has them, in epoch milliseconds. */
export const timeOfPosts = fc.integer({ min: FROM, max: UNTIL }).map((seconds) => seconds * 1000);

/** v1.1's form of a time: "Sat Sep 28 18:05:23 +0000 2019". */
export function v1Of(time: number): string {
  const date = new Date(time);
  const [, day, month, year, clock] = date.toUTCString().split(' ');
  return `${DAYS[date.getUTCDay()]} ${month} ${day} ${clock} +0000 ${year}`;
}

/** v2's form of a time. */
export function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** JSON values that X might add to a message one day. */
export const unknownValue = fc.jsonValue({ maxDepth: 3 });

/** Names that no message of X has; with letters that sort before and after all others. */
export const unknownName = fc.string({ maxLength: 8 }).map((text) => `x-${text}`);

import fc from 'fast-check';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const firstSecond = Math.ceil(Date.UTC(2010, 10, 5) / 1000);
const lastSecond = Math.floor(Date.UTC(2039, 11, 31) / 1000);

/** Creation times of posts in epoch milliseconds, in full seconds as in v1.1's created_at. */
export const timeOfPosts = fc.integer({ min: firstSecond, max: lastSecond }).map((seconds) => seconds * 1000);

/** A time as v1.1 writes it: "Sat Sep 28 18:05:23 +0000 2019". */
export function v1Of(time: number): string {
  const date = new Date(time);
  const [, day, month, year, clock] = date.toUTCString().split(' ');
  return `${weekdays[date.getUTCDay()]} ${month} ${day} ${clock} +0000 ${year}`;
}

/** A time as v2 writes it. */
export function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** JSON values that X might add to a message. */
export const unknownValue = fc.jsonValue({ maxDepth: 3 });

/** Names that do not occur in messages of X. */
export const unknownName = fc.string({ maxLength: 8 }).map((text) => `x-${text}`);

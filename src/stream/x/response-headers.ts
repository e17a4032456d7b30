/** Headers of an HTTP response, with lower-case names. */
export type Headers = Record<string, string | string[] | undefined>;

/** A reset or Retry-After further ahead is invalid: X's windows have 15 minutes. */
const longestResetMs = 16 * 60_000;
/** A service that is down may ask for longer. */
const longestRetryAfterMs = 3600_000;

/** The time in the `Date` header, epoch ms; undefined without a valid one. */
export function dateOf(headers: Headers): number | undefined {
  const time = Date.parse(String(headers.date));
  return Number.isNaN(time) ? undefined : time;
}

/**
 * How long `Retry-After` asks to wait, ms: seconds, or a date relative to the response's `Date`.
 * @param longestMs a longer wait is invalid
 * @returns undefined without a valid one
 */
export function retryAfterMs(headers: Headers, longestMs = longestRetryAfterMs): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - (dateOf(headers) ?? Date.now());
  return ms > 0 && ms <= longestMs ? ms : undefined;
}

/**
 * How long X's rate limit asks to wait, ms: until `x-rate-limit-reset`, relative to `Date` because the local clock may
 * differ, where no request is left ("x-rate-limit-remaining" 0 or absent); and `Retry-After`.
 * @returns undefined where neither is present and valid
 */
export function rateLimitWaitMs(headers: Headers): number | undefined {
  const waits = [retryAfterMs(headers, longestResetMs), resetMs(headers, 0)].filter((ms) => ms !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** The last requests of a window that are kept for others, such as a person who tests the App. */
const keptRequests = 3;

/** When X counts its requests from 0, epoch ms, where it reports at most three as left; else undefined. */
export function lastRequestsUntil(headers: Headers): number | undefined {
  if (headers['x-rate-limit-remaining'] === undefined) return undefined;
  const ms = resetMs(headers, keptRequests);
  return ms === undefined ? undefined : Date.now() + ms;
}

/** The time until `x-rate-limit-reset`, ms, where at most `left` requests are left; undefined otherwise or if invalid. */
function resetMs(headers: Headers, left: number): number | undefined {
  const remaining = headers['x-rate-limit-remaining'];
  // X's pages call it both the requests made and the requests left; 0 and absent count as none left.
  if (remaining !== undefined && Number(remaining) > left) return undefined;
  const ms = Number(headers['x-rate-limit-reset']) * 1000 - (dateOf(headers) ?? Date.now());
  return ms > 0 && ms <= longestResetMs ? ms : undefined;
}

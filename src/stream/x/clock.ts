import { Problem } from '../../util/problem';

/** X rejects a signature whose time differs more. */
const toleranceMs = 5 * 60_000;

/**
 * Whether the local clock differs from X's by more than 5 minutes.
 * @param dateHeader the `Date` of a response that has just arrived
 * @param now epoch ms
 * @returns Problem "clock-ahead" or "clock-behind"; undefined for a correct clock or without a valid date
 */
export function clockProblem(dateHeader: string | undefined, now = Date.now()): Problem | undefined {
  const differenceMs = now - Date.parse(dateHeader ?? '');
  // Also for NaN.
  if (!(Math.abs(differenceMs) > toleranceMs)) return undefined;
  const minutes = Math.round(Math.abs(differenceMs) / 60_000);
  return new Problem(differenceMs > 0 ? 'clock-ahead' : 'clock-behind', { minutes });
}

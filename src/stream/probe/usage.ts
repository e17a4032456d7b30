import type { Finding } from '../../util/finding';
import { Problem } from '../../util/problem';
import type { XClient } from '../x/client';

/** Above this share of the cap, the user should know. */
const nearCap = 0.9;

/**
 * The posts that X counted this month ("Usage": GET usage/tweets), which costs nothing.
 * @returns undefined where X does not answer with them: not every App may read its usage
 */
export async function usageFinding(client: XClient): Promise<Finding | undefined> {
  const query = { 'usage.fields': 'cap_reset_day,project_cap,project_usage' };
  try {
    const { body } = await client.request({ method: 'GET', path: 'usage/tweets', query });
    return findingIn(JSON.parse(body));
  } catch {
    // What makes all requests fail is reported by the other steps.
    return undefined;
  }
}

function findingIn(answer: unknown): Finding | undefined {
  const { data } = Object(answer) as { data?: unknown };
  const { project_usage: usage, project_cap: limit, cap_reset_day: reset } = Object(data);
  const [used, cap, day] = [usage, limit, reset].map(numberIn);
  if (used === undefined || cap === undefined) return undefined;
  const params = { used: grouped(used), cap: grouped(cap) };
  const says = day
    ? new Problem('probe-usage-reset', { ...params, day })
    : new Problem('probe-usage', params);
  return { ok: true, ...(used >= cap * nearCap && { hint: true as const }), says };
}

/** X sends numbers as strings. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? number : undefined;
}

const grouped = (count: number): string => count.toLocaleString('en-US');

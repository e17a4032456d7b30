import type { StreamRequest } from '../filtered-stream';
import { invalidParameter, selectionOf, timeOf } from '../query';
import type { Settings } from '../settings';

/** Recovery reaches back this far. */
const LONGEST_RECOVERY = 24 * 3_600_000;

/**
 * Parses the query of the filtered stream.
 * @throws HttpError 400 that names the parameter, as X does
 */
export function streamRequest(query: URLSearchParams, settings: Settings, now: number): StreamRequest {
  const enterprise = ['backfill_minutes', 'start_time', 'end_time'];
  const selection = selectionOf(query, enterprise, settings.unknownFields);
  const minutes = query.get('backfill_minutes');
  if (minutes !== null && !/^[0-5]$/.test(minutes))
    throw invalidParameter(
      'backfill_minutes',
      minutes,
      `The \`backfill_minutes\` query parameter value [${minutes}] is not between 0 and 5`,
    );
  for (const name of enterprise) {
    const value = query.get(name);
    if (value !== null && !settings.enterprise)
      throw invalidParameter(
        name,
        value,
        `The query parameter [${name}] is not available for your access level`,
      );
  }
  const [from, to] = [timeOf(query, 'start_time'), timeOf(query, 'end_time')];
  if (from === undefined && to === undefined) return { selection, backfillMinutes: Number(minutes ?? 0) };
  if (from === undefined || to === undefined || from >= to || from < now - LONGEST_RECOVERY || to > now)
    throw invalidParameter(
      from === undefined ? 'start_time' : 'end_time',
      query.get('start_time') ?? '',
      '`start_time` must be before `end_time`, and both within the last 24 hours',
    );
  return { selection, backfillMinutes: 0, recovery: { from, to } };
}

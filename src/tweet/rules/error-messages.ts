import { asObject, has, type JsonObject, objectAt, stringAt } from '../json-object';
import { classifiedAs } from '../kinds';
import { matched, type RuleMatch } from '../rule-match';
import { timeIn } from '../time';

/** Problems that end the connection, by the last segment of their `type`; the host differs. */
const endingTypes = new Set([
  'operational-disconnect',
  'streaming-connection',
  'client-disconnected',
  'usage-capped',
]);

/** Problems that end the connection, by their `title` in lower case without spaces and hyphens. */
const endingTitles = new Set([
  'operationaldisconnect',
  'connectionexception',
  'clientdisconnected',
  'usagecapexceeded',
  'forceddisconnect',
  'forcedisconnect',
]);

/**
 * Parts of an error text, in lower case, with which v2 and the enterprise streams announce the end of a
 * connection (docs.x.com, handling disconnections; the tests of g8rswimmer/go-twitter for the enterprise streams).
 */
const endingPhrases = [
  'forced disconnect',
  'force disconnect',
  'force closing connection',
  'has been disconnected',
  'usage cap exceeded',
];

/** The errors among the system messages of the enterprise streams (powertrack-rb). The third, `info`, is an event. */
const systemErrors = ['error', 'warn'] as const;

const maxTitleLength = 80;
const maxTextLength = 500;

/**
 * Classifies errors that arrive in place of data: `disconnect` if they end the connection, else `warning`.
 * Covers X API v2's `{"errors": […]}` and bare problem objects, and the enterprise streams'
 * `{"error": {"message", "sent"}}` and `{"warn": …}`.
 *
 * @returns undefined if the message is not an error, or has data too
 */
export function classifyErrorMessage(message: JsonObject): RuleMatch | undefined {
  if (has(message, 'data')) return undefined;
  const { errors } = message;
  if (Array.isArray(errors)) {
    const ends = [message, ...errors].some((error) => {
      const problem = asObject(error);
      return problem !== undefined && endsConnection(problem);
    });
    return matchedError('errors', ends, timeIn(message));
  }
  const member = problemMember(message);
  if (member !== undefined) return matchedError(member, endsConnection(message), timeIn(message));
  for (const name of systemErrors) {
    const error = objectAt(message, name);
    if (!error || stringAt(error, 'message') === undefined) continue;
    return matchedError(name, endsConnection(error), timeIn(error, message));
  }
  return undefined;
}

function matchedError(by: string, ends: boolean, time: number | undefined): RuleMatch {
  return ends
    ? matched('error-ends', by, classifiedAs('disconnect', undefined, time))
    : matched('error-stays', by, classifiedAs('warning', undefined, time));
}

/** The member that identifies a problem object (RFC 7807, or X's short form of it). */
function problemMember(message: JsonObject): string | undefined {
  for (const name of ['connection_issue', 'disconnect_type']) if (has(message, name)) return name;
  const type = stringAt(message, 'type');
  if (type?.includes('/problems/')) return 'type';
  if (stringAt(message, 'title') === undefined) return undefined;
  return stringAt(message, 'detail') !== undefined || type === 'about:blank' ? 'title' : undefined;
}

function endsConnection(problem: JsonObject): boolean {
  if (has(problem, 'disconnect_type') || has(problem, 'connection_issue')) return true;
  const type = stringAt(problem, 'type');
  if (type !== undefined && endingTypes.has(type.slice(type.lastIndexOf('/') + 1))) return true;
  const title = stringAt(problem, 'title');
  if (title !== undefined && endingTitles.has(normalizedTitle(title))) return true;
  const text = `${stringAt(problem, 'detail') ?? ''} ${stringAt(problem, 'message') ?? ''}`
    .slice(0, maxTextLength)
    .toLowerCase();
  return endingPhrases.some((phrase) => text.includes(phrase));
}

function normalizedTitle(title: string): string {
  return title.slice(0, maxTitleLength).toLowerCase().replaceAll(' ', '').replaceAll('-', '');
}

import { child, type Fields, fieldsOf, has, text } from './fields';
import { answer, type Classification, classified } from './kinds';
import { timeIn } from './time';

/** Problems after which X sends nothing more, by the last segment of their `type`, whatever its host. */
const ENDING_TYPES = new Set([
  'operational-disconnect',
  'streaming-connection',
  'client-disconnected',
  'usage-capped',
]);

/** The same by their `title`, in small letters and without anything between the words. */
const ENDING_TITLES = new Set([
  'operationaldisconnect',
  'connectionexception',
  'clientdisconnected',
  'usagecapexceeded',
  'forceddisconnect',
  'forcedisconnect',
]);

/**
 * What the enterprise streams and v2 say in words when they end a connection, in small letters
 * (docs.x.com, handling disconnections; the enterprise ones as g8rswimmer/go-twitter's tests have them).
 */
const ENDING_WORDS = [
  'forced disconnect',
  'force disconnect',
  'force closing connection',
  'has been disconnected',
  'usage cap exceeded',
];

/** Under these names the enterprise streams speak for themselves (powertrack-rb); `info` is the third, and no error. */
const SYSTEM_MESSAGES = ['error', 'warn'] as const;

/**
 * Tells errors apart that come instead of data: `disconnect` where they end the connection, else
 * `warning`. Takes X API v2's `{"errors": […]}` and bare problem objects, and the `{"error":
 * {"message", "sent"}}` and `{"warn": …}` of the enterprise streams.
 *
 * @returns the answer, or undefined for what is no error, and where data came with it
 */
export function classifyError(message: Fields): Classification | undefined {
  if (has(message, 'data')) return undefined;
  const { errors } = message;
  if (Array.isArray(errors)) {
    const ends = [message, ...errors].some((error) => {
      const problem = fieldsOf(error);
      return problem !== undefined && endsConnection(problem);
    });
    return classifiedError('errors', ends, timeIn(message));
  }
  const by = problemBy(message);
  if (by !== undefined) return classifiedError(by, endsConnection(message), timeIn(message));
  for (const name of SYSTEM_MESSAGES) {
    const said = child(message, name);
    if (!said || text(said, 'message') === undefined) continue;
    return classifiedError(name, endsConnection(said), timeIn(said, message));
  }
  return undefined;
}

function classifiedError(by: string, ends: boolean, time: number | undefined): Classification {
  return ends
    ? classified('error-ends', by, answer('disconnect', undefined, time))
    : classified('error-stays', by, answer('warning', undefined, time));
}

/** What shows that a message is a problem object, as in RFC 7807 or as X shortens it. */
function problemBy(message: Fields): string | undefined {
  for (const name of ['connection_issue', 'disconnect_type']) if (has(message, name)) return name;
  const type = text(message, 'type');
  if (type?.includes('/problems/')) return 'type';
  if (text(message, 'title') === undefined) return undefined;
  return text(message, 'detail') !== undefined || type === 'about:blank' ? 'title' : undefined;
}

function endsConnection(problem: Fields): boolean {
  if (has(problem, 'disconnect_type') || has(problem, 'connection_issue')) return true;
  const type = text(problem, 'type');
  if (type !== undefined && ENDING_TYPES.has(type.slice(type.lastIndexOf('/') + 1))) return true;
  const title = text(problem, 'title');
  if (title !== undefined && ENDING_TITLES.has(bare(title))) return true;
  const said = `${text(problem, 'detail') ?? ''} ${text(problem, 'message') ?? ''}`
    .slice(0, 500)
    .toLowerCase();
  return ENDING_WORDS.some((words) => said.includes(words));
}

function bare(title: string): string {
  return title.slice(0, 80).toLowerCase().replaceAll(' ', '').replaceAll('-', '');
}

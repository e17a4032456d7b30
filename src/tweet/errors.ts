import { child, type Fields, has, isFields, present, text } from './fields';
import { answer, type Classified } from './kinds';
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

const ENDING_WORDS = ['forced disconnect', 'force disconnect', 'usage cap exceeded'];

/**
 * Tells errors apart that come instead of data: `disconnect` where they end the connection, else
 * `warning`. Takes X API v2's `{"errors": […]}` and bare problem objects, and the `{"error":
 * {"message", "sent"}}` of the enterprise streams.
 *
 * @returns the answer, or undefined for what is no error, and where data came with it
 */
export function classifyError(message: Fields): Classified | undefined {
  if (has(message, 'data')) return undefined;
  const errors = present(message, 'errors');
  if (Array.isArray(errors)) {
    const ends = errors.some((error) => isFields(error) && endsConnection(error)) || endsConnection(message);
    return answer(ends ? 'disconnect' : 'warning', undefined, timeIn(message));
  }
  if (isProblem(message)) {
    return answer(endsConnection(message) ? 'disconnect' : 'warning', undefined, timeIn(message));
  }
  const error = child(message, 'error');
  if (error && text(error, 'message') !== undefined) {
    return answer(endsConnection(error) ? 'disconnect' : 'warning', undefined, timeIn(error, message));
  }
  return undefined;
}

/** A problem object as in RFC 7807, or as X shortens it. */
function isProblem(message: Fields): boolean {
  if (has(message, 'connection_issue') || has(message, 'disconnect_type')) return true;
  const type = text(message, 'type');
  if (type?.includes('/problems/')) return true;
  return (
    text(message, 'title') !== undefined && (text(message, 'detail') !== undefined || type === 'about:blank')
  );
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

import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';
import { isForeignBody, readErrorBody } from './error-body';
import { requestErrorOf } from './twitter-api-internals';

/** The policy for the next attempt; the waits are in ReconnectBackoff. */
export type Retry = 'dropped' | 'tcp' | 'http' | 'rate-limit' | 'never';

interface KindOfFailure {
  sentence: SentenceKey;
  retry: Retry;
  /** A limit of X caused it: of requests, connections or posts. */
  limited?: boolean;
  /** Shortest wait before the next attempt, ms. */
  waitMs?: number;
}

/** What each kind of failure means. */
const kinds = {
  // No HTTP answer.
  unreachable: { sentence: 'x-unreachable', retry: 'tcp' },
  'connect-timeout': { sentence: 'x-connect-timeout', retry: 'tcp' },
  // An HTTP answer, or an error message in the stream.
  'token-refused': { sentence: 'x-token-refused', retry: 'never' },
  'new-token-refused': { sentence: 'x-new-token-refused', retry: 'never' },
  'key-refused': { sentence: 'x-key-refused', retry: 'never' },
  'no-token': { sentence: 'x-no-token', retry: 'http' },
  forbidden: { sentence: 'x-forbidden', retry: 'never' },
  'no-rules': { sentence: 'x-no-rules', retry: 'never' },
  'usage-cap': { sentence: 'x-usage-cap', retry: 'never', limited: true },
  'rate-limit': { sentence: 'x-rate-limit', retry: 'rate-limit', limited: true },
  'too-many-connections': { sentence: 'x-too-many-connections', retry: 'rate-limit', limited: true },
  provisioning: { sentence: 'x-provisioning', retry: 'http', waitMs: 60_000 },
  'server-error': { sentence: 'x-server-error', retry: 'http' },
  refused: { sentence: 'x-refused', retry: 'never' },
  'unexpected-status': { sentence: 'x-unexpected-status', retry: 'http' },
  'not-the-api': { sentence: 'x-not-the-api', retry: 'http' },
  // The end of an open stream.
  ended: { sentence: 'x-ended', retry: 'dropped' },
  closed: { sentence: 'x-closed', retry: 'dropped' },
  dropped: { sentence: 'x-dropped', retry: 'dropped' },
  stalled: { sentence: 'x-stalled', retry: 'dropped' },
  reopened: { sentence: 'x-reopened', retry: 'dropped' },
  unexpected: { sentence: 'unexpected', retry: 'never' },
} satisfies Record<string, KindOfFailure>;

/** What failed; code decides by this, never by the sentence. */
export type FailureKind = keyof typeof kinds;

/** Where X reported an error: in an HTTP answer (its status), or in a message of an open stream. */
type Origin = number | 'stream';

interface Answer {
  kind: FailureKind;
  /** Statuses or ranges of statuses; without it any origin. */
  in?: (Origin | '4xx' | '5xx')[];
  /** X's own word for the error; without it any. */
  reason?: string[];
}

/**
 * The kind of failure by what X answers: the first row that matches counts. Sources: X's pages "Handling
 * disconnections" and "Error information".
 */
const answers: Answer[] = [
  { kind: 'usage-cap', reason: ['UsageCapExceeded'] },
  { kind: 'provisioning', reason: ['ProvisioningSubscription'] },
  { kind: 'too-many-connections', in: [420, 429, 'stream'], reason: ['TooManyConnections'] },
  { kind: 'forbidden', in: ['stream'], reason: ['client-forbidden'] },
  {
    kind: 'no-rules',
    in: ['stream'],
    reason: ['RuleConfigurationIssue', 'RulesInvalidIssue', 'InvalidRules'],
  },
  { kind: 'ended', in: ['stream'] },
  { kind: 'token-refused', in: [401] },
  { kind: 'usage-cap', in: [402] },
  { kind: 'forbidden', in: [403] },
  { kind: 'no-rules', in: [409] },
  { kind: 'rate-limit', in: [420, 429] },
  { kind: 'server-error', in: [408, '5xx'] },
  { kind: 'refused', in: ['4xx'] },
];

export interface FailureDetails {
  /** The cause in X's own word where there is one, e.g. "TooManyConnections"; it is in `msg.payload.cause`. */
  reason: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Epoch ms before which X accepts no request. */
  notBefore?: number;
  /** Something answered, but not as the X API does: a proxy, a web page. */
  foreign?: boolean;
}

/** A failure of X or of the network on the way: a sentence for people, and data for the reconnect. */
export class XFailure extends Problem {
  readonly retry: Retry;
  /** A limit of X caused it: of requests, connections or posts. */
  readonly limited: boolean;
  readonly reason: string;
  readonly status?: number;
  readonly notBefore?: number;
  readonly foreign: boolean;

  /** @param params the values of the sentence's places */
  constructor(
    readonly kind: FailureKind,
    params: ProblemParams,
    details: FailureDetails,
    options?: { cause?: unknown },
  ) {
    const { sentence, retry, limited = false }: KindOfFailure = kinds[kind];
    super(sentence, params, options);
    this.retry = retry;
    this.limited = limited;
    this.reason = details.reason;
    this.status = details.status;
    this.notBefore = details.notBefore;
    this.foreign = details.foreign ?? false;
  }
}

type Headers = Record<string, string | string[] | undefined>;

/**
 * The failure behind an HTTP answer other than 200.
 * @param body the answer's body as text or parsed
 * @param host named in the sentence
 */
export function failureOfResponse(status: number, body: unknown, headers: Headers, host: string): XFailure {
  const { reason, detail } = readErrorBody(body);
  const kind = kindOf(status, reason);
  const params = { host, status, detail: detail || new Problem('x-no-detail') };
  return new XFailure(kind, params, {
    reason: reason || `HTTP ${status}`,
    status,
    notBefore: notBefore(kind, headers),
    foreign: isForeignBody(body),
  });
}

/**
 * The failure that a message of the stream reports: `errors` without `data`, or a bare problem object.
 * @returns undefined for any other message
 */
export function failureInStream(value: unknown, host: string): XFailure | undefined {
  if (typeof value !== 'object' || value === null || 'data' in value) return undefined;
  if (!('errors' in value) && !('title' in value && ('type' in value || 'detail' in value))) return undefined;
  const { reason, detail } = readErrorBody(value);
  const kind = kindOf('stream', reason);
  const params = { host, status: 200, detail: detail || new Problem('x-no-detail') };
  return new XFailure(kind, params, {
    reason: reason || 'error in the stream',
    notBefore: notBefore(kind, {}),
  });
}

/** A failure below HTTP: name not resolved, connection refused or reset, TLS. */
export function failureOfNetwork(error: unknown, host: string): XFailure {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return new XFailure('unreachable', { host }, { reason: code ?? 'network error' }, { cause: error });
}

/** The failure behind what twitter-api-v2 threw; an XFailure is returned as it is. */
export function failureOf(thrown: unknown, host: string): XFailure {
  if (thrown instanceof XFailure) return thrown;
  if (thrown instanceof ApiResponseError) {
    return failureOfResponse(thrown.code, thrown.data, thrown.headers, host);
  }
  if (thrown instanceof ApiPartialResponseError) {
    const { statusCode, headers } = thrown.response;
    return failureOfResponse(statusCode ?? 0, thrown.rawContent, headers, host);
  }
  return failureOfNetwork(thrown instanceof ApiRequestError ? requestErrorOf(thrown) : thrown, host);
}

function kindOf(origin: Origin, reason: string): FailureKind {
  const range = typeof origin === 'number' && origin >= 400 ? (origin < 500 ? '4xx' : '5xx') : origin;
  const row = answers.find(
    (answer) =>
      (answer.in === undefined || answer.in.includes(origin) || answer.in.includes(range)) &&
      (answer.reason === undefined || answer.reason.includes(reason)),
  );
  return row?.kind ?? 'unexpected-status';
}

const dayMs = 24 * 3600_000;

/** When X accepts the next request, epoch ms: by the kind of failure, or by X's rate-limit headers. */
function notBefore(kind: FailureKind, headers: Headers): number | undefined {
  const { waitMs, retry }: KindOfFailure = kinds[kind];
  if (waitMs !== undefined) return Date.now() + waitMs;
  if (retry !== 'rate-limit') return undefined;
  const remaining = headers['x-rate-limit-remaining'];
  if (remaining !== undefined && Number(remaining) > 0) return undefined;
  const reset = Number(headers['x-rate-limit-reset']) * 1000;
  // A time in the past or in the far future is not plausible.
  return reset > Date.now() && reset < Date.now() + dayMs ? reset : undefined;
}

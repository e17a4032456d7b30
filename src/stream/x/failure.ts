import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import { Problem, type ProblemParams } from '../../util/problem';
import { clockProblem } from './clock';
import {
  beginningOf,
  type InvalidParameter,
  invalidParameters,
  isForeignBody,
  readErrorBody,
} from './error-body';
import { type Cause, type FailureKind, failureKinds, kindOf } from './failure-kinds';
import { proxyErrorOf } from './proxy/proxy-error';
import { type Headers, lastRequestsUntil, rateLimitWaitMs, retryAfterMs } from './response-headers';
import { requestErrorOf } from './twitter-api-internals';

export interface FailureDetails {
  /** The cause in X's own word where there is one, e.g. "TooManyConnections"; it is in `msg.payload.cause`. */
  reason: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Epoch ms before which X accepts no request. */
  notBefore?: number;
  /** Where X counts at most three requests as left: when it counts from 0, epoch ms. */
  resetAt?: number;
  /** Something answered, but not as the X API does: a proxy, a web page. */
  foreign?: boolean;
  /** The query parameters that X rejected. */
  invalid?: InvalidParameter[];
  /** The answer's body. */
  body?: unknown;
}

/** A failure of X or of the network on the way: a sentence for people, and data for the reconnect. */
export class XFailure extends Problem {
  readonly policy: Cause;
  /** A limit of X caused it: of requests, connections, posts or money. */
  readonly limited: boolean;
  readonly reason: string;
  readonly status?: number;
  readonly notBefore?: number;
  readonly resetAt?: number;
  readonly foreign: boolean;
  readonly invalid: InvalidParameter[];
  readonly body?: unknown;

  /** @param params the values of the sentence's places */
  constructor(
    readonly kind: FailureKind,
    params: ProblemParams,
    details: FailureDetails,
    options?: { cause?: unknown },
  ) {
    const {
      sentence,
      cause,
      limited = false,
    }: (typeof failureKinds)[FailureKind] & { limited?: boolean } = failureKinds[kind];
    super(sentence, params, options);
    this.policy = cause;
    this.limited = limited;
    this.reason = details.reason;
    this.status = details.status;
    this.notBefore = details.notBefore;
    this.resetAt = details.resetAt;
    this.foreign = details.foreign ?? false;
    this.invalid = details.invalid ?? [];
    // Not enumerable: an error that is logged must not show a whole page.
    Object.defineProperty(this, 'body', { value: details.body, enumerable: false });
  }
}

/**
 * The failure behind an HTTP answer other than 200.
 * @param body the answer's body as text or parsed
 * @param host named in the sentence
 */
export function failureOfResponse(status: number, body: unknown, headers: Headers, host: string): XFailure {
  const { reason, detail, resetDate } = readErrorBody(body);
  // A rate limit has no body of its own everywhere: v1.1 answers text, X's front answers a page.
  const foreign = isForeignBody(body);
  const limited = status === 420 || status === 429;
  if (foreign && status >= 400 && status < 500 && status !== 408 && !limited) {
    return notTheApi(host, status, body, headers);
  }
  const kind = kindOf(status, reason);
  const { cause }: { cause: Cause } = failureKinds[kind];
  const waitMs =
    cause === 'rate-limit' || cause === 'connections' ? rateLimitWaitMs(headers) : retryAfterMs(headers);
  const said = (foreign ? beginningOf(body) : detail) || noDetail();
  // A wrong clock makes a signature invalid, and X's answer does not say so.
  const clock = status === 401 ? clockProblem(String(headers.date ?? '')) : undefined;
  const params = {
    host,
    status,
    detail: clock ? new Problem('x-detail-clock', { detail: said, clock }) : said,
  };
  return new XFailure(
    kind === 'spend-cap' && resetDate ? 'spend-cap-until' : kind,
    resetDate ? { ...params, date: resetDate } : params,
    {
      reason: reason || `HTTP ${status}`,
      status,
      notBefore: waitMs === undefined ? undefined : Date.now() + waitMs,
      resetAt: lastRequestsUntil(headers),
      foreign,
      invalid: status === 400 ? invalidParameters(body) : [],
      body,
    },
  );
}

/** A response that is not the X API's, such as the page of a proxy. */
export function notTheApi(host: string, status: number, body: unknown, headers: Headers = {}): XFailure {
  const waitMs = retryAfterMs(headers);
  return new XFailure(
    'not-the-api',
    { host, status, start: beginningOf(body) || noDetail() },
    {
      reason: 'not the X API',
      status,
      notBefore: waitMs === undefined ? undefined : Date.now() + waitMs,
      foreign: true,
    },
  );
}

/**
 * The failure that a message of the v2 stream reports: `errors` without `data`, or a bare problem object.
 * @returns undefined for any other message
 */
export function failureInStream(value: unknown, host: string): XFailure | undefined {
  if (typeof value !== 'object' || value === null || 'data' in value) return undefined;
  const problem = 'title' in value && ('type' in value || 'detail' in value);
  if (!('errors' in value) && !problem && !('connection_issue' in value)) return undefined;
  const { reason, detail, resetDate } = readErrorBody(value);
  const kind = kindOf('stream', reason);
  return streamFailure(kind, host, reason || 'error in the stream', detail, resetDate);
}

/** Codes of v1.1's `disconnect` notice (X's page "Streaming message types"; jsha/blocktogether for 13 and 14). */
const v1Codes: Record<string, FailureKind> = {
  2: 'too-many-connections',
  6: 'token-refused',
  7: 'too-many-connections',
  13: 'forbidden',
  14: 'forbidden',
};

/** The failure that a `disconnect` notice or a text line of a v1.1 stream reports; undefined for any other message. */
export function failureInV1Stream(value: unknown, text: string, host: string): XFailure | undefined {
  if (value === undefined) {
    if (!/^exceeded connection limit/i.test(text)) return undefined;
    return streamFailure('too-many-connections', host, 'TooManyConnections', text.slice(0, 120));
  }
  const { disconnect } = Object(value) as { disconnect?: unknown };
  if (typeof disconnect !== 'object' || disconnect === null) return undefined;
  const { code, reason } = disconnect as { code?: unknown; reason?: unknown };
  const detail = [`code ${String(code)}`, reason].filter(Boolean).join(': ');
  return streamFailure(v1Codes[String(code)] ?? 'ended', host, `disconnect ${String(code)}`, detail);
}

function streamFailure(
  kind: FailureKind,
  host: string,
  reason: string,
  detail: string,
  resetDate?: string,
): XFailure {
  const params = { host, status: 200, detail: detail || noDetail() };
  if (kind === 'spend-cap' && resetDate) {
    return new XFailure('spend-cap-until', { ...params, date: resetDate }, { reason });
  }
  return new XFailure(kind, params, { reason });
}

/** A failure below HTTP: name not resolved, connection refused or reset, TLS, a proxy. */
export function failureOfNetwork(error: unknown, host: string): XFailure {
  if (error instanceof XFailure) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const atProxy = proxyErrorOf(error);
  if (atProxy) {
    const { kind, proxy, status, detail } = atProxy;
    const reason = code ?? (status === undefined ? 'proxy error' : `HTTP ${status} from the proxy`);
    const params = { host, proxy, status: status ?? '', cause: detail };
    return new XFailure(kind, params, { reason }, { cause: error });
  }
  return new XFailure('unreachable', { host }, { reason: code ?? 'network error' }, { cause: error });
}

/**
 * The failure behind what twitter-api-v2 threw; an XFailure is returned as it is.
 * @param clean removes secrets from an answer's body
 */
export function failureOf(thrown: unknown, host: string, clean = (body: unknown): unknown => body): XFailure {
  if (thrown instanceof XFailure) return thrown;
  if (thrown instanceof ApiResponseError) {
    return failureOfResponse(thrown.code, clean(thrown.data), thrown.headers, host);
  }
  if (thrown instanceof ApiPartialResponseError) {
    const { statusCode, headers } = thrown.response;
    return failureOfResponse(statusCode ?? 0, clean(thrown.rawContent), headers, host);
  }
  return failureOfNetwork(thrown instanceof ApiRequestError ? requestErrorOf(thrown) : thrown, host);
}

const noDetail = (): Problem => new Problem('x-no-detail');

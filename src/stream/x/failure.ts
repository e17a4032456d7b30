import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';

/** What to do after a failure; the waits are in Backoff. */
export type Retry = 'dropped' | 'tcp' | 'http' | 'rate-limit' | 'never';

type How = Pick<XFailure, 'retry' | 'reason'> &
  Partial<Pick<XFailure, 'status' | 'notBefore' | 'limited' | 'foreign'>>;

/** Why X, or the way to it, failed: a sentence for the person, and what the reconnect needs to know. */
export class XFailure extends Problem {
  readonly retry: Retry;
  /** The cause in X's own word where there is one, e.g. "TooManyConnections". */
  readonly reason: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** Epoch ms before which X does not want to be asked again. */
  readonly notBefore?: number;
  /** X ended it because of a limit: of requests, of connections or of posts. */
  readonly limited: boolean;
  /** Something answered, but not as the X API does: a proxy, a web page. */
  readonly foreign: boolean;

  constructor(key: SentenceKey, params: ProblemParams, how: How, options?: { cause?: unknown }) {
    super(key, params, options);
    this.retry = how.retry;
    this.reason = how.reason;
    this.status = how.status;
    this.notBefore = how.notBefore;
    this.limited = how.limited ?? false;
    this.foreign = how.foreign ?? false;
  }
}

type Headers = Record<string, string | string[] | undefined>;

const dayMs = 24 * 3600_000;
const provisioningMs = 60_000;

/**
 * The failure behind an HTTP answer other than 200. Which ones must not be tried again blindly: X's
 * pages "Handling disconnections" and "Error information".
 * @param body the answer's body as text or parsed
 * @param host named in the sentence
 */
export function failureOfResponse(status: number, body: unknown, headers: Headers, host: string): XFailure {
  const { kind, detail } = readProblem(body);
  const params = { status, detail: detail || 'no detail', host };
  const foreign = typeof body === 'string' && body.trim() !== '' && typeof parsed(body) !== 'object';
  const fail = (key: SentenceKey, retry: Retry, more: { notBefore?: number; limited?: boolean } = {}) =>
    new XFailure(key, params, { retry, reason: kind || `HTTP ${status}`, status, foreign, ...more });

  if (kind === 'UsageCapExceeded' || status === 402) return fail('x-usage-cap', 'never', { limited: true });
  if (kind === 'ProvisioningSubscription') {
    return fail('x-provisioning', 'http', { notBefore: Date.now() + provisioningMs });
  }
  if (status === 429 || status === 420) {
    const key = kind === 'TooManyConnections' ? 'x-too-many-connections' : 'x-rate-limit';
    return fail(key, 'rate-limit', { notBefore: resetOf(headers), limited: true });
  }
  if (status === 401) return fail('x-token-refused', 'never');
  if (status === 403) return fail('x-forbidden', 'never');
  if (status === 409) return fail('x-no-rules', 'never');
  if (status === 408 || status >= 500) return fail('x-server-error', 'http');
  if (status >= 400) return fail('x-refused', 'never');
  return fail('x-unexpected-status', 'http');
}

/**
 * The failure that a message in the stream announces: `errors` without `data`, or a bare problem.
 * @returns undefined where the message is no such thing
 */
export function failureInStream(value: unknown, host: string): XFailure | undefined {
  if (typeof value !== 'object' || value === null || 'data' in value) return undefined;
  if (!('errors' in value) && !('title' in value && ('type' in value || 'detail' in value))) return undefined;
  const { kind, detail } = readProblem(value);
  const params = { host, detail, status: 200 };
  const fail = (key: SentenceKey, retry: Retry, more: { notBefore?: number; limited?: boolean } = {}) =>
    new XFailure(key, params, { retry, reason: kind || 'error in the stream', ...more });

  if (kind === 'UsageCapExceeded') return fail('x-usage-cap', 'never', { limited: true });
  if (kind === 'TooManyConnections') return fail('x-too-many-connections', 'rate-limit', { limited: true });
  if (kind === 'ProvisioningSubscription') {
    return fail('x-provisioning', 'http', { notBefore: Date.now() + provisioningMs });
  }
  if (kind === 'client-forbidden') return fail('x-forbidden', 'never');
  if (['RuleConfigurationIssue', 'RulesInvalidIssue', 'InvalidRules'].includes(kind)) {
    return fail('x-no-rules', 'never');
  }
  return fail('x-ended', 'dropped');
}

/** A failure below HTTP: name not found, refused, reset, TLS. */
export function failureOfNetwork(error: unknown, host: string): XFailure {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const reason = code ?? 'network error';
  return new XFailure('x-unreachable', { host }, { retry: 'tcp', reason }, { cause: error });
}

/**
 * What X says is wrong: `kind` its most telling word, `detail` its sentence. X's problem types moved
 * from api.twitter.com to api.x.com, so only the last part of `type` counts.
 */
export function readProblem(body: unknown): { kind: string; detail: string } {
  const whole = typeof body === 'string' ? parsed(body) : body;
  if (typeof whole !== 'object' || whole === null) return { kind: '', detail: clip(whole) };
  const list = (whole as { errors?: unknown }).errors;
  const first = Array.isArray(list) ? list[0] : undefined;
  const problem = { ...(first as object | undefined), ...whole } as Record<string, unknown>;
  const type = text(problem.type) === 'about:blank' ? '' : (text(problem.type).split(/[/#]/).pop() ?? '');
  const capped = type === 'usage-capped' || problem.title === 'UsageCapExceeded';
  const details = Array.isArray(problem.details) ? problem.details.map(text).join(' ') : '';
  const said = [
    details || text(problem.detail),
    text((first as Record<string, unknown> | undefined)?.message),
  ];
  return {
    kind: capped
      ? 'UsageCapExceeded'
      : text(problem.connection_issue) || text(problem.disconnect_type) || type || text(problem.title),
    detail: clip([...new Set(said)].filter(Boolean).join(' ') || text(problem.title)),
  };
}

/** When X allows the next request, by its rate-limit headers; nonsense and far futures do not count. */
function resetOf(headers: Headers): number | undefined {
  const remaining = headers['x-rate-limit-remaining'];
  const reset = Number(headers['x-rate-limit-reset']) * 1000;
  if (remaining !== undefined && Number(remaining) > 0) return undefined;
  return reset > Date.now() && reset < Date.now() + dayMs ? reset : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const clip = (value: unknown): string => text(value).replace(/\s+/g, ' ').trim().slice(0, 300);

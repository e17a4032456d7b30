import { parsedJson } from '../../util/json-text';

/** What an error of X says. */
export interface ErrorBody {
  /** X's most specific word for the error; '' where there is none. */
  reason: string;
  /** X's sentence; '' where there is none. */
  detail: string;
  /** Of a spend cap: the day when the next billing cycle begins, e.g. "2026-04-14". */
  resetDate?: string;
}

/** A query parameter that X rejected, and the one value of its list, where X names it. */
export interface InvalidParameter {
  parameter: string;
  value?: string;
}

/** X's words for a limit of money, by the last part of `type` or by `title`. */
const capReasons: Record<string, string> = {
  'usage-capped': 'UsageCapExceeded',
  UsageCapExceeded: 'UsageCapExceeded',
  'spend-cap-reached': 'SpendCapReached',
  SpendCapReached: 'SpendCapReached',
  CreditsDepleted: 'CreditsDepleted',
  'credits-depleted': 'CreditsDepleted',
};

/**
 * Reads an error of X from an HTTP body or a message of the stream. X's problem types moved from
 * api.twitter.com to api.x.com, so only the last part of `type` counts.
 * @param body as text or parsed; may be anything
 */
export function readErrorBody(body: unknown): ErrorBody {
  const whole = typeof body === 'string' ? parsed(body) : body;
  if (typeof whole !== 'object' || whole === null) return { reason: '', detail: clip(whole) };
  const first = firstError(whole);
  const problem = { ...first, ...whole } as Record<string, unknown>;
  const type = text(problem.type) === 'about:blank' ? '' : (text(problem.type).split(/[/#]/).pop() ?? '');
  const resetDate = text(problem.reset_date) || undefined;
  const details = Array.isArray(problem.details) ? problem.details.map(text).join(' ') : '';
  const sentences = [details || text(problem.detail), text(first?.message), text(problem.message)];
  const cap = capReasons[text(problem.title)] ?? capReasons[type];
  return {
    reason:
      (resetDate ? 'SpendCapReached' : cap) ??
      (text(problem.connection_issue) || text(problem.disconnect_type) || type || text(problem.title)),
    detail: clip([...new Set(sentences)].filter(Boolean).join(' ') || text(problem.title)),
    resetDate,
  };
}

/** The query parameters that X names in the body of a 400. */
export function invalidParameters(body: unknown): InvalidParameter[] {
  const whole = typeof body === 'string' ? parsed(body) : body;
  const { errors } = Object(whole) as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const { parameters, message } = Object(error) as { parameters?: object; message?: unknown };
    const [, value] = /value \[([^\]]+)\]/.exec(text(message)) ?? [];
    return Object.keys(Object(parameters)).map((parameter) => ({ parameter, value }));
  });
}

/**
 * Whether a body is not an error of X: it is not a JSON object with `title`, `type`, `detail`, `errors` or `error`. It is the
 * page of a proxy or of another server.
 */
export function isForeignBody(body: unknown): boolean {
  const whole = typeof body === 'string' ? parsed(body) : body;
  if (typeof whole !== 'object' || whole === null) return true;
  return !['title', 'type', 'detail', 'errors', 'error'].some((name) => name in whole);
}

/** The beginning of a response that is not X's, on one line, for an error. */
export const beginningOf = (body: unknown): string =>
  clip(typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 120);

/** The first entry of `errors`, or the object in `error`. */
function firstError(whole: object): Record<string, unknown> | undefined {
  const { errors, error } = whole as { errors?: unknown; error?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : error;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
}

/** Parsed, or as it is where it is not JSON. */
function parsed(body: string): unknown {
  const value = parsedJson(body);
  return value === undefined ? body : value;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const clip = (value: unknown): string => text(value).replace(/\s+/g, ' ').trim().slice(0, 300);

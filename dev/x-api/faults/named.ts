import {
  type Body,
  clientForbidden,
  creditsDepleted,
  noRules,
  operationalDisconnect,
  paymentRequired,
  provisioningSubscription,
  rateLimitCode88,
  rateLimitExceeded,
  rulesInvalid,
  spendCapForbidden,
  spendCapReached,
  streamError,
  tooManyConnections,
  tooManyRequests,
  unauthorized,
  unsupportedAuthentication,
  usageCapExceeded,
} from '../problems';
import type { Fault } from './types';

const answer = (status: number, body: Body): Fault => ({ kind: 'answer', status, body });
const line = (problem: Body, close: boolean): Fault => ({
  kind: 'stream-error',
  body: problem.connection_issue ? problem : streamError(problem),
  close,
  afterMs: 1000,
});
const then = (end: 'close' | 'reset' | 'mid-line' | 'silence' | 'truncated-chunk'): Fault => ({
  kind: 'then',
  afterMs: 1000,
  end,
});

/** Every error body of X, and every fault, by name. Those of open streams begin after a second. */
export const namedFaults = {
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  'trickle-headers': { kind: 'trickle-headers', everyMs: 1000 },
  'trickle-body': { kind: 'trickle-body', everyMs: 1000 },
  'html-200': { kind: 'html-200' },
  'not-json-200': { kind: 'not-json-200' },
  'unavailable-503': answer(503, { title: 'Service Unavailable', type: 'about:blank', status: 503 }),
  'provisioning-503': answer(503, provisioningSubscription()),
  'rate-limit-429': answer(429, tooManyRequests()),
  'rate-limit-88-429': answer(429, rateLimitCode88()),
  'too-many-connections-429': answer(429, tooManyConnections()),
  'usage-cap-429': answer(429, usageCapExceeded()),
  'credits-402': answer(402, creditsDepleted()),
  'payment-required-402': answer(402, paymentRequired()),
  'spend-cap-403': answer(403, spendCapReached()),
  'spend-cap-forbidden-403': answer(403, spendCapForbidden()),
  'client-forbidden-403': answer(403, clientForbidden()),
  'unsupported-authentication-403': answer(403, unsupportedAuthentication()),
  'unauthorized-401': answer(401, unauthorized()),
  'no-rules-409': answer(409, noRules()),
  'rules-invalid-409': answer(409, rulesInvalid()),
  'page-403': {
    kind: 'answer',
    status: 403,
    body: '<!DOCTYPE html>\n<html><head><title>Attention required</title></head><body>Blocked</body></html>\n',
  },
  'then-close': then('close'),
  'then-reset': then('reset'),
  'then-mid-line': then('mid-line'),
  'then-silence': then('silence'),
  'then-truncated-chunk': then('truncated-chunk'),
  'operational-disconnect': line(operationalDisconnect(), true),
  'operational-disconnect-open': line(operationalDisconnect(), false),
  'force-disconnect': line(operationalDisconnect('ForceDisconnect'), true),
  'too-many-connections-line': line(tooManyConnections(), false),
  'rate-limit-line': line(rateLimitExceeded(), true),
  'usage-cap-line': line(usageCapExceeded(), true),
  'credits-line': line(creditsDepleted(), true),
  'spend-cap-line': line(spendCapReached(), true),
  gzip: { kind: 'encoding', encoding: 'gzip' },
  deflate: { kind: 'encoding', encoding: 'deflate' },
  br: { kind: 'encoding', encoding: 'br' },
  'corrupt-gzip': { kind: 'encoding', encoding: 'gzip', corruptAfterLines: 5 },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof namedFaults;

export const faultNames = Object.keys(namedFaults) as FaultName[];

/** @throws Error if there is none of that name */
export function faultNamed(name: string): Fault {
  const fault = faultNames.find((known) => known === name);
  if (!fault) throw new Error(`--fault must be a name of --help, not "${name}".`);
  return namedFaults[fault];
}

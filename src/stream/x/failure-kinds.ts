import type { SentenceKey } from '../../util/english';

/** The row of the reconnect policy: see connect/reconnect-policy.ts. */
export type Cause =
  | 'ended'
  | 'network'
  | 'server'
  | 'rate-limit'
  | 'connections'
  | 'provisioning'
  | 'rules'
  | 'person'
  | 'cap';

interface KindOfFailure {
  sentence: SentenceKey;
  cause: Cause;
  /** A limit of X caused it: of requests, connections, posts or money. */
  limited?: boolean;
}

/** What each kind of failure means. */
export const failureKinds = {
  // No HTTP answer of X.
  unreachable: { sentence: 'x-unreachable', cause: 'network' },
  'connect-timeout': { sentence: 'x-connect-timeout', cause: 'network' },
  'proxy-unreachable': { sentence: 'x-proxy-unreachable', cause: 'network' },
  'proxy-auth': { sentence: 'x-proxy-auth', cause: 'network' },
  'proxy-refused': { sentence: 'x-proxy-refused', cause: 'network' },
  'proxy-timeout': { sentence: 'x-proxy-timeout', cause: 'network' },
  'proxy-cut': { sentence: 'x-proxy-cut', cause: 'network' },
  // An HTTP answer, or an error message in the stream.
  'token-refused': { sentence: 'x-token-refused', cause: 'person' },
  'new-token-refused': { sentence: 'x-new-token-refused', cause: 'person' },
  'key-refused': { sentence: 'x-key-refused', cause: 'person' },
  'signature-refused': { sentence: 'x-signature-refused', cause: 'person' },
  'no-token': { sentence: 'x-no-token', cause: 'server' },
  forbidden: { sentence: 'x-forbidden', cause: 'person' },
  'no-rules': { sentence: 'x-no-rules', cause: 'rules' },
  'usage-cap': { sentence: 'x-usage-cap', cause: 'cap', limited: true },
  credits: { sentence: 'x-credits', cause: 'cap', limited: true },
  'spend-cap': { sentence: 'x-spend-cap', cause: 'cap', limited: true },
  'spend-cap-until': { sentence: 'x-spend-cap-until', cause: 'cap', limited: true },
  'rate-limit': { sentence: 'x-rate-limit', cause: 'rate-limit', limited: true },
  'request-budget': { sentence: 'x-request-budget', cause: 'rate-limit', limited: true },
  'too-many-connections': { sentence: 'x-too-many-connections', cause: 'connections', limited: true },
  'other-connection': { sentence: 'x-other-connection', cause: 'connections', limited: true },
  provisioning: { sentence: 'x-provisioning', cause: 'provisioning' },
  'server-error': { sentence: 'x-server-error', cause: 'server' },
  refused: { sentence: 'x-refused', cause: 'person' },
  'unexpected-status': { sentence: 'x-unexpected-status', cause: 'server' },
  'not-the-api': { sentence: 'x-not-the-api', cause: 'server' },
  unexpected: { sentence: 'x-unexpected', cause: 'server' },
  // The end of an open stream.
  ended: { sentence: 'x-ended', cause: 'ended' },
  closed: { sentence: 'x-closed', cause: 'ended' },
  dropped: { sentence: 'x-dropped', cause: 'ended' },
  'proxy-dropped': { sentence: 'x-proxy-cut', cause: 'ended' },
  stalled: { sentence: 'x-stalled', cause: 'ended' },
  reopened: { sentence: 'x-reopened', cause: 'ended' },
} satisfies Record<string, KindOfFailure>;

/** What failed; code decides by this, never by the sentence. */
export type FailureKind = keyof typeof failureKinds;

/** Where X reported an error: in an HTTP answer (its status), or in a message of an open stream. */
export type Origin = number | 'stream';

interface Answer {
  kind: FailureKind;
  /** Statuses or ranges of statuses; without it any origin. */
  in?: (Origin | '4xx' | '5xx')[];
  /** X's own word for the error; without it any. */
  reason?: string[];
}

/**
 * The kind of failure by what X answers: the first row that matches counts. Sources: X's pages "Handling
 * disconnections" and "Error information"; error bodies recorded in public code.
 */
const answers: Answer[] = [
  { kind: 'usage-cap', reason: ['UsageCapExceeded'] },
  { kind: 'spend-cap', reason: ['SpendCapReached'] },
  { kind: 'credits', reason: ['CreditsDepleted'] },
  { kind: 'provisioning', reason: ['ProvisioningSubscription'] },
  { kind: 'too-many-connections', in: [420, 429, 'stream'], reason: ['TooManyConnections'] },
  { kind: 'rate-limit', in: ['stream'], reason: ['rate-limit-exceeded', 'RateLimitExceeded'] },
  { kind: 'forbidden', in: ['stream'], reason: ['client-forbidden'] },
  {
    kind: 'no-rules',
    in: ['stream'],
    reason: ['RuleConfigurationIssue', 'RulesInvalidIssue', 'InvalidRules'],
  },
  { kind: 'ended', in: ['stream'] },
  { kind: 'token-refused', in: [401] },
  { kind: 'credits', in: [402] },
  { kind: 'forbidden', in: [403] },
  { kind: 'no-rules', in: [409] },
  { kind: 'rate-limit', in: [420, 429] },
  { kind: 'server-error', in: [408, '5xx'] },
  { kind: 'refused', in: ['4xx'] },
];

/** The kind of failure behind X's answer. @param reason X's word for it */
export function kindOf(origin: Origin, reason: string): FailureKind {
  const range = typeof origin === 'number' && origin >= 400 ? (origin < 500 ? '4xx' : '5xx') : origin;
  const row = answers.find(
    (answer) =>
      (answer.in === undefined || answer.in.includes(origin) || answer.in.includes(range)) &&
      (answer.reason === undefined || answer.reason.includes(reason)),
  );
  return row?.kind ?? 'unexpected-status';
}

/** The bodies of X's error responses. X still uses api.twitter.com in `type`. */
const PROBLEMS = 'https://api.twitter.com/2/problems';

export type Body = Record<string, unknown>;

export const problemType = (name: string) => `${PROBLEMS}/${name}`;

const blank = (title: string, status: number, detail = title): Body => ({
  title,
  type: 'about:blank',
  status,
  detail,
});

/** The form of problem bodies in X's present documentation. */
const newProblemType = (name: string) => `https://api.x.com/2/problems/${name}`;

export const unauthorized = () => blank('Unauthorized', 401);

export const notFound = () => blank('Not Found', 404);

export const methodNotAllowed = () => blank('Method Not Allowed', 405);

export const tooManyRequests = () => blank('Too Many Requests', 429);

export const unsupportedAuthentication = (): Body => ({
  title: 'Unsupported Authentication',
  detail:
    'Authenticating with OAuth 1.0a User Context is forbidden for this endpoint. ' +
    'Supported authentication types are [OAuth 2.0 Application-Only].',
  type: problemType('unsupported-authentication'),
  status: 403,
});

export const tooManyConnections = (): Body => ({
  title: 'ConnectionException',
  detail: 'This stream is currently at the maximum allowed connection limit.',
  connection_issue: 'TooManyConnections',
  type: problemType('streaming-connection'),
});

export const noRules = (): Body => ({
  title: 'ConnectionException',
  detail:
    'You must define rules using the POST /2/tweets/search/stream/rules endpoint before connecting to filtered stream.',
  connection_issue: 'RuleConfigurationIssue',
  type: problemType('streaming-connection'),
});

export const provisioningSubscription = (): Body => ({
  title: 'ConnectionException',
  detail: 'Your subscription change is currently being provisioned, please try again in a minute.',
  connection_issue: 'ProvisioningSubscription',
  type: problemType('streaming-connection'),
});

export const rulesInvalid = (): Body => ({
  title: 'ConnectionException',
  detail: 'The rules of this stream are invalid.',
  connection_issue: 'RulesInvalidIssue',
  type: problemType('streaming-connection'),
});

/** The monthly cap of posts: HTTP 429, while requests are left in the window. */
export const usageCapExceeded = (period = 'Monthly', scope = 'Product'): Body => ({
  account_id: '1288834974657',
  product_name: 'standard-basic',
  title: 'UsageCapExceeded',
  period,
  scope,
  detail: `Usage cap exceeded: ${period} ${scope.toLowerCase()} cap`,
  type: problemType('usage-capped'),
});

/** HTTP 402, in the form of 2026. */
export const creditsDepleted = (): Body => ({
  account_id: 1288834974657,
  title: 'CreditsDepleted',
  detail: 'Your enrolled account [1288834974657] does not have any credits to fulfill this request.',
  type: problemType('credits'),
});

/** HTTP 402, in the form of the documentation. */
export const paymentRequired = (): Body => ({
  detail: 'credits depleted',
  status: 402,
  title: 'Payment Required',
  type: newProblemType('credits-depleted'),
});

/** HTTP 403, with the date at which the cap ends. */
export const spendCapReached = (resetDate = '2026-12-14'): Body => ({
  title: 'SpendCapReached',
  detail:
    'Your enrolled account [1288834974657] has reached its billing cycle spend cap. ' +
    `API requests will be blocked until the next cycle begins on ${resetDate}.`,
  reset_date: resetDate,
  type: problemType('credits'),
});

/** HTTP 403, without a date. */
export const spendCapForbidden = (): Body => ({
  title: 'Forbidden',
  detail: 'Your monthly spend cap has been reached.',
  type: newProblemType('spend-cap-reached'),
});

/** HTTP 403: the app may not use this endpoint. */
export const clientForbidden = (reason = 'client-not-enrolled'): Body => ({
  client_id: '1288834974657',
  required_enrollment: 'Appropriate Level of API Access',
  registration_url: 'https://developer.x.com/en/portal/petition/essential/basic-info',
  title: 'Client Forbidden',
  detail:
    'When authenticating requests to the X API v2 endpoints, you must use keys and tokens from an App ' +
    'that is attached to a Project.',
  reason,
  type: problemType('client-forbidden'),
});

/** The rate limit in the form of the documentation; the usual form is `tooManyRequests`. */
export const rateLimitCode88 = (): Body => ({ errors: [{ code: 88, message: 'Rate limit exceeded' }] });

/** The rate limit as a problem, also as a line of the stream. */
export const rateLimitExceeded = (): Body => ({
  title: 'Rate Limit Exceeded',
  detail: 'Rate limit exceeded',
  type: newProblemType('rate-limit-exceeded'),
});

/** A line that announces the end of a stream; the list of kinds is in X's OpenAPI description. */
export const operationalDisconnect = (kind = 'UpstreamOperationalDisconnect'): Body => ({
  title: 'operational-disconnect',
  disconnect_type: kind,
  detail: 'This stream has been disconnected upstream for operational reasons.',
  type: newProblemType('operational-disconnect'),
});

export const clientDisconnected = (): Body => ({
  title: 'client-disconnected',
  detail: 'This client has been disconnected from the stream.',
  type: newProblemType('client-disconnected'),
});

/** A problem as a line of the stream. */
export const streamError = (...problems: Body[]): Body => ({ errors: problems });

/** A request that would exceed the cap of rules, without the names of the rules: HTTP 400. */
export const ruleCapExceeded = (cap: number): Body => ({
  title: 'Rule Cap Exceeded',
  detail: `Your request would exceed the maximum of ${cap} rules for this app.`,
  type: problemType('rule-cap'),
});

/** An error of the v1.1 API. */
export const v1Error = (code: number, message: string): Body => ({ errors: [{ code, message }] });

export const wrongCredentials = (): Body => ({
  errors: [{ code: 99, message: 'Unable to verify your credentials', label: 'authenticity_token_error' }],
});

/** A query parameter or a part of the body that X rejects. */
export interface InvalidParameter {
  parameters: Record<string, string[]>;
  message: string;
}

export const invalidRequest = (errors: InvalidParameter[]): Body => ({
  errors,
  title: 'Invalid Request',
  detail: 'One or more parameters to your request was invalid.',
  type: problemType('invalid-request'),
});

export const invalidRule = (value: string, details: string[]): Body => ({
  value,
  details,
  title: 'UnprocessableEntity',
  type: problemType('invalid-rules'),
});

export const duplicateRule = (value: string, id: string): Body => ({
  value,
  id,
  title: 'DuplicateRule',
  type: problemType('duplicate-rules'),
});

export const ruleAboveCap = (value: string, cap: number): Body => ({
  value,
  details: [`Cannot add the rule: the app has ${cap} rules, the maximum.`],
  title: 'RulesCapExceeded',
  type: problemType('rule-cap'),
});

/** A rule that X does not accept for reasons of policy. */
export const noncompliantRule = (value: string): Body => ({
  value,
  details: ['Rule does not comply with the rules of the X API.'],
  title: 'NonCompliantRule',
  type: problemType('noncompliant-rules'),
});

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

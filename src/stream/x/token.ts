import type { Agent } from 'node:http';
import { requestToken, type TokenAnswer } from '../../util/client-credentials';
import type { KeyApp } from './app';
import { failureOfNetwork, failureOfResponse, XFailure } from './failure';
import { redactedBody } from './redact';

/** Longer than any client waits: the client reports its own timeout. */
const requestTimeoutMs = 30_000;

/**
 * Requests the bearer token of an App ("OAuth 2.0 Bearer Token": POST oauth2/token with the key and the secret).
 * twitter-api-v2's appLogin() would send both to api.x.com, whatever the base URL is.
 * @param agent opens the connection; destroying it cancels the request
 * @throws XFailure
 */
export async function fetchToken(app: KeyApp, agent: Agent): Promise<string> {
  const { baseUrl, apiKey, apiSecret } = app;
  const { host } = new URL(baseUrl);
  const client = { url: `${baseUrl}/oauth2/token`, clientId: apiKey, clientSecret: apiSecret };
  let answer: TokenAnswer;
  try {
    answer = await requestToken(client, requestTimeoutMs, agent);
  } catch (error) {
    throw failureOfNetwork(error, host);
  }
  const { status, text, headers, token } = answer;
  if (status >= 400) throw rejection(failureOfResponse(status, redactedBody(text, app), headers, host));
  if (token === undefined) throw new XFailure('no-token', { host }, { reason: 'no token' });
  return token;
}

/** X answers a wrong key with 403 here; a 403 of the stream has another cause. */
function rejection(failure: XFailure): XFailure {
  if (failure.foreign || ![400, 401, 403].includes(failure.status ?? 0)) return failure;
  return new XFailure('key-refused', failure.params, failure);
}

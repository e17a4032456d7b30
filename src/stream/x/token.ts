import type { Agent } from 'node:http';
import { TwitterApi } from 'twitter-api-v2';
import { isPlain, type KeyApp } from './app';
import { failureOf, XFailure } from './failure';

const requestTimeoutMs = 20_000;

/**
 * Asks X for the bearer token of an App ("OAuth 2.0 Bearer Token": POST oauth2/token with the key and the
 * secret). The library's own appLogin() would take both to api.x.com, whatever the base URL says.
 * @param agent opens the request; its end ends it
 * @throws XFailure
 */
export async function fetchToken({ baseUrl, apiKey, apiSecret }: KeyApp, agent: Agent): Promise<string> {
  const { host } = new URL(baseUrl);
  const api = new TwitterApi(
    { username: apiKey, password: apiSecret },
    { httpAgent: agent, compression: false },
  );
  let text: unknown;
  try {
    text = await api.post(
      `${baseUrl}/oauth2/token`,
      { grant_type: 'client_credentials' },
      { forceBodyMode: 'url', forceParseMode: 'text', timeout: requestTimeoutMs },
    );
  } catch (error) {
    throw refusal(failureOf(error, host));
  }
  const token = tokenIn(text);
  if (token === undefined) throw new XFailure('no-token', { host }, { reason: 'no token' });
  return token;
}

/** X answers a wrong key with 403 here; a 403 of the stream means something else. */
function refusal(failure: XFailure): XFailure {
  if (![400, 401, 403].includes(failure.status ?? 0)) return failure;
  return new XFailure('key-refused', failure.params, failure);
}

function tokenIn(text: unknown): string | undefined {
  try {
    const { access_token: token } = JSON.parse(String(text)) as { access_token?: unknown };
    return typeof token === 'string' && isPlain(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

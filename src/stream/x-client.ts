import http from 'node:http';
import https from 'node:https';
import { ApiPartialResponseError, ApiRequestError, ApiResponseError, TwitterApi } from 'twitter-api-v2';
import { Problem } from '../problem';
import { failureOfNetwork, failureOfResponse, type XFailure } from './x-failure';

/** What is needed to speak to X for one developer App. */
export interface XApp {
  /** Without a slash at its end; may have a path. */
  baseUrl: string;
  bearerToken: string;
}

/** One conversation with X: what opens its requests, and the agent whose end ends them all. */
export interface XClient {
  api: TwitterApi;
  agent: http.Agent;
  /** Put before each v2 path. */
  prefix: string;
  host: string;
}

export const userAgent = '@tweet-pipeline/node-red-twitter-kafka';

/**
 * Reads the two fields of the twitter-app dialog.
 * @param token as pasted: spaces, a "Bearer " before it and percent-encoding (X's portal shows both) go
 * @throws Problem "base-url-invalid", "token-missing", "token-env-unset" or "token-invalid"
 */
export function readApp(baseUrl: string | undefined, token: string | undefined): XApp {
  return { baseUrl: readBaseUrl(baseUrl ?? ''), bearerToken: readToken(token ?? '') };
}

/**
 * A client of its own for each connection: only the end of its agent ends a request that is still being
 * opened, and leaves no connection behind that X would count.
 */
export function openClient(app: XApp): XClient {
  const agent = app.baseUrl.startsWith('https:') ? new https.Agent() : new http.Agent();
  const api = new TwitterApi(app.bearerToken, { httpAgent: agent, compression: false });
  return { api, agent, prefix: `${app.baseUrl}/2/`, host: new URL(app.baseUrl).host };
}

/** What twitter-api-v2 threw, as a failure of X or of the way to it. */
export function failureOf(error: unknown, host: string): XFailure {
  if (error instanceof ApiResponseError) {
    return failureOfResponse(error.code, error.data, error.headers, host);
  }
  if (error instanceof ApiPartialResponseError) {
    const { statusCode, headers } = error.response;
    return failureOfResponse(statusCode ?? 0, error.rawContent, headers, host);
  }
  // The library keeps the cause of a failed request where its own getter does not look.
  const inner =
    error instanceof ApiRequestError
      ? (error as unknown as { _options?: { error?: unknown } })._options?.error
      : undefined;
  return failureOfNetwork(inner ?? error, host);
}

function readBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '') || 'https://api.x.com';
  let url: URL | undefined;
  try {
    url = new URL(trimmed);
  } catch {
    // Said below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new Problem('base-url-invalid', { url: url?.password ? '…' : trimmed });
  }
  return trimmed;
}

function readToken(text: string): string {
  const trimmed = text.trim();
  if (/^\$\{.*\}$/.test(trimmed)) throw new Problem('token-env-unset', { name: trimmed.slice(2, -1) });
  const token = trimmed
    .replace(/^Bearer\s+/i, '')
    .replace(/%(3D|2B|2F)/gi, (code) => decodeURIComponent(code))
    .trim();
  if (token === '') throw new Problem('token-missing');
  if (/[^\x21-\x7e]/.test(token)) throw new Problem('token-invalid');
  return token;
}

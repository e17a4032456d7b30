import http from 'node:http';
import https from 'node:https';
import { ApiPartialResponseError, ApiRequestError, ApiResponseError, TwitterApi } from 'twitter-api-v2';
import type { XApp } from './x-app';
import { failureOfNetwork, failureOfResponse, type XFailure } from './x-failure';

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

// The only file that reads members of twitter-api-v2 which its types hide; docs/twitter-api-v2.md says why.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ApiRequestError, TwitterApi } from 'twitter-api-v2';

/** An open response that only its owner reads. */
export interface OpenResponse {
  request: ClientRequest;
  /** Nothing was read from it yet; the status may be any below 400. */
  response: IncomingMessage;
}

/** A request for a stream. */
export interface StreamRequest {
  /** Version of the X API: 2 with the App's bearer token, 1 signed with OAuth 1.0a. */
  version: 1 | 2;
  /** POST sends the parameters as a form. */
  method: 'GET' | 'POST';
  /** Below the base URL and the version, e.g. "tweets/search/stream". */
  path: string;
  parameters: Record<string, string>;
}

/** Protected members of the library's TweetStream. */
interface StreamInternals {
  req: ClientRequest;
  originalResponse: IncomingMessage;
  requestData: { forceParseMode?: 'text' };
}

/**
 * Opens a stream with the library's credentials and takes the response from it. Each call signs with a new nonce. Attach
 * listeners in the same turn: the response starts to flow in the next one.
 * @param prefix the base URL with the version, e.g. "https://api.x.com/2/"
 * @returns rejects with what the library threw, which failureOf reads
 */
export async function openResponse(
  api: TwitterApi,
  prefix: string,
  { version, method, path, parameters }: StreamRequest,
  headers: Record<string, string>,
): Promise<OpenResponse> {
  const client = version === 1 ? api.v1 : api.v2;
  const options = { prefix, headers, autoConnect: false as const, compression: false };
  const stream =
    method === 'POST'
      ? client.postStream(path, parameters, options)
      : client.getStream(path, parameters, options);
  const internals = stream as unknown as StreamInternals;
  // As text, the library leaves an error's body alone. Parsed, it reads into it in a callback, where a body
  // like {"errors":[null]} is an uncaught exception.
  internals.requestData.forceParseMode = 'text';
  await stream.connect({ autoReconnect: false, keepAliveTimeout: 'disable' });
  const { req: request, originalResponse: response } = internals;
  for (const event of ['data', 'error', 'close']) response.removeAllListeners(event);
  request.removeAllListeners('error');
  return { request, response };
}

/** The socket's error behind "Request failed.": the library's getter `requestError` is always undefined. */
export function requestErrorOf(error: ApiRequestError): unknown {
  return (error as unknown as { _options?: { error?: unknown } })._options?.error ?? error;
}

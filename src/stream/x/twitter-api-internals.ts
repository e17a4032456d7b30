// The only file that reads members of twitter-api-v2 which its types hide; docs/twitter-api-v2.md says why.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ApiRequestError, TwitterApi } from 'twitter-api-v2';

/** An open response that only its owner reads. */
export interface OpenResponse {
  request: ClientRequest;
  /** Nothing was read from it yet; the status may be any below 400. */
  response: IncomingMessage;
}

/** Protected members of the library's TweetStream. */
interface StreamInternals {
  req: ClientRequest;
  originalResponse: IncomingMessage;
  requestData: { forceParseMode?: 'text' };
}

/**
 * Opens a v2 stream with the library's credentials and takes the response from it. Attach listeners in the
 * same turn: the response starts to flow in the next one.
 * @param prefix the base URL with "/2/"
 * @returns rejects with what the library threw, which failureOf reads
 */
export async function openResponse(
  api: TwitterApi,
  prefix: string,
  path: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): Promise<OpenResponse> {
  const stream = api.v2.getStream(path, query, { prefix, headers, autoConnect: false, compression: false });
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

import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import { failureOfNetwork, failureOfResponse, XFailure } from './failure';

/** What twitter-api-v2 threw, as a failure of X or of the way to it. */
export function failureOf(error: unknown, host: string): XFailure {
  if (error instanceof XFailure) return error;
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

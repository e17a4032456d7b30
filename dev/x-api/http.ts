import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Body } from './problems';

const MAX_BODY_BYTES = 5_000_000;

/** Sends a JSON response with X's headers. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}

/** An error response, thrown by the code that detects an invalid request; a string body is plain text. */
export class HttpError extends Error {
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly body: Body | string,
    headers: Record<string, string> = {},
  ) {
    super(typeof body === 'string' ? body : String(body.title));
    this.headers = { ...(typeof body === 'string' && { 'content-type': 'text/plain' }), ...headers };
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

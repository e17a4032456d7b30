import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Body } from './problems';

const LARGEST_BODY = 5_000_000;

/** Answers with JSON the way X does. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}

/** An answer thrown from wherever a request turns out to be wrong. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly body: Body,
    readonly headers: Record<string, string> = {},
  ) {
    super(String(body.title));
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

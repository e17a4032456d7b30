import type { ServerResponse } from 'node:http';
import { sendJson } from '../http';
import type { AnswerFault } from './types';

const JSON_TYPE = 'application/json; charset=utf-8';
const PAGE = `<!DOCTYPE html>
<html lang="en">
<head><title>Welcome</title></head>
<body>
<h1>It works</h1>
<p>This is the default page of a web server.</p>
</body>
</html>
`;

/** Applies a fault to a response. `rateLimit` are headers for an answer. */
export function applyFault(
  response: ServerResponse,
  fault: AnswerFault,
  rateLimit: Record<string, string> = {},
): void {
  switch (fault.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'trickle-headers':
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      trickle(response, fault.everyMs, () => response.socket?.write('x'));
      return;
    case 'trickle-body':
      trickleBody(response, fault);
      return;
    case 'answer':
      answer(response, fault, rateLimit);
      return;
    case 'html-200':
      sendJson(response, 200, PAGE, { 'content-type': 'text/html; charset=utf-8' });
      return;
    case 'not-json-200':
      response.writeHead(200, { 'content-type': JSON_TYPE });
      response.write(`${fault.line ?? 'Welcome to this gateway'}\r\n`);
      if (fault.close !== false) response.end();
  }
}

function answer(
  response: ServerResponse,
  { status, body, headers, bare }: Extract<AnswerFault, { kind: 'answer' }>,
  rateLimit: Record<string, string>,
): void {
  const page = typeof body === 'string' && body.trimStart().startsWith('<');
  sendJson(response, status, body, {
    ...(page && { 'content-type': 'text/html; charset=utf-8' }),
    ...(status === 429 && !bare && rateLimit),
    ...headers,
  });
}

function trickleBody(
  response: ServerResponse,
  { everyMs, status = 200, body }: Extract<AnswerFault, { kind: 'trickle-body' }>,
): void {
  response.writeHead(status, { 'content-type': JSON_TYPE });
  response.flushHeaders();
  const rest = [...Buffer.from(body ?? '')];
  trickle(response, everyMs, () => {
    const byte = body === undefined ? 0x20 : rest.shift();
    if (byte === undefined) response.end();
    else response.write(Buffer.of(byte));
  });
}

function trickle(response: ServerResponse, everyMs: number, step: () => void): void {
  const timer = setInterval(step, everyMs);
  response.once('close', () => clearInterval(timer));
}

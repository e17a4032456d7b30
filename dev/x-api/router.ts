import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { RULES, STREAM, v2Endpoints } from './endpoints';
import { applyFault } from './faults/answer';
import { HttpError, readBody, sendJson } from './http';
import type { ConnectRecord } from './log';
import type { Call, Endpoints, Parts } from './parts';
import { methodNotAllowed, notFound } from './problems';

/** The endpoints whose connections the log records. */
const streamEndpoints: Record<string, string> = {
  [STREAM]: 'filtered_stream',
  '/1.1/statuses/filter.json': 'v1_stream',
  '/1.1/statuses/sample.json': 'v1_stream',
};

/** Routes requests to endpoints, records them, and turns errors into X's responses. */
export function router(parts: Parts, v1Endpoints: Endpoints): RequestListener {
  const endpoints: Endpoints = { ...v2Endpoints(parts), ...v1Endpoints };
  return (request, response) => {
    // A client that disconnects while it sends its body has no use for an error.
    answer(parts, endpoints, request, response).catch(() => response.destroy());
  };
}

async function answer(
  parts: Parts,
  endpoints: Endpoints,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log, clock, requestFaults } = parts;
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const method = request.method ?? '';
  const at = Date.now();
  response.sendDate = false;
  response.setHeader('date', clock.date());
  log.count(method, pathname);
  const record = connectRecord(parts, response, pathname, search);
  // A GET is answered within this turn, in the order of arrival.
  const body = method === 'GET' ? '' : await readBody(request);
  const call: Call = { request, response, path: pathname, query: searchParams, record, body };
  try {
    const path = pathname.replace(/^(\/2\/connections)\/[^/]+$/, '$1/:endpoint');
    const methods = endpoints[path];
    if (!methods) throw new HttpError(404, notFound());
    const handler = methods[method];
    if (!handler) throw new HttpError(405, methodNotAllowed());
    const fault = requestFaults.take(method, pathname);
    if (fault) applyFault(response, fault);
    else handler(call);
  } catch (error) {
    sendError(response, error);
  }
  const status = response.headersSent ? response.statusCode : 0;
  if (record) record.status = status;
  if (pathname === RULES) log.ruleRequests.push({ at, method, query: search.slice(1), body, status });
}

function connectRecord(
  { log }: Parts,
  response: ServerResponse,
  path: string,
  search: string,
): ConnectRecord | undefined {
  const endpoint = streamEndpoints[path];
  if (!endpoint) return undefined;
  const recovery = /[?&](start|end)_time=/.test(search);
  const record = log.connect({
    endpoint: recovery ? `${endpoint} recovery` : endpoint,
    path,
    query: search.slice(1),
  });
  response.once('close', () => {
    record.status = response.headersSent ? response.statusCode : 0;
    log.closed(record);
  });
  return record;
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof HttpError) sendJson(response, error.status, error.body, error.headers);
  else if (response.headersSent) response.destroy();
  else
    sendJson(response, 500, {
      title: 'Internal Server Error',
      status: 500,
      detail: String(error),
      type: 'about:blank',
    });
}

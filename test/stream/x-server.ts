import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

interface ServerRule {
  id: string;
  value: string;
  tag?: string;
}

/** An X API for one test, which sets the faults; everything else succeeds. */
export interface XServer {
  readonly url: string;
  readonly rules: ServerRule[];
  /** Requests so far, as "GET /2/…?query", with the body of a POST at the end. */
  readonly requests: string[];
  /** The open streams, the newest last. */
  readonly streams: ServerResponse[];
  readonly sockets: Set<Socket>;
  /** Answers a request for the stream. */
  onStream: (request: IncomingMessage, response: ServerResponse) => void;
  /** The error for a rule that X rejects; undefined: accepted. */
  rejects: (value: string) => object | undefined;
  /** Returns true where it answered a request about rules itself. */
  onRules: (request: IncomingMessage, response: ServerResponse, body: string) => boolean;
  /** Returns true where it answered a request for another path. */
  onOther: (request: IncomingMessage, response: ServerResponse, body: string) => boolean;
  send(...lines: string[]): void;
  close(): Promise<void>;
}

/** Starts an X API on the loopback interface, below the path "/gateway". */
export async function startXServer(): Promise<XServer> {
  let ids = 1000;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    x.requests.push(`${request.method} ${request.url}${body ? ` ${body}` : ''}`);
    const { pathname } = new URL(request.url ?? '', 'http://x');
    if (pathname === '/gateway/2/tweets/search/stream') x.onStream(request, response);
    else if (pathname !== '/gateway/2/tweets/search/stream/rules') {
      if (!x.onOther(request, response, body)) answer(response, 404, { title: 'Not Found' });
    } else if (!x.onRules(request, response, body)) answerRules(request.method, body, response);
  });

  function answerRules(method: string | undefined, body: string, response: ServerResponse): void {
    if (method === 'GET') {
      answer(response, 200, x.rules.length > 0 ? { data: x.rules, meta: {} } : { meta: { result_count: 0 } });
      return;
    }
    const command = JSON.parse(body) as {
      add?: { value: string; tag?: string }[];
      delete?: { ids: string[] };
    };
    const data: ServerRule[] = [];
    const errors: object[] = [];
    for (const rule of command.add ?? []) {
      const same = x.rules.find(({ value }) => value === rule.value);
      const reason = x.rejects(rule.value);
      if (same)
        errors.push({ value: same.value, id: same.id, title: 'DuplicateRule', type: '…/duplicate-rules' });
      else if (reason) errors.push(reason);
      else data.push({ id: String(ids++), ...rule });
    }
    x.rules.push(...data);
    for (const id of command.delete?.ids ?? []) {
      const at = x.rules.findIndex((rule) => rule.id === id);
      if (at >= 0) x.rules.splice(at, 1);
    }
    answer(response, 201, { data, meta: { summary: {} }, ...(errors.length > 0 && { errors }) });
  }

  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const x: XServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway`,
    rules: [],
    requests: [],
    streams: [],
    sockets,
    onStream: (_request, response) => {
      x.streams.push(response);
      response.writeHead(200, dateHeader());
      response.flushHeaders();
    },
    rejects: () => undefined,
    onRules: () => false,
    onOther: () => false,
    send: (...lines) => {
      for (const line of lines) x.streams.at(-1)?.write(`${line}\r\n`);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return x;
}

/** The time by the test's clock, which may be a virtual one; Node.js would send the time of the machine. */
export const dateHeader = (): { date: string } => ({ date: new Date().toUTCString() });

/** Sends an answer with JSON, like X. */
export function answer(response: ServerResponse, status: number, body: object | string, headers = {}): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...dateHeader(), ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A post as the stream sends it. */
export function post(id: string, ...ruleIds: string[]): string {
  return JSON.stringify({
    data: { id, text: 'é 😀' },
    ...(ruleIds.length > 0 && { matching_rules: ruleIds.map((rule) => ({ id: rule, tag: '' })) }),
  });
}

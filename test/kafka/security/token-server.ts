import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServer {
  url: string;
  /** The requests, in order. */
  requests: Array<{ authorization: string; body: string }>;
  /** Makes the next answers. @param now epoch seconds */
  answer: (now: number) => { status?: number; headers?: Record<string, string>; body: unknown };
  stop(): Promise<void>;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned token that expires in `seconds` (already expired if negative). */
export function unsigned(now: number, seconds: number): string {
  return `${part({ alg: 'none' })}.${part({ sub: 'alice', iat: now - 7200, exp: now + seconds })}.`;
}

/** A server that issues tokens by the client-credentials grant to any client. */
export async function startTokenServer(): Promise<TokenServer> {
  const server = createServer(async (request, response) => {
    self.requests.push({ authorization: request.headers.authorization ?? '', body: await bodyOf(request) });
    const { status = 200, headers = {}, body } = self.answer(Math.floor(Date.now() / 1000));
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    requests: [],
    answer: (now) => ({ body: { access_token: unsigned(now, 3600), expires_in: 3600 } }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

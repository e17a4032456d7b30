import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServer {
  url: string;
  /** What it was asked, in order: the Authorization header and the body. */
  asked: Array<{ authorization: string; body: string }>;
  /** How it answers from now on. */
  answer: (now: number) => { status?: number; headers?: Record<string, string>; body: unknown };
  stop(): Promise<void>;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that nobody has signed, valid for so many seconds from now (in the past if negative). */
export function unsigned(now: number, seconds: number): string {
  return `${part({ alg: 'none' })}.${part({ sub: 'alice', iat: now - 7200, exp: now + seconds })}.`;
}

/** A server that gives out tokens by the client-credentials grant, whatever the client. */
export async function startTokenServer(): Promise<TokenServer> {
  const server = createServer(async (request, response) => {
    self.asked.push({ authorization: request.headers.authorization ?? '', body: await bodyOf(request) });
    const { status = 200, headers = {}, body } = self.answer(Math.floor(Date.now() / 1000));
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked: [],
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

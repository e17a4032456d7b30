import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { startXApi } from '../../../dev/x-api/server';
import type { KeyApp } from '../../../src/stream/x/app';
import { Connection } from '../../../src/stream/x/connection';
import { XFailure } from '../../../src/stream/x/failure';
import { RulesApi } from '../../../src/stream/x/rules-api';
import { until } from '../../until';
import { answer } from '../x-server';

let server: Server;
let app: KeyApp;
/** Requests so far, each with its credentials. */
let seen: string[];
/** Tokens that the rules take. */
let taken: string[];
/** The next tokens given out. */
let given: (string | { status: number; body: object | string })[];

beforeEach(async () => {
  seen = [];
  taken = ['token-1', 'token-2'];
  given = ['token-1', 'token-2', 'token-3'];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization = '' } = request.headers;
    seen.push(`${request.method} ${request.url} ${authorization}${body && ` ${body}`}`);
    if (request.url === '/gateway/oauth2/token') {
      const next = given.shift() ?? 'none left';
      if (typeof next === 'object') answer(response, next.status, next.body);
      else answer(response, 200, { token_type: 'bearer', access_token: next });
    } else if (taken.includes(authorization.replace('Bearer ', ''))) answer(response, 200, { meta: {} });
    else answer(response, 401, { title: 'Unauthorized', detail: 'Unauthorized' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway`;
  app = { baseUrl, apiKey: 'k:ey', apiSecret: 's/cret' };
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function list(): Promise<unknown> {
  const api = new RulesApi(app);
  try {
    return await api.list();
  } finally {
    api.close();
  }
}

const asked = (): string[] =>
  seen.map((line) => line.split(' ').slice(0, 2).join(' ').split('?')[0] as string);
const token = 'POST /gateway/oauth2/token';
const rules = 'GET /gateway/2/tweets/search/stream/rules';

test('token: first use -> requested below the base URL, then kept', async () => {
  await list();
  await list();
  assert.deepEqual(asked(), [token, rules, rules]);
  const basic = Buffer.from('k%3Aey:s%2Fcret').toString('base64');
  assert.equal(seen[0], `${token} Basic ${basic} grant_type=client_credentials`);
  assert.match(seen[1] ?? '', /Bearer token-1$/);
});

test('token: rejected by X -> requested again, once', async () => {
  await list();
  taken = ['token-2'];
  await list();
  assert.deepEqual(asked(), [token, rules, rules, token, rules]);
  taken = [];
  await assert.rejects(list(), { key: 'x-new-token-refused', policy: 'person', status: 401 });
  assert.deepEqual(asked().slice(5), [rules, token, rules]);
});

test('token: new token rejected -> not requested again', async () => {
  taken = [];
  await assert.rejects(list(), { key: 'x-new-token-refused' });
  assert.deepEqual(asked(), [token, rules]);
});

test('token: failed request -> error without the secret', async () => {
  const wrong = { errors: [{ code: 99, message: 'Unable to verify your credentials' }] };
  const cases: [(typeof given)[number], string, string][] = [
    [{ status: 403, body: wrong }, 'x-key-refused', 'person'],
    [{ status: 401, body: { title: 'Unauthorized' } }, 'x-key-refused', 'person'],
    [{ status: 401, body: '' }, 'x-not-the-api', 'server'],
    [{ status: 403, body: '<html></html>' }, 'x-not-the-api', 'server'],
    [{ status: 503, body: '<html></html>' }, 'x-server-error', 'server'],
    [{ status: 429, body: {} }, 'x-rate-limit', 'rate-limit'],
    [{ status: 404, body: { title: 'Not Found' } }, 'x-refused', 'person'],
    [{ status: 404, body: {} }, 'x-not-the-api', 'server'],
    [{ status: 200, body: { token_type: 'bearer' } }, 'x-no-token', 'server'],
    [{ status: 200, body: '<html></html>' }, 'x-no-token', 'server'],
    ['not a token', 'x-no-token', 'server'],
  ];
  for (const [answered, key, policy] of cases) {
    given = [answered];
    await assert.rejects(list(), (error) => {
      assert.ok(error instanceof XFailure);
      assert.deepEqual([error.key, error.policy], [key, policy]);
      assert.doesNotMatch(error.message, /s\/cret|__/);
      return true;
    });
  }
  server.close();
  server.closeAllConnections();
  await assert.rejects(list(), { key: 'x-unreachable', reason: 'ECONNREFUSED' });
});

test('token: stream closed during the request -> no connection opened', async () => {
  const held: (() => void)[] = [];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    seen.push(String(request.url));
    held.push(() => answer(response, 200, { access_token: 'token-1' }));
  });
  const ends: XFailure[] = [];
  const request = { version: 2, method: 'GET', path: 'tweets/search/stream', parameters: {} } as const;
  const connection = new Connection(
    { app, request, connectTimeoutMs: 30_000, stallTimeoutMs: 30_000 },
    { onOpen: () => {}, onBytes: () => {}, onEnd: (failure) => ends.push(failure) },
  );
  await until(() => held.length === 1, 'the request for the token');
  connection.close();
  held[0]?.();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  assert.deepEqual(seen, ['/gateway/oauth2/token']);
  assert.deepEqual(ends, []);
});

test('simulator: its key and secret -> its token', async () => {
  const x = await startXApi({ rules: [{ value: 'basketball' }] });
  try {
    app = { baseUrl: x.url, apiKey: 'simulated-key', apiSecret: 'simulated-secret' };
    assert.equal(((await list()) as unknown[]).length, 1);
    app = { ...app, fetchedToken: undefined, apiSecret: 'other' };
    await assert.rejects(list(), { key: 'x-key-refused', status: 403 });
  } finally {
    await x.close();
  }
});

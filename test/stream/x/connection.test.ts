import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Connection } from '../../../src/stream/x/connection';
import type { XFailure } from '../../../src/stream/x/failure';
import { until } from '../../until';
import { answer, startXServer, type XServer } from '../x-server';

let x: XServer;
let text: string;
let opened: number;
let ends: XFailure[];
let connection: Connection | undefined;

beforeEach(async () => {
  x = await startXServer();
  text = '';
  opened = 0;
  ends = [];
});

afterEach(async () => {
  connection?.close();
  await x.close();
});

function open(
  options: { connectTimeoutMs?: number; stallTimeoutMs?: number; baseUrl?: string } = {},
): Connection {
  const { connectTimeoutMs = 30_000, stallTimeoutMs = 30_000, baseUrl = x.url } = options;
  const app = { baseUrl, bearerToken: 'secret-token' };
  const query = { 'tweet.fields': 'referenced_tweets,created_at' };
  connection = new Connection(
    {
      app,
      request: { version: 2, method: 'GET', path: 'tweets/search/stream', parameters: query },
      connectTimeoutMs,
      stallTimeoutMs,
    },
    {
      onOpen: () => {
        opened++;
      },
      onBytes: (chunk) => {
        text += chunk.toString('latin1');
      },
      onEnd: (failure) => ends.push(failure),
    },
  );
  return connection;
}

test('connection: request -> token, query, path of the base URL, no compression', async () => {
  let headers: Record<string, unknown> = {};
  x.onStream = (request, response) => {
    headers = request.headers;
    response.writeHead(200).write('{}\r\n');
  };
  open();
  await until(() => text === '{}\r\n', 'the first bytes');
  assert.equal(headers.authorization, 'Bearer secret-token');
  assert.equal(headers['accept-encoding'], undefined);
  assert.match(String(headers['user-agent']), /node-red/);
  assert.match(x.requests[0] ?? '', /^GET \/gateway\/2\/tweets\/search\/stream\?tweet\.fields=/);
  assert.equal(opened, 1);
});

test('connection: small chunks -> every byte, from the first one', async () => {
  const sent = `${'{"text":"日本語"}\r\n'.repeat(50)}`;
  x.onStream = (_request, response) => {
    response.socket?.setNoDelay(true);
    response.writeHead(200);
    const bytes = Buffer.from(sent);
    let at = 0;
    const next = (): void => {
      if (at >= bytes.length) return;
      response.write(bytes.subarray(at, at + 7));
      at += 7;
      setImmediate(next);
    };
    next();
  };
  open();
  await until(() => text.length === Buffer.byteLength(sent), 'all bytes');
  assert.equal(Buffer.from(text, 'latin1').toString(), sent);
});

test('connection: ended by X -> x-closed; broken -> x-dropped', async () => {
  for (const [act, key] of [
    ['end', 'x-closed'],
    ['destroy', 'x-dropped'],
  ] as const) {
    open();
    await until(() => x.streams.length > 0, 'the stream');
    x.streams.pop()?.[act]();
    await until(() => ends.length === 1, 'the end');
    assert.equal(ends[0]?.key, key);
    assert.equal(ends.pop()?.policy, 'ended');
  }
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('connection: error answer with any body -> its status and detail', async () => {
  const bodies: [number, string, RegExp][] = [
    [401, '{"title":"Unauthorized","detail":"Bad token"}', /401: Bad token/],
    [429, '{"connection_issue":"TooManyConnections","detail":"Too many"}', /429: Too many/],
    [503, '<html>\nupstream gone', /503: <html> upstream gone/],
    [500, '', /500: no detail/],
    [400, '{"errors":[null]}', /400: no detail/],
    [302, '', /302/],
    [204, '', /204/],
  ];
  for (const [status, body, sentence] of bodies) {
    x.onStream = (_request, response) => answer(response, status, body);
    open();
    await until(() => ends.length === 1, `the end with ${status}`);
    const failure = ends.pop();
    assert.equal(failure?.status, status);
    assert.match(failure?.message ?? '', sentence);
    assert.doesNotMatch(failure?.message ?? '', /secret-token/);
  }
  assert.equal(opened, 0);
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('connection: refused port -> x-unreachable', async () => {
  await x.close();
  open();
  await until(() => ends.length === 1, 'the end');
  assert.equal(ends[0]?.key, 'x-unreachable');
  assert.equal(ends[0]?.reason, 'ECONNREFUSED');
  assert.equal(ends[0]?.policy, 'network');
  assert.match(ends[0]?.message ?? '', /ECONNREFUSED/);
});

test('connection: accepted without an answer -> x-connect-timeout', async () => {
  x.onStream = () => {};
  open({ connectTimeoutMs: 50 });
  await until(() => ends.length === 1, 'the timeout');
  assert.equal(ends[0]?.key, 'x-connect-timeout');
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('connection: keep-alives -> stays open; none -> x-stalled', async () => {
  open({ stallTimeoutMs: 300 });
  await until(() => x.streams.length === 1, 'the stream');
  let beats = 0;
  const beat = setInterval(() => {
    beats++;
    x.streams[0]?.write('\r\n');
  }, 20);
  await until(() => beats === 40, 'more than twice the stall timeout');
  assert.equal(ends.length, 0);
  clearInterval(beat);
  await until(() => ends.length === 1, 'the stall');
  assert.equal(ends[0]?.key, 'x-stalled');
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('connection: closed while being opened -> no socket left', async () => {
  const pending: (() => void)[] = [];
  x.onStream = (_request, response) => pending.push(() => response.writeHead(200).write('{}\r\n'));
  const early = open();
  await until(() => pending.length === 1, 'the request');
  early.close();
  pending[0]?.();
  await until(() => x.sockets.size === 0, 'no socket left');
  open().close();
  open();
  await until(() => pending.length === 2, 'the third request alone');
  pending[1]?.();
  await until(() => text === '{}\r\n', 'its data alone');
  assert.equal(opened, 1);
  assert.equal(ends.length, 0);
});

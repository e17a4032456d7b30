import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { brotliCompressSync, createGzip, deflateSync } from 'node:zlib';
import { answer, post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

const quarterHour = 15 * 60_000;
const connectionLimit = {
  title: 'ConnectionException',
  detail: 'This stream is currently at the maximum allowed connection limit.',
  connection_issue: 'TooManyConnections',
  type: 'https://api.twitter.com/2/problems/streaming-connection',
};
const operational = {
  title: 'operational-disconnect',
  disconnect_type: 'UpstreamOperationalDisconnect',
  detail: 'This stream has been disconnected upstream for operational reasons.',
  type: 'https://api.x.com/2/problems/operational-disconnect',
};
const unauthorized = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };

for (const [cause, error] of [
  ['UpstreamOperationalDisconnect', operational],
  ['TooManyConnections', connectionLimit],
] as const) {
  test(`faults: ${cause} in the stream, which stays open -> closed after 5 s, it is the cause`, async (t) => {
    const { x, clock, subscribe, until, connects } = await setUpSharedStream(t);
    const a = subscribe('a');
    await a.connected();
    const keepAlives = setInterval(() => x.streams.at(-1)?.write('\r\n'), 1000);
    t.after(() => clearInterval(keepAlives));
    await clock.advance(70_000);
    const sentAt = clock.now;
    x.send(JSON.stringify({ errors: [error] }));
    await until(() => a.eventsWithCause[1] === `disconnected ${cause}`, 'disconnected');
    assert.equal(clock.now - sentAt, 5000);
    await a.connected();
    assert.equal(connects(), 2);
  });
}

test('faults: another error in the stream, posts go on -> stays connected', async (t) => {
  const { x, clock, subscribe, ruleId, connects } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.send('{"errors":[{"title":"Field Authorization Error","detail":"x"}]}', post('1', ruleId('rule of a')));
  await clock.advance(20_000);
  assert.equal(connects(), 1);
  assert.equal(a.last.state, 'connected');
});

test('faults: one 401 in a stream that worked -> failed, and connected again after 15 min', async (t) => {
  const { x, clock, subscribe, connects } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const keepAlives = setInterval(() => x.streams.at(-1)?.write('\r\n'), 10_000);
  t.after(() => clearInterval(keepAlives));
  const { onStream } = x;
  x.onStream = (_request, response) => {
    x.onStream = onStream;
    answer(response, 401, unauthorized);
  };
  x.streams[0]?.destroy();
  await clock.advance(1000);
  assert.equal(a.last.state, 'failed');
  await clock.advance(quarterHour);
  assert.equal(connects(), 2);
  await clock.advance(quarterHour / 10);
  assert.equal(a.last.state, 'connected');
  assert.deepEqual(a.events.filter(({ event }) => event === 'gap').length, 1);
});

for (const [name, status, body] of [
  ['usage cap', 429, { title: 'UsageCapExceeded', period: 'Monthly', type: '…/usage-capped', detail: 'cap' }],
  [
    'credits',
    402,
    { title: 'CreditsDepleted', type: 'https://api.twitter.com/2/problems/credits', detail: 'no' },
  ],
  [
    'spend cap',
    403,
    { title: 'SpendCapReached', reset_date: '2026-09-14', type: '…/credits', detail: 'cap' },
  ],
] as const) {
  test(`faults: ${name} for an hour -> one request every 15 min, then connected`, async (t) => {
    const { x, clock, subscribe, connects } = await setUpSharedStream(t);
    const { onStream } = x;
    x.onStream = (_request, response) => answer(response, status, body);
    const a = subscribe('a');
    await clock.advance(4 * quarterHour);
    assert.equal(a.last.state, 'failed');
    assert.ok(connects() >= 4 && connects() <= 5, `${connects()} connects`);
    if (name === 'spend cap')
      assert.match('problem' in a.last ? a.last.problem.message : '', /begins on 2026-09-14/);
    x.onStream = onStream;
    await a.connected();
  });
}

test('faults: rules deleted by another client -> restored within 15 min, and at once after 409', async (t) => {
  const { x, clock, subscribe, connects } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const keepAlives = setInterval(() => x.streams.at(-1)?.write('\r\n'), 20_000);
  t.after(() => clearInterval(keepAlives));
  x.rules.length = 0;
  await clock.advance(quarterHour);
  assert.deepEqual(
    x.rules.map(({ value }) => value),
    ['rule of a'],
  );
  assert.equal(connects(), 1);
  x.rules.length = 0;
  const { onStream } = x;
  x.onStream = (request, response) => {
    if (x.rules.length > 0) onStream(request, response);
    else answer(response, 409, { title: 'ConnectionException', connection_issue: 'RuleConfigurationIssue' });
  };
  x.streams[0]?.destroy();
  await clock.advance(1000);
  assert.equal(x.rules.length, 1);
  assert.equal(a.last.state, 'connected');
});

for (const [name, deliver, endMs] of [
  ['a post, then close', post('1'), 10],
  ['a keep-alive, then close', '', 10],
  ['11 s of posts, then close', post('1'), 11_000],
  ['61 s of posts, then close', post('1'), 61_000],
] as const) {
  test(`faults: ${name}, again and again -> at most 40 connects in 15 min`, async (t) => {
    const { x, clock, subscribe } = await setUpSharedStream(t);
    const times: number[] = [];
    x.onStream = (_request, response) => {
      times.push(clock.now);
      response.writeHead(200).write(`${deliver}\r\n`);
      const posts = setInterval(() => response.write(`${deliver}\r\n`), 1000);
      setTimeout(() => {
        clearInterval(posts);
        response.end();
      }, endMs);
    };
    subscribe('a');
    await clock.advance(4 * quarterHour);
    assert.ok(mostIn(times, quarterHour) <= 40, `${mostIn(times, quarterHour)} connects`);
    assert.ok(times.length >= 4);
  });
}

test('faults: start and stop 60 times -> at most 40 connects in 15 min', async (t) => {
  const { x, clock, stream, subscribe } = await setUpSharedStream(t);
  const times: number[] = [];
  const { onStream } = x;
  x.onStream = (request, response) => {
    times.push(clock.now);
    onStream(request, response);
  };
  for (let times = 0; times < 60; times++) {
    subscribe('a');
    await clock.advance(1000);
    stream.unregister('a', 'stop');
    await clock.advance(1000);
  }
  const a = subscribe('a');
  await clock.advance(1000);
  assert.equal(times.length, 40);
  assert.equal(a.problemKey(), 'x-request-budget');
  await clock.advance(quarterHour);
  assert.equal(a.last.state, 'connected');
});

const mostIn = (times: number[], windowMs: number): number =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length));

for (const [name, status, type] of [
  ['200 with a page', 200, 'text/html'],
  ['200 with text', 200, 'application/json'],
  ['401 with a page', 401, 'text/html'],
  ['403 with a page', 403, 'text/html'],
  ['404 with a page', 404, 'text/html; charset=utf-8'],
] as const) {
  test(`faults: ${name} -> not the X API, one error with its start, backoff of row 4`, async (t) => {
    const { x, clock, subscribe, connects } = await setUpSharedStream(t);
    x.onStream = (_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.write('<html><title>Proxy sign-in</title>\n<body>\n');
      setTimeout(() => response.end('<p>line\n'.repeat(50)), 100);
    };
    const a = subscribe('a');
    await clock.advance(quarterHour);
    assert.equal(a.problemKey(), 'x-not-the-api');
    assert.match(
      'problem' in a.last ? a.last.problem.message : '',
      new RegExp(`HTTP ${status}.*Proxy sign-in`),
    );
    assert.deepEqual([a.lines, a.problems], [[], []]);
    assert.ok(connects() >= 6 && connects() <= 9, `${connects()} connects`);
  });
}

test('faults: local clock an hour behind, reset in 300 s -> waits 300 s', async (t) => {
  const { x, clock, subscribe } = await setUpSharedStream(t);
  const { onStream } = x;
  const theirs = clock.now + 3600_000;
  x.onStream = (_request, response) => {
    x.onStream = onStream;
    answer(
      response,
      429,
      { title: 'Too Many Requests', detail: 'x' },
      {
        date: new Date(theirs).toUTCString(),
        'x-rate-limit-reset': String(theirs / 1000 + 300),
        'x-rate-limit-remaining': '0',
      },
    );
  };
  const a = subscribe('a');
  await a.connected();
  assert.equal(a.waits.length, 1);
  assert.ok(Math.abs((a.waits[0] ?? 0) - 300_000) < 1000, `${a.waits[0]} ms`);
});

test('faults: 503 with Retry-After: 120 -> waits 120 s', async (t) => {
  const { x, subscribe } = await setUpSharedStream(t);
  const { onStream } = x;
  x.onStream = (_request, response) => {
    x.onStream = onStream;
    answer(response, 503, 'sorry', { 'retry-after': '120' });
  };
  const a = subscribe('a');
  await a.connected();
  assert.deepEqual(a.waits, [120_000]);
});

test('faults: a list of rules that trickles -> ended after 20 s, then connected', async (t) => {
  const { x, clock, subscribe } = await setUpSharedStream(t);
  let trickles: NodeJS.Timeout | undefined;
  t.after(() => clearInterval(trickles));
  x.onRules = (_request: IncomingMessage, response: ServerResponse) => {
    x.onRules = () => false;
    response.writeHead(200, { 'content-type': 'application/json' });
    trickles = setInterval(() => response.write(' '), 1000);
    return true;
  };
  const a = subscribe('a');
  const since = clock.now;
  await clock.advance(19_000);
  assert.equal(a.last.state, 'connecting');
  await a.connected();
  assert.ok(clock.now - since < 22_000, `${clock.now - since} ms`);
});

for (const [encoding, bytes] of [
  ['gzip', (text: string) => gzipOf(text)],
  ['deflate', async (text: string) => deflateSync(text)],
  ['br', async (text: string) => brotliCompressSync(text)],
] as const) {
  test(`faults: ${encoding} that was not requested -> decompressed; damaged -> a drop`, async (t) => {
    const { x, subscribe, until } = await setUpSharedStream(t);
    const compressed = await bytes(`${post('1')}\r\n${post('2')}\r\n`);
    let damaged = false;
    x.onStream = (_request, response) => {
      x.streams.push(response);
      response.writeHead(200, { 'content-encoding': encoding });
      response.write(damaged ? Buffer.from('this is not compressed at all') : compressed);
    };
    const a = subscribe('a');
    await a.connected();
    await real(() => a.lines.length === 2);
    assert.deepEqual(a.ids, ['1', '2']);
    damaged = true;
    x.streams[0]?.destroy();
    await until(() => x.streams.length > 1, 'another connection');
    await real(() => a.last.state === 'waiting' && a.problemKey() === 'x-dropped');
  });
}

/** zlib works in another thread, which the controlled clock does not see. */
async function real(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 200_000) throw new Error('not reached');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function gzipOf(text: string): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
    gzip.write(text);
    gzip.flush(() => resolve(Buffer.concat(chunks)));
  });
}

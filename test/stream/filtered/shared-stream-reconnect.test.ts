import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

test('reconnect: dropped connection -> connected again, and a gap', async (t) => {
  const { x, subscribe, ruleId, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.send(post('1178007813257388033', ruleId('rule of a')));
  await until(() => a.lines.length === 1, 'the post');
  const late = subscribe('late');
  x.streams[0]?.end('{"data":{"id":"1178007813257388034","te');
  await until(() => a.events.length === 4, 'connected again');
  assert.deepEqual(a.eventsWithCause, [
    'connected',
    'disconnected closed by X',
    'connected',
    'gap closed by X',
  ]);
  const gap = a.events[3];
  assert.equal(gap?.lastId, '1178007813257388033');
  assert.ok(gap && gap.from > 0 && gap.from <= gap.to);
  assert.deepEqual(a.problems, [['line-cut', '{"data":{"id":"1178007813257388034","te']]);
  await late.connected();
  assert.ok(late.eventsWithCause.every((event) => !event.startsWith('gap')));
  x.send(post('5', ruleId('rule of a')));
  await until(() => a.lines.length === 2, 'the next post');
});

test('reconnect: error message before the end -> it is the cause', async (t) => {
  const { x, subscribe, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const end = {
    title: 'x',
    disconnect_type: 'UpstreamOperationalDisconnect',
    detail: 'for operational reasons',
  };
  x.streams[0]?.end(`${JSON.stringify({ errors: [end] })}\r\n`);
  await until(() => a.events.length > 1, 'the event');
  assert.equal(a.eventsWithCause[1], 'disconnected UpstreamOperationalDisconnect');
  assert.equal(a.lines.length, 1);
});

test('reconnect: accepted and closed at once, repeatedly -> growing waits', async (t) => {
  const { x, subscribe, connects, until } = await setUpSharedStream(t);
  x.onStream = (_request, response) =>
    response.writeHead(200).end('{"errors":[{"title":"operational-disconnect"}]}\r\n');
  const a = subscribe('a');
  await until(() => a.waits.length === 5, 'five connections');
  assert.equal(connects(), 5);
  const [first = 0, , , fourth = 0, fifth = 0] = a.waits;
  assert.ok(first > 20 && fourth > 90 && fifth > 400, `waits: ${a.waits}`);
});

test('reconnect: 401 -> failed after one request', async (t) => {
  const { x, subscribe, connects, until } = await setUpSharedStream(t);
  const problem = { title: 'Unauthorized', detail: 'Unauthorized', status: 401 };
  x.onRules = (_request, response) => {
    answer(response, 401, problem);
    return true;
  };
  const a = subscribe('a');
  await until(() => a.last.state === 'failed', 'the failure');
  assert.equal(a.problemKey(), 'x-token-refused');
  assert.deepEqual(a.eventsWithCause, ['disconnected Unauthorized']);
  assert.equal(a.events[0]?.status, 401);

  x.onRules = () => false;
  const { onStream } = x;
  x.onStream = (_request, response) => answer(response, 401, problem);
  const again = subscribe('a');
  await until(() => again.last.state === 'failed', 'the failure of the stream');
  assert.equal(connects(), 1);
  x.onStream = onStream;
  const corrected = subscribe('a');
  await corrected.connected();
  assert.equal(x.requests.length, 1 + 2 + 1 + 2);
});

test('reconnect: 429 -> a limit event, waits until the reset time, connects', async (t) => {
  const { x, subscribe, until } = await setUpSharedStream(t);
  const { onStream } = x;
  const reset = Math.ceil(Date.now() / 1000) + 400;
  x.onStream = (_request, response) => {
    x.onStream = onStream;
    const body = { connection_issue: 'TooManyConnections', title: 'ConnectionException', detail: 'max' };
    answer(response, 429, body, { 'x-rate-limit-reset': String(reset), 'x-rate-limit-remaining': '0' });
  };
  const a = subscribe('a');
  await until(() => a.last.state === 'waiting', 'the wait');
  assert.ok(a.last.state === 'waiting' && a.last.untilMs - Date.now() > 200);
  assert.deepEqual(a.eventsWithCause, ['disconnected TooManyConnections', 'limit TooManyConnections']);
  await a.connected();
});

test('reconnect: usage cap -> failed, and a limit event', async (t) => {
  const { x, subscribe, until } = await setUpSharedStream(t);
  x.onStream = (_request, response) =>
    answer(response, 429, { title: 'UsageCapExceeded', period: 'Monthly' });
  const a = subscribe('a');
  await until(() => a.last.state === 'failed', 'the failure');
  assert.deepEqual(a.eventsWithCause, ['disconnected UsageCapExceeded', 'limit UsageCapExceeded']);
});

test('reconnect: X unreachable at the start -> connects when it returns', async (t) => {
  const { x, subscribe } = await setUpSharedStream(t);
  const { onStream } = x;
  let left = 3;
  x.onRules = (_request, response) => {
    if (left-- > 0) response.destroy();
    else return false;
    return true;
  };
  x.onStream = (request, response) => {
    x.onStream = onStream;
    answer(response, 503, 'sorry');
    request.resume();
  };
  const a = subscribe('a');
  await a.connected();
  assert.equal(a.eventsWithCause[0]?.startsWith('disconnected'), true);
  assert.equal(a.eventsWithCause.at(-1), 'connected');
});

test('reconnect: 200 with text after a drop -> never connected, one gap for the whole outage', async (t) => {
  const { x, clock, subscribe } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const { onStream } = x;
  let left = 2;
  x.onStream = (request, response) => {
    if (left-- > 0) response.writeHead(200, { 'content-type': 'application/json' }).end('no JSON\n');
    else onStream(request, response);
  };
  const since = clock.now;
  x.streams[0]?.destroy();
  await clock.advance(10);
  await a.connected();
  assert.deepEqual(
    a.events.map(({ event }) => event),
    ['connected', 'disconnected', 'connected', 'gap'],
  );
  const gap = a.events.at(-1);
  assert.ok(gap && gap.from <= since && gap.to >= since + 10_000, JSON.stringify(gap));
});

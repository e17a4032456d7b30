import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { SharedStream } from '../../../src/stream/filtered/shared-stream';
import type { Subscriber } from '../../../src/stream/filtered/subscription';
import { until } from '../../until';
import { answer, post, startXServer, type XServer } from '../x-server';
import { Listener } from './listener';

let x: XServer;
let stream: SharedStream;

beforeEach(async () => {
  x = await startXServer();
  stream = makeStream();
});

afterEach(async () => {
  stream.close();
  await x.close();
});

const makeStream = (scale = 0.01): SharedStream =>
  new SharedStream({ baseUrl: x.url, bearerToken: 't' }, { debounceMs: 5, scale });

class Node extends Listener {
  constructor(id: string, wish: Partial<Subscriber> = {}, to = stream) {
    super(to, id, wish);
  }
}

const idOf = (value: string): string => x.rules.find((rule) => rule.value === value)?.id ?? '';
const connects = (): number => x.requests.filter((request) => /^GET \S+\/stream\?/.test(request)).length;
const gets = (): number => x.requests.filter((request) => /^GET \S+\/rules/.test(request)).length;

test('nodes that come together have one sync, one connection, and each its posts', async () => {
  const a = new Node('a');
  const b = new Node('b');
  await a.connected();
  await b.connected();
  assert.deepEqual([gets(), connects()], [1, 1]);
  assert.match(x.requests.at(-1) ?? '', /tweet\.fields=referenced_tweets$/);

  x.send(post('1', idOf('rule of a')), post('2', idOf('rule of b')));
  x.send(
    post('3', idOf('rule of a'), idOf('rule of b')),
    post('4'),
    post('5', '99999'),
    '',
    post('6', 'undefined'),
  );
  x.send('{"errors":[{"title":"x"}]}', 'not JSON');
  await until(() => b.lines.length === 7, 'all lines');
  const both = ['{"errors":[{"title":"x"}]}', 'not JSON'];
  const ids = (node: Node) =>
    node.lines.map((line) => (line.includes('"data"') ? JSON.parse(line).data.id : line));
  assert.deepEqual(ids(a), ['1', '3', '4', '5', '6', ...both]);
  assert.deepEqual(ids(b), ['2', '3', '4', '5', '6', ...both]);
});

test('rule ids count as numbers too', async () => {
  const a = new Node('a');
  const b = new Node('b');
  await a.connected();
  const id = Number(idOf('rule of a'));
  x.send(JSON.stringify({ data: { id: '1' }, matching_rules: [{ id }] }), post('2', idOf('rule of b')));
  await until(() => b.lines.length === 1, 'the post of b');
  assert.deepEqual(a.ids, ['1']);
});

test('posts of foreign rules are left out, counted, and said once', async () => {
  x.rules.push({ id: '1', value: 'foreign' });
  const a = new Node('a');
  await a.connected();
  x.send(post('1', '1'), post('2', '1'), post('3', '1', idOf('rule of a')));
  await until(() => a.lines.length === 1, 'the own post');
  assert.deepEqual(a.ids, ['3']);
  assert.equal(stream.leftOut, 2);
  assert.equal(a.warnings.length, 1);
  assert.match(a.warnings[0] ?? '', /“foreign”/);
});

test('a node in the mode "app" gets all; without rules at X it says so', async () => {
  const lonely = new Node('lonely', { mode: 'app' });
  await until(() => lonely.problemKey() === 'app-without-rules', 'the problem');
  assert.equal(connects(), 0);
  x.rules.push({ id: '1', value: 'foreign' });
  const app = new Node('lonely', { mode: 'app' });
  await app.connected();
  x.send(post('1', '1'));
  await until(() => app.lines.length === 1, 'the post');
});

test('a node that comes later does not disturb the connection, unless it wants more fields', async () => {
  const a = new Node('a');
  await a.connected();
  const b = new Node('b');
  await b.connected();
  assert.equal(connects(), 1);
  assert.deepEqual(b.story, ['connected']);
  const c = new Node('c', { fields: { fields: 'all' } });
  await c.connected();
  await a.connected();
  assert.equal(connects(), 2);
  assert.match(x.requests.at(-1) ?? '', /expansions=.*author_id.*referenced_tweets\.id/);
  assert.deepEqual(c.story, ['connected']);
  assert.deepEqual(a.story, [
    'connected',
    'disconnected settings changed',
    'connected',
    'gap settings changed',
  ]);
  stream.unregister('c');
  await until(() => idOf('rule of c') === '', 'the rule of c is gone');
  assert.equal(connects(), 2);
});

test('the last one out closes the connection', async () => {
  const a = new Node('a');
  const b = new Node('b');
  await a.connected();
  stream.unregister('a');
  x.send(post('1'));
  await until(() => b.lines.length === 1, 'the post of b');
  assert.deepEqual(a.lines, []);
  stream.unregister('b');
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('unregistered before anything was asked, nothing is asked', async () => {
  new Node('a');
  stream.unregister('a');
  const b = new Node('b');
  await b.connected();
  assert.equal(gets(), 1);
  assert.equal(idOf('rule of a'), '');
});

test('after a drop it is back, and tells the gap', async () => {
  const a = new Node('a');
  await a.connected();
  x.send(post('1178007813257388033', idOf('rule of a')));
  await until(() => a.lines.length === 1, 'the post');
  const late = new Node('late');
  x.streams[0]?.end('{"data":{"id":"1178007813257388034","te');
  await until(() => a.events.length === 4, 'connected again');
  assert.deepEqual(a.story, ['connected', 'disconnected closed by X', 'connected', 'gap closed by X']);
  const gap = a.events[3];
  assert.equal(gap?.lastId, '1178007813257388033');
  assert.ok(gap && gap.from > 0 && gap.from <= gap.to);
  assert.deepEqual(a.problems, [['line-cut', '{"data":{"id":"1178007813257388034","te']]);
  await late.connected();
  assert.ok(late.story.every((event) => !event.startsWith('gap')));
  x.send(post('5', idOf('rule of a')));
  await until(() => a.lines.length === 2, 'the next post');
});

test('the last line needs no line end, if it is whole', async () => {
  const a = new Node('a');
  await a.connected();
  x.streams[0]?.end(post('8', idOf('rule of a')));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, []);
});

test('what X says before it ends the stream is the cause', async () => {
  const a = new Node('a');
  await a.connected();
  const end = {
    title: 'x',
    disconnect_type: 'UpstreamOperationalDisconnect',
    detail: 'for operational reasons',
  };
  x.streams[0]?.end(`${JSON.stringify({ errors: [end] })}\r\n`);
  await until(() => a.events.length > 1, 'the event');
  assert.equal(a.story[1], 'disconnected UpstreamOperationalDisconnect');
  assert.equal(a.lines.length, 1);
});

test('accepted and closed again and again: growing waits, not a hot loop', async () => {
  stream = makeStream(0.1);
  x.onStream = (_request, response) =>
    response.writeHead(200).end('{"errors":[{"title":"operational-disconnect"}]}\r\n');
  const a = new Node('a');
  await until(() => a.waits.length === 5, 'five connections');
  assert.equal(connects(), 5);
  const [first = 0, , , fourth = 0, fifth = 0] = a.waits;
  assert.ok(first > 20 && fourth > 90 && fifth > 400, `waits: ${a.waits}`);
});

test('a token that X refuses is tried once', async () => {
  const problem = { title: 'Unauthorized', detail: 'Unauthorized', status: 401 };
  x.onRules = (_request, response) => {
    answer(response, 401, problem);
    return true;
  };
  const a = new Node('a');
  await until(() => a.last.state === 'failed', 'the failure');
  assert.equal(a.problemKey(), 'x-token-refused');
  assert.deepEqual(a.story, ['disconnected Unauthorized']);
  assert.equal(a.events[0]?.status, 401);

  x.onRules = () => false;
  const { onStream } = x;
  x.onStream = (_request, response) => answer(response, 401, problem);
  const again = new Node('a');
  await until(() => again.last.state === 'failed', 'the failure of the stream');
  assert.equal(connects(), 1);
  x.onStream = onStream;
  const mended = new Node('a');
  await mended.connected();
  assert.equal(x.requests.length, 1 + 2 + 1 + 2);
});

test('429 is a limit: it waits as long as X says, and comes back', async () => {
  const { onStream } = x;
  const reset = Math.ceil(Date.now() / 1000) + 400;
  x.onStream = (_request, response) => {
    x.onStream = onStream;
    const body = { connection_issue: 'TooManyConnections', title: 'ConnectionException', detail: 'max' };
    answer(response, 429, body, { 'x-rate-limit-reset': String(reset), 'x-rate-limit-remaining': '0' });
  };
  stream = makeStream(0.001);
  const a = new Node('a');
  await until(() => a.last.state === 'waiting', 'the wait');
  assert.ok(a.last.state === 'waiting' && a.last.untilMs - Date.now() > 200);
  assert.deepEqual(a.story, ['disconnected TooManyConnections', 'limit TooManyConnections']);
  await a.connected();
});

test('the usage cap stops it', async () => {
  x.onStream = (_request, response) =>
    answer(response, 429, { title: 'UsageCapExceeded', period: 'Monthly' });
  const a = new Node('a');
  await until(() => a.last.state === 'failed', 'the failure');
  assert.deepEqual(a.story, ['disconnected UsageCapExceeded', 'limit UsageCapExceeded']);
});

test('X away at the start, and there later', async () => {
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
  const a = new Node('a');
  await a.connected();
  assert.equal(a.story[0]?.startsWith('disconnected'), true);
  assert.equal(a.story.at(-1), 'connected');
});

test('a node whose rules are all refused does not connect; one good rule is enough', async () => {
  x.refuses = (value) =>
    value.includes('bad') ? { value, detail: `no such operator in ${value}` } : undefined;
  const bad = new Node('bad', { rules: [{ value: 'bad:1', tag: '' }] });
  await until(() => bad.problemKey() === 'all-rules-refused', 'the problem');
  assert.equal(connects(), 0);
  assert.deepEqual(bad.problems, [['rule-refused', undefined]]);
  const half = new Node('half', { rules: ['bad:2', 'good'].map((value) => ({ value, tag: '' })) });
  await half.connected();
  assert.deepEqual(half.problems, [['rule-refused', undefined]]);
  x.send(post('1', idOf('good')));
  await until(() => half.lines.length === 1, 'the post');
  assert.deepEqual(bad.lines, []);
  const none = new Node('none', { rules: [] });
  await until(() => none.problemKey() === 'no-rules', 'the problem');
});

test('a line over the limit is a problem, and the next one comes', async () => {
  const a = new Node('a');
  await a.connected();
  x.streams[0]?.write('z'.repeat(17 * 1024 * 1024));
  x.send('', post('1'));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, [['line-too-long', 'z'.repeat(120)]]);
});

test('closed in the middle of a sync, nothing is left', async () => {
  x.onRules = () => true;
  const a = new Node('a');
  await until(() => gets() === 1, 'the sync');
  stream.close();
  await until(() => x.sockets.size === 0, 'no socket left');
  assert.equal(a.last.state, 'connecting');
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startXApi, type XApi } from '../../dev/x-api/server';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import { until } from '../until';
import { codeOf, type Flow, helper, Inbox, type Msg, onTab, sentenceOf, statusesOf } from './flow';

let x: XApi;
let folder: string;
before(() => helper.startServer());
after(() => helper.stopServer());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stream-in-'));
  x = await startXApi({ rate: 200, bearerToken: 'simulated-token' });
});
afterEach(async () => {
  await helper.unload();
  await x.close();
  rmSync(folder, { recursive: true });
});

const filtered = {
  id: 'n-in',
  type: 'twitter-stream-in',
  app: 'c-app',
  source: 'filtered',
  rules: [{ value: 'basketball', tag: 'sport' }],
  wires: [['n-messages'], ['n-events']],
};

const replay = { ...filtered, app: '', source: 'replay', fileType: 'str', pace: 'max', rules: [] };

async function load(node: Record<string, unknown>, app: object = {}, more: Flow = []): Promise<Inboxes> {
  await helper.load(
    [appNode, streamNode],
    onTab([
      { id: 'c-app', type: 'twitter-app', config: true, auth: 'bearer', baseUrl: x.url, ...app },
      node as Flow[number],
      { id: 'n-messages', type: 'helper' },
      { id: 'n-events', type: 'helper' },
      ...more,
    ]),
    { 'c-app': { bearerToken: 'simulated-token', ...app } } as never,
  );
  return { messages: new Inbox('n-messages'), events: new Inbox('n-events'), caught: new Inbox('n-caught') };
}

interface Inboxes {
  messages: Inbox;
  events: Inbox;
  caught: Inbox;
}

const act = (action: unknown): void => helper.getNode('n-in').receive({ action, topic: 'kept' } as never);
const save = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const eventOf = (msg: Msg) => msg.payload as Record<string, unknown>;
/** @param status the key of the status's text, at least its end */
const shows = (id: string, status: string) => until(() => statusesOf(id).at(-1)?.endsWith(status), status);

test('filtered: start -> rules are added; posts arrive parsed, with their text in raw', async () => {
  const { messages, events } = await load(filtered);
  assert.equal(eventOf(await events.next()).event, 'connected');
  const first = await messages.next();
  assert.deepEqual(first.payload, JSON.parse(String(first.raw)));
  assert.deepEqual(
    x.rules().map(({ value, tag }) => [value, tag]),
    [['basketball', 'sport']],
  );
  await until(() => /connected|status\.(flowing|today)/.test(statusesOf('n-in').at(-1) ?? ''), 'connected');
  assert.equal(statusesOf('n-in')[0], 'node-red:common.status.connecting');
});

test('filtered: format text or buffer -> payload without raw', async () => {
  const { messages } = await load({ ...filtered, format: 'text' }, {}, [
    { ...filtered, id: 'n-bytes', format: 'buffer', wires: [['n-buffers'], []] },
    { id: 'n-buffers', type: 'helper' },
  ]);
  const buffers = new Inbox('n-buffers');
  const text = await messages.next();
  assert.equal(typeof text.payload, 'string');
  assert.ok(!('raw' in text));
  assert.ok(Buffer.isBuffer((await buffers.next()).payload));
  assert.equal(x.connections, 1);
});

test('filtered: dropped connection -> reconnected, gap on the second output', async () => {
  const { messages, events } = await load(filtered);
  await messages.next();
  await x.dropConnections();
  const received = [await events.next(), await events.next(), await events.next(), await events.next()].map(
    eventOf,
  );
  assert.deepEqual(
    received.map(({ event }) => event),
    ['connected', 'disconnected', 'connected', 'gap'],
  );
  assert.match(String(received[3]?.lastId), /^\d+$/);
});

test('filtered: rejected token -> one error; action start -> another attempt', async () => {
  const { events, caught, messages } = await load(filtered, { bearerToken: 'wrong' });
  const error = await caught.next();
  assert.match(sentenceOf(error), /rejected the bearer token \(HTTP 401/);
  assert.doesNotMatch(sentenceOf(error), /wrong/);
  assert.equal(eventOf(await events.next()).event, 'disconnected');
  await shows('n-in', 'problems.x-token-refused-short');
  act('start');
  assert.equal(eventOf(await events.next()).status, 401);
  assert.equal(messages.all.length, 0);
});

test('filtered: rejected rule -> error names it; the other rules work', async () => {
  const rules = [{ value: 'basketball' }, { value: '(unclosed', tag: '' }];
  const { messages, caught } = await load({ ...filtered, rules });
  const error = await caught.next();
  assert.equal(codeOf(error), 'rule-refused');
  assert.match(sentenceOf(error), /“\(unclosed”/);
  await messages.next();
});

test('filtered: daily limit -> exactly that many posts', async () => {
  const { messages, events } = await load({ ...filtered, dailyLimit: 5 });
  assert.equal(eventOf(await events.next()).event, 'connected');
  assert.equal(eventOf(await events.next()).cause, 'daily limit');
  await until(() => messages.all.length >= 5, 'the posts');
  const posts = messages.all.filter(({ payload }) => (payload as { data?: { id?: string } }).data?.id);
  assert.equal(posts.length, 5);
  act('status');
  const { state, problem, untilMs } = eventOf(await events.next());
  assert.equal(state, 'waiting');
  assert.match(String(problem), /Daily limit of 5 posts/);
  assert.equal(Number(untilMs) % 86_400_000, 0, 'until 00:00 UTC');
});

const oauth1 = {
  auth: 'oauth1',
  apiKey: 'key',
  apiSecret: 'secret',
  accessToken: 'token',
  accessTokenSecret: 'token-secret',
};

test('twitter-stream-in: invalid settings -> error; other nodes work', async () => {
  const cases: [object, object, string][] = [
    [{ app: '' }, {}, 'no-config'],
    [{ rules: [{ value: ' ' }] }, {}, 'no-rules'],
    [{ source: 'powerstream' }, {}, 'setting-unknown'],
    [{ stallTimeout: 'soon' }, {}, 'number-invalid'],
    [{ stallTimeout: 20 }, {}, 'number-invalid'],
    [{ source: 'v1-sample', stallTimeout: 25 }, oauth1, 'number-invalid'],
    [{ dailyLimit: 1.5 }, {}, 'integer-invalid'],
    [{ dedupe: 10_000_001 }, {}, 'integer-too-large'],
    [{}, { bearerToken: '' }, 'config-invalid'],
    [{}, { baseUrl: 'nowhere' }, 'config-invalid'],
    [{}, { auth: 'oauth1' }, 'config-invalid'],
  ];
  for (const [node, app, code] of cases) {
    const other = { ...replay, id: 'n-other', file: save('a', '{"a":1}'), wires: [['n-replayed'], []] };
    const { caught } = await load({ ...filtered, ...node }, app, [
      other,
      { id: 'n-replayed', type: 'helper' },
    ]);
    const replayed = new Inbox('n-replayed');
    const error = await caught.next();
    assert.equal(codeOf(error), code);
    assert.equal((error.error as { source: { id: string } }).source.id, 'n-in');
    assert.deepEqual((await replayed.next()).payload, { a: 1 });
    await helper.unload();
  }
});

test('replay: file -> every line; lines that are not JSON to Catch with their text', async () => {
  const lines = ['{"a":1}', 'no JSON', '[2]', '{"c":9007199254740993}'];
  const { messages, events, caught } = await load({ ...replay, file: save('a', gzipSync(lines.join('\n'))) });
  assert.equal(eventOf(await events.next()).event, 'end');
  await until(() => messages.all.length === 3, 'the messages');
  assert.deepEqual(
    messages.all.map(({ raw }) => raw),
    lines.filter((line) => line !== 'no JSON'),
  );
  const error = await caught.next();
  assert.equal(error.payload, 'no JSON');
  assert.equal(codeOf(error), 'line-not-json');
  await shows('n-in', 'twitter-stream-in.status.ended');
});

test('replay: array cut off -> its whole elements with exact raw; one error with file, line and text', async () => {
  const elements = ['{\n  "id": "1",\n  "n": 9007199254740993\n }', '{"id": "2", "n": 1.0}'];
  const file = save('a.json', `[\n ${elements.join(',\n ')},\n {\n  "id": "3`);
  const { messages, events, caught } = await load({ ...replay, file });
  const error = await caught.next();
  assert.equal(codeOf(error), 'replay-cut');
  assert.ok(sentenceOf(error).includes(`${file} is truncated in line 7`), sentenceOf(error));
  assert.equal(error.payload, '{\n  "id": "3');
  assert.deepEqual(
    messages.all.map(({ raw }) => raw),
    elements,
  );
  await shows('n-in', 'truncated, line 7');
  act('status');
  const report = eventOf(await events.next());
  assert.match(String(report.problem), /line 7/);
  assert.ok(!('payload' in report));
  assert.equal(caught.all.length, 1);
});

test('replay: line that is not JSON -> its error names file and line', async () => {
  const file = save('a', '{"a":1}\n\n{"b":\n{"c":3}\n');
  const { messages, caught } = await load({ ...replay, file });
  assert.match(sentenceOf(await caught.next()), new RegExp(`line 3 of ${file}`));
  await until(() => messages.all.length === 2, 'the messages');
});

test('replay: missing file -> error; action start after it appears -> its lines', async () => {
  const { messages, caught } = await load({ ...replay, file: join(folder, 'late'), autostart: true });
  assert.equal(codeOf(await caught.next()), 'replay-missing');
  await shows('n-in', 'problems.replay-missing-short');
  save('late', '{"a":1}\n');
  act('start');
  assert.deepEqual((await messages.next()).payload, { a: 1 });
});

test('replay: pace recorded -> by the times of the posts', async () => {
  const post = (id: string, time: string) => JSON.stringify({ data: { id, text: 'x', created_at: time } });
  const file = save(
    'a',
    [
      post('1377650387579248643', '2021-04-01T15:53:42.000Z'),
      post('1377650387579248644', '2021-04-01T15:53:42.050Z'),
      post('1377650387579248645', '2031-04-01T15:53:42.000Z'),
    ].join('\n'),
  );
  const { messages } = await load({ ...replay, file, pace: 'recorded' });
  await messages.next();
  await messages.next();
  await until(() => statusesOf('n-in').at(-1)?.includes('status.repl'), 'the status');
  assert.equal(messages.all.length, 2);
});

test('replay: pace recorded, archive of X -> by the times of its posts', async () => {
  const post = (id: string, year: number) => ({
    tweet: { id_str: id, full_text: 'x', created_at: `Thu Apr 01 15:53:42 +0000 ${year}` },
  });
  const posts = [post('1377650387579248643', 2021), post('1377650387579248644', 2021), post('5', 2032)];
  const file = save('tweets.js', `window.YTD.tweets.part0 = ${JSON.stringify(posts, null, 2)}`);
  const { messages } = await load({ ...replay, file, pace: 'recorded' });
  await until(() => statusesOf('n-in').at(-1)?.includes('status.repl'), 'the status');
  await until(() => messages.all.length === 2, 'the first two');
  assert.deepEqual(messages.all[0]?.payload, posts[0]);
});

test('replay: path from an environment variable -> its file; variable not set -> error', async () => {
  process.env.REPLAY_TEST_FILE = save('a', '{"a":1}');
  const { messages } = await load({ ...replay, file: 'REPLAY_TEST_FILE', fileType: 'env' });
  await messages.next();
  await helper.unload();
  delete process.env.REPLAY_TEST_FILE;
  const { caught } = await load({ ...replay, file: 'REPLAY_TEST_FILE', fileType: 'env' });
  assert.equal(codeOf(await caught.next()), 'env-unset');
});

test('twitter-stream-in: actions start, stop, status -> done; other actions -> error', async () => {
  const { messages, events, caught } = await load({ ...filtered, autostart: false });
  await shows('n-in', 'twitter-stream-in.status.stopped');
  act('status');
  const answer = await events.next();
  assert.deepEqual(answer.payload, { event: 'status', state: 'stopped', messages: 0 });
  assert.equal(answer.topic, 'kept');
  act('start');
  await messages.next();
  assert.equal(eventOf(await events.next()).event, 'connected');
  act('stop');
  assert.equal(eventOf(await events.next()).cause, 'stopped');
  await shows('n-in', 'twitter-stream-in.status.stopped');
  act('dance');
  assert.equal(codeOf(await caught.next()), 'unknown-action');
  act('start');
  assert.equal(eventOf(await events.next()).event, 'connected');
});

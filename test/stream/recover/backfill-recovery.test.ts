import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answer, dateHeader, post } from '../x-server';
import { gapsOf, idAt, setUpRecovery } from './recovery-setup';

const minute = 60_000;

/** A node with backfill, and a server that answers a second connection with `secondLines` and closes it. */
async function setUp(t: TestContext) {
  const setup = await setUpRecovery(t, { keepAlives: false });
  const { x, subscribe, ruleId } = setup;
  const seconds: URLSearchParams[] = [];
  const lines: string[] = [];
  const { onStream } = x;
  x.onStream = (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    if (!searchParams.has('start_time')) {
      onStream(request, response);
      return;
    }
    seconds.push(searchParams);
    response.writeHead(200, dateHeader());
    response.end(lines.map((line) => `${line}\r\n`).join(''));
  };
  const a = subscribe('a', { recover: 'backfill', stallTimeoutMs: 3600_000 });
  await a.connected();
  const send = (...ids: string[]) => x.send(...ids.map((id) => post(id, ruleId('rule of a'))));
  const backfills = () => x.requests.flatMap((request) => /backfill_minutes=(\d+)/.exec(request)?.[1] ?? []);
  return { ...setup, a, seconds, lines, send, backfills };
}

const report = ({ recovered, by, notRecovered, cost }: ReturnType<typeof gapsOf>[number]) => ({
  recovered,
  by,
  notRecovered,
  cost,
});

test('backfill: X repeats posts until a newer one -> counted, each once', async (t) => {
  const { a, clock, outage, sendPost, send, until, backfills } = await setUp(t);
  const before = idAt(clock.now);
  await sendPost(a, before);
  const missed = [1000, 2000, 3000].map((ms) => idAt(clock.now + ms));
  await outage(2 * minute);
  assert.deepEqual(backfills().slice(-1), ['3']);
  await until(() => a.last.state === 'recovering', 'the recovery');
  send(before, ...missed, missed[1] ?? '');
  await until(() => a.lines.length === 4, 'the missed posts');
  assert.deepEqual(gapsOf(a), []);
  const next = idAt(clock.now + 1);
  send(next);
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.deepEqual(gapsOf(a).map(report), [{ recovered: 3, by: 'backfill', notRecovered: [], cost: 3 }]);
  assert.deepEqual(a.ids, [before, ...missed, next]);
  assert.deepEqual(a.searched, []);
  assert.equal(a.last.state, 'connected');
  send(idAt(clock.now - minute));
  await until(() => a.lines.length === 6, 'a late post');
  assert.equal(gapsOf(a).length, 1);
});

test('backfill: a keep-alive, or 60 s without one -> the event', async (t) => {
  const { a, clock, outage, send, until, x } = await setUp(t);
  const missed = idAt(clock.now + 1000);
  await outage(minute);
  send(missed);
  await until(() => a.lines.length === 1, 'the missed post');
  assert.deepEqual(gapsOf(a), []);
  x.send('');
  await until(() => gapsOf(a).length === 1, 'the event after a keep-alive');
  assert.equal(gapsOf(a)[0]?.recovered, 1);
  await outage(minute);
  const opened = clock.now;
  await until(() => gapsOf(a).length === 2, 'the event after a minute');
  // The stream counts as open after a second without a line.
  assert.equal(clock.now - opened, minute + 1000);
  assert.deepEqual(gapsOf(a).slice(1).map(report), [
    { recovered: 0, by: 'backfill', notRecovered: [], cost: 0 },
  ]);
});

test('backfill: connection lost meanwhile -> what came is reported, and the interruption', async (t) => {
  const { a, clock, outage, send, until, x } = await setUp(t);
  await outage(minute);
  send(idAt(clock.now - 30_000));
  await until(() => a.lines.length === 1, 'a missed post');
  x.streams.at(-1)?.destroy();
  await until(() => gapsOf(a).length === 1, 'the event');
  const [gap] = gapsOf(a);
  assert.equal(gap?.recovered, 1);
  assert.match(gap?.notRecovered?.[0] ?? '', /interrupted/);
});

test('backfill: outage of an hour -> a second connection for all of it', async (t) => {
  const { a, clock, outage, sendPost, send, until, x, seconds, lines, ruleId } = await setUp(t);
  const before = idAt(clock.now);
  await sendPost(a, before);
  const from = clock.now;
  const old = [1000, 2000].map((ms) => idAt(from + ms));
  const recent = idAt(from + 58 * minute);
  // What both connections have comes once.
  lines.push(...[before, ...old, recent].map((id) => post(id, ruleId('rule of a'))), '');
  await outage(60 * minute);
  send(recent);
  await until(() => a.lines.length === 4, 'the missed posts');
  x.send('');
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.deepEqual(gapsOf(a).map(report), [{ recovered: 3, by: 'backfill', notRecovered: [], cost: 3 }]);
  assert.deepEqual([...a.ids].sort(), [before, ...old, recent]);
  assert.deepEqual(a.searched, []);
  const [second] = seconds;
  assert.equal(seconds.length, 1);
  assert.equal(second?.get('tweet.fields'), 'referenced_tweets');
  const { from: begin = 0, to: end = 0 } = gapsOf(a)[0] ?? {};
  const timeIn = (name: string) => Date.parse(second?.get(name) ?? '');
  assert.ok(begin - 10_000 - timeIn('start_time') < 1000 && timeIn('start_time') <= begin - 10_000);
  assert.ok(timeIn('end_time') <= end && end - timeIn('end_time') < 1000);
});

test('backfill: outage of two days -> the last 24 hours, and the rest is reported', async (t) => {
  const { a, outage, until, seconds } = await setUp(t);
  await outage(48 * 60 * minute);
  await until(() => gapsOf(a).length === 1, 'the event');
  const { to = 0, notRecovered } = gapsOf(a)[0] ?? {};
  assert.equal(notRecovered?.length, 1);
  assert.match(notRecovered?.[0] ?? '', /24 hours/);
  const begin = Date.parse(seconds[0]?.get('start_time') ?? '');
  assert.ok(to - begin >= 24 * 60 * minute - 1000 && to - begin < 24 * 60 * minute + 1000);
});

test('backfill: X rejects the second connection -> reported', async (t) => {
  const { a, outage, until, x } = await setUp(t);
  const { onStream } = x;
  x.onStream = (request, response) => {
    if (!request.url?.includes('start_time')) onStream(request, response);
    else answer(response, 403, { title: 'Forbidden', detail: 'not enrolled', type: 'about:blank' });
  };
  await outage(10 * minute);
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.match(gapsOf(a)[0]?.notRecovered?.[0] ?? '', /second connection.*not enrolled/);
  assert.equal(a.last.state, 'connected');
});

test('backfill: X rejects backfill_minutes -> connected without it, reported', async (t) => {
  const { a, outage, until, x, backfills, seconds } = await setUp(t);
  const { onStream } = x;
  x.onStream = (request, response) => {
    if (!request.url?.includes('backfill_minutes')) {
      onStream(request, response);
      return;
    }
    const errors = [{ parameters: { backfill_minutes: ['3'] }, message: 'not allowed' }];
    answer(response, 400, { errors, title: 'Invalid Request', detail: 'invalid' });
  };
  await outage(10 * minute);
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.match(gapsOf(a)[0]?.notRecovered?.[0] ?? '', /rejected backfill_minutes/);
  assert.deepEqual([backfills().length > 0, seconds.length, a.warnings.length], [true, 0, 1]);
});

test('backfill: deploy during the second connection -> the node that starts gets its posts', async (t) => {
  const { a, outage, until, x, stream, subscribe, clock, lines, ruleId } = await setUp(t);
  const old = idAt(clock.now + 1000);
  lines.push(post(old, ruleId('rule of a')));
  const { onStream } = x;
  let respond = (): void => {};
  x.onStream = (request, response) => {
    if (!request.url?.includes('start_time')) onStream(request, response);
    else respond = () => onStream(request, response);
  };
  await outage(10 * minute);
  await until(() => x.requests.at(-1)?.includes('start_time'), 'the second connection');
  stream.unregister('a', 'close');
  respond();
  x.send('');
  await clock.advance(1000);
  const again = subscribe('a', { recover: 'backfill', stallTimeoutMs: 3600_000 });
  stream.flowsStarted();
  await until(() => gapsOf(again).length === 1, 'the event');
  assert.deepEqual([a.ids, gapsOf(a)], [[], []]);
  assert.deepEqual(again.ids, [old]);
  assert.equal(gapsOf(again)[0]?.recovered, 1);
});

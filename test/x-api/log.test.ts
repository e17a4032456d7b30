import assert from 'node:assert/strict';
import { test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import { ApiLog } from '../../dev/x-api/log';
import { startXApi } from '../../dev/x-api/server';
import { callApi, RULES, STREAM, StreamClient, until } from './client';
import { withApi } from './helpers';

test('clock: offset -> Date and x-rate-limit-reset follow it, on streams too', () =>
  withApi({ clockOffsetMs: 3_600_000 }, async (api) => {
    const offset = (value: string | undefined) => Date.parse(value ?? '') - Date.now();
    const listed = await callApi(api, RULES);
    assert.ok(Math.abs(offset(listed.headers.date) - 3_600_000) < 60_000);
    const reset = Number(listed.headers['x-rate-limit-reset']) * 1000 - Date.parse(listed.headers.date ?? '');
    assert.ok(reset > 14 * 60_000 && reset < 16 * 60_000, `${reset}`);
    const client = await StreamClient.open(api);
    assert.ok(Math.abs(offset(client.response.headers.date) - 3_600_000) < 60_000);
    client.close();
    api.settings.clockOffsetMs = -3_600_000;
    assert.ok(Math.abs(offset((await callApi(api, '/2/nowhere')).headers.date) + 3_600_000) < 60_000);
  }));

test('log: connects, rule requests and counts', () =>
  withApi({}, async (api) => {
    const client = await StreamClient.open(api, '?tweet.fields=lang');
    await callApi(api, STREAM, { token: 'wrong' });
    const [first, second] = api.log.connects;
    assert.deepEqual([first?.status, first?.query, first?.path], [200, 'tweet.fields=lang', STREAM]);
    assert.ok(first?.openedAt !== undefined && first.openedAt >= first.at && first.id);
    assert.deepEqual([second?.status, second?.openedAt], [401, undefined]);
    client.close();
    await until(() => first?.closedAt !== undefined, 'the end of the first');
    await callApi(api, `${RULES}?dry_run=true`, { body: { add: [{ value: 'dog' }] } });
    const { at, ...request } = api.log.ruleRequests[0] ?? { at: 0 };
    assert.deepEqual(request, {
      method: 'POST',
      query: 'dry_run=true',
      body: '{"add":[{"value":"dog"}]}',
      status: 201,
    });
    assert.deepEqual(api.log.requests, { [`GET ${STREAM}`]: 2, [`POST ${RULES}`]: 1 });
  }));

test('log: overlap -> the longest time that two requests for one stream were open', () => {
  const clock = FakeTimers.install({ now: 1_000_000, toFake: ['Date'] });
  try {
    const log = new ApiLog();
    const connect = (endpoint: string) => log.connect({ endpoint, path: '/', query: '' });
    const first = connect('filtered_stream');
    clock.tick(100);
    const other = connect('v1_stream');
    clock.tick(100);
    assert.equal(log.maxOverlapMs, 0);
    const second = connect('filtered_stream');
    clock.tick(30);
    assert.equal(log.maxOverlapMs, 30);
    clock.tick(40);
    log.closed(first);
    log.closed(other);
    clock.tick(1000);
    log.closed(second);
    assert.equal(log.maxOverlapMs, 70);
  } finally {
    clock.uninstall();
  }
});

test('limits: each request above one -> 429, counted', async () => {
  const limits = {
    connect: 1,
    readRules: 1,
    writeRules: 1,
    connections: 1,
    searchRecent: 1,
    searchAll: 1,
    usage: 1,
  };
  await withApi({ limits }, async (api) => {
    const body = { delete: { ids: ['1'] } };
    const calls: [path: string, body?: unknown][] = [
      [`${STREAM}?tweet.fields=colour`],
      [RULES],
      [RULES, body],
      ['/2/connections'],
      ['/2/tweets/search/recent?query=cat'],
      ['/2/tweets/search/all?query=cat'],
      ['/2/usage/tweets'],
    ];
    for (const [index, [path, sent]] of calls.entries()) {
      assert.notEqual((await callApi(api, path, { body: sent })).status, 429, path);
      const { status, headers } = await callApi(api, path, { body: sent });
      assert.deepEqual([status, headers['x-rate-limit-remaining']], [429, '0'], path);
      assert.equal(api.rejected429, index + 1);
    }
  });
});

test('limits: wrong credentials and TooManyConnections -> count, but are not rejected429', () =>
  withApi({ limits: { connect: 3 } }, async (api) => {
    const client = await StreamClient.open(api);
    assert.equal((await callApi(api, STREAM)).body.connection_issue, 'TooManyConnections');
    assert.equal((await callApi(api, STREAM, { token: 'wrong' })).status, 401);
    assert.equal(api.rejected429, 0);
    assert.equal((await callApi(api, STREAM)).body.title, 'Too Many Requests');
    assert.equal(api.rejected429, 1);
    client.close();
  }));

test('controlled clock: keep-alives, feed, faults and limits follow it', async () => {
  const clock = FakeTimers.install({
    now: Date.UTC(2026, 0, 1),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const turns = async (condition: () => unknown) => {
    for (let turn = 0; turn < 5000 && !condition(); turn++) await new Promise((go) => setImmediate(go));
    assert.ok(condition(), String(condition));
  };
  const api = await startXApi({ rate: 0.1, rules: [{ value: 'cat' }], noticeShare: 0, chunking: 'whole' });
  try {
    api.faultNext({ kind: 'then', afterMs: 300_000, end: 'close' });
    const client = await StreamClient.open(api, '?tweet.fields=created_at');
    for (let second = 0; second < 60; second += 5) {
      clock.tick(5000);
      await new Promise((go) => setImmediate(go));
    }
    await turns(() => client.lines.length >= 6);
    assert.equal(client.messages[0].data.created_at.slice(0, 16), '2026-01-01T00:00');
    assert.equal(client.response.headers.date, 'Thu, 01 Jan 2026 00:00:00 GMT');
    clock.tick(240_000);
    await turns(() => client.ended);
    assert.equal(api.log.connects[0]?.openedAt, Date.UTC(2026, 0, 1));
    const idle = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
    const waiting = await StreamClient.open(idle);
    for (const count of [1, 2]) {
      clock.tick(20_000);
      await turns(() => waiting.pieces.length === count);
    }
    waiting.close();
    await idle.close();
    client.close();
  } finally {
    clock.uninstall();
    await api.close();
  }
});

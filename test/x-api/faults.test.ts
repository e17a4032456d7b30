import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import type { Fault } from '../../dev/x-api/faults/types';
import { tooManyConnections, usageCapExceeded } from '../../dev/x-api/problems';
import { callApi, RULES, STREAM, StreamClient, until } from './client';
import { withApi } from './helpers';

test('fault reset -> ECONNRESET, then it works', () =>
  withApi({}, async (api) => {
    api.faultNext({ kind: 'reset' });
    await assert.rejects(callApi(api, STREAM), { code: 'ECONNRESET' });
    assert.deepEqual([api.refused, api.log.connects[0]?.status, api.log.connects[0]?.fault], [1, 0, 'reset']);
    const client = await StreamClient.open(api);
    assert.equal(client.response.statusCode, 200);
    client.close();
  }));

for (const fault of [{ kind: 'hang' }, { kind: 'trickle-headers', everyMs: 1 }] as Fault[])
  test(`fault ${fault.kind} -> no response headers`, () =>
    withApi({}, async (api) => {
      api.faultNext(fault);
      let answered = false;
      const opening = callApi(api, STREAM).then(
        () => {
          answered = true;
        },
        (error: NodeJS.ErrnoException) => error.code,
      );
      await until(() => api.log.connects.length === 1, 'the request');
      for (let count = 0; count < 10; count++) await callApi(api, RULES);
      assert.equal(answered, false);
      assert.equal(api.log.connects[0]?.closedAt, undefined);
      await api.close();
      assert.equal(await opening, 'ECONNRESET');
    }));

test('fault trickle-body -> headers, then bytes one by one', () =>
  withApi({}, async (api) => {
    api.faultNext({ kind: 'trickle-body', everyMs: 1 });
    const endless = await StreamClient.open(api);
    await until(() => endless.chunks.length >= 5, 'some bytes');
    assert.match(endless.bytes.toString(), /^ +$/);
    assert.equal(endless.ended, false);
    endless.close();
    api.faultNext({ kind: 'trickle-body', everyMs: 1, status: 503, body: '{"a":"é"}' });
    const { status, body } = await callApi(api, STREAM);
    assert.deepEqual([status, body], [503, { a: 'é' }]);
  }));

test('fault answer -> status, body and headers; a string that begins with < is HTML', () =>
  withApi({}, async (api) => {
    api.faultNext({ kind: 'answer', status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } });
    const moved = await callApi(api, STREAM);
    assert.deepEqual([moved.status, moved.headers.location], [302, 'http://127.0.0.1:9/']);
    api.faultNext({ kind: 'answer', status: 403, body: '<html>Access denied</html>' }, 2);
    for (const _ of [1, 2]) {
      const page = await callApi(api, STREAM);
      assert.deepEqual([page.status, page.body], [403, '<html>Access denied</html>']);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    }
    assert.deepEqual([api.pendingFaults, api.refused], [0, 3]);
  }));

test('fault answer 429 -> used up; of a cap or connections -> left; bare -> no headers', () =>
  withApi({}, async (api) => {
    const remaining = async (body: object, bare = false) => {
      api.faultNext({ kind: 'answer', status: 429, body, bare });
      return (await callApi(api, STREAM)).headers['x-rate-limit-remaining'];
    };
    assert.equal(await remaining({ title: 'Too Many Requests' }), '0');
    assert.equal(await remaining(usageCapExceeded()), '48');
    assert.equal(await remaining(tooManyConnections()), '47');
    assert.equal(await remaining({ title: 'Too Many Requests' }, true), undefined);
  }));

test('fault html-200, not-json-200 -> 200 that is not a stream of X', () =>
  withApi({}, async (api) => {
    api.faultNext({ kind: 'html-200' });
    const page = await callApi(api, STREAM);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    assert.match(page.body, /^<!DOCTYPE html>/);
    api.faultNext({ kind: 'not-json-200', line: 'hello' });
    const line = await StreamClient.open(api);
    await until(() => line.ended, 'the end');
    assert.deepEqual(line.lines, [Buffer.from('hello')]);
    assert.equal(api.connections, 0);
  }));

for (const [end, state] of [
  ['close', 'ended'],
  ['reset', 'broken'],
  ['mid-line', 'broken'],
  ['truncated-chunk', 'broken'],
] as const)
  test(`fault then ${end} -> its lines, then ${state}`, () =>
    withApi({ keepAliveMs: 5 }, async (api) => {
      api.faultNext({ kind: 'then', afterMs: 60, lines: ['{"n":1}'], end });
      const client = await StreamClient.open(api);
      await until(() => client.ended || client.broken, 'the end');
      assert.equal(client[state], true);
      assert.equal(client.lines[0]?.toString(), '{"n":1}');
      assert.ok(client.pieces.length > 1, 'keep-alives');
      assert.equal(client.lines.length, 1);
      await until(() => api.open === 0, 'no open stream');
    }));

test('fault then, without lines -> the posts of the feed; mid-line splits one', () =>
  withApi({ rate: 500, chunking: 'whole' }, async (api) => {
    api.faultNext({ kind: 'then', afterMs: 100, end: 'mid-line' });
    const client = await StreamClient.open(api);
    await until(() => client.broken, 'the cut');
    assert.ok(client.lines.length > 3);
    assert.notEqual(client.bytes.at(-1), 0x0a);
  }));

test('fault then silence without keep-alives -> nothing more, and open', () =>
  withApi({ keepAliveMs: 5 }, async (api) => {
    api.faultNext({ kind: 'then', afterMs: 0, lines: ['{"n":1}'], keepAlives: false, end: 'silence' });
    const client = await StreamClient.open(api);
    await until(() => client.lines.length === 1, 'the line');
    for (let count = 0; count < 20; count++) await callApi(api, RULES);
    assert.deepEqual([client.pieces.length, client.ended, api.open], [1, false, 1]);
    client.close();
  }));

test('fault stream-error -> the error; then the end, or only keep-alives', () =>
  withApi({ rate: 500, keepAliveMs: 5 }, async (api) => {
    const body = { errors: [{ title: 'operational-disconnect' }] };
    api.faultNext({ kind: 'stream-error', body, close: true, afterMs: 30 });
    const closed = await StreamClient.open(api);
    await until(() => closed.ended, 'the end');
    assert.deepEqual(closed.messages.at(-1), body);
    api.faultNext({ kind: 'stream-error', body, close: false, afterMs: 30 });
    const open = await StreamClient.open(api);
    await until(() => open.messages.at(-1)?.errors, 'the error');
    const count = open.pieces.length;
    await until(() => open.pieces.length > count + 5, 'keep-alives');
    assert.deepEqual([open.messages.at(-1), open.ended], [body, false]);
    open.close();
  }));

test('sendError, reset, truncateChunks -> open streams', () =>
  withApi({}, async (api) => {
    const first = await StreamClient.open(api);
    api.sendError({ errors: [] }, { close: true });
    await until(() => first.ended, 'the end');
    assert.deepEqual(first.messages, [{ errors: [] }]);
    for (const cut of ['reset', 'truncateChunks'] as const) {
      const client = await StreamClient.open(api);
      api[cut]();
      await until(() => client.broken, cut);
      assert.equal(client.ended, false);
    }
  }));

for (const [encoding, decompress] of [
  ['gzip', (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
  ['deflate', (bytes: Buffer) => inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
  ['br', (bytes: Buffer) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH })],
] as const)
  test(`fault encoding ${encoding} -> each line can be decompressed at once`, () =>
    withApi({}, async (api) => {
      api.faultNext({ kind: 'encoding', encoding });
      const client = await StreamClient.open(api);
      assert.equal(client.response.headers['content-encoding'], encoding);
      for (const line of ['{"n":1}', '{"n":2}', '{"text":"日本語"}']) {
        const before = client.size === 0 ? '' : decompress(client.bytes).toString();
        api.sendLine(line);
        await until(() => {
          return client.size > 0 && decompress(client.bytes).toString() === `${before}${line}\r\n`;
        }, line);
      }
      client.close();
    }));

test('fault encoding with garbage -> decompression error', () =>
  withApi({}, async (api) => {
    api.faultNext({ kind: 'encoding', encoding: 'gzip', corruptAfterLines: 2 });
    const client = await StreamClient.open(api);
    const decompressed = () => gunzipSync(client.bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    for (const line of ['one', 'two']) api.sendLine(line);
    await until(() => client.size > 0 && decompressed() === 'one\r\ntwo\r\n', 'two lines');
    api.sendLine('three');
    await until(() => client.bytes.includes(Buffer.alloc(512, 0xff)), 'garbage');
    assert.throws(decompressed, { code: /^Z_/ });
    client.close();
  }));

test('failRulesNext, failRequestNext -> the next requests of that method and path', () =>
  withApi({}, async (api) => {
    api.failRulesNext({ kind: 'answer', status: 503, body: { title: 'x' } }, 1, 'POST');
    api.failRequestNext('/2/usage/tweets', { kind: 'answer', status: 404, body: '' });
    assert.equal((await callApi(api, RULES)).status, 200);
    assert.equal((await callApi(api, RULES, { body: { add: [{ value: 'dog' }] } })).status, 503);
    assert.equal((await callApi(api, RULES, { body: { add: [{ value: 'dog' }] } })).status, 201);
    assert.equal((await callApi(api, '/2/usage/tweets')).status, 404);
    assert.equal((await callApi(api, '/2/usage/tweets')).status, 200);
    api.failRulesNext({ kind: 'reset' });
    await assert.rejects(callApi(api, RULES), { code: 'ECONNRESET' });
    assert.deepEqual(
      api.log.ruleRequests.map(({ method, status }) => [method, status]),
      [
        ['GET', 200],
        ['POST', 503],
        ['POST', 201],
        ['GET', 0],
      ],
    );
  }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startXApi } from '../../dev/x-api/server';
import { callApi, RULES, StreamClient, until } from './client';
import { file, withStream } from './helpers';

test('connection: no lines -> keep-alives', () =>
  withStream({ rate: 0, keepAliveMs: 5 }, async (api, client) => {
    await until(() => client.pieces.length >= 5, 'five keep-alives');
    assert.equal(client.lines.length, 0);
    api.sendLine('{"a":1}');
    await until(() => client.lines.length === 1, 'the line');
    assert.equal(api.sent, 1);
  }));

test('connection: stall -> nothing, not even keep-alives, until resume', () =>
  withStream({ rate: 0, keepAliveMs: 5 }, async (api, client) => {
    await until(() => client.pieces.length >= 2, 'keep-alives');
    api.stall();
    api.sendLine('held');
    // Bytes in flight have arrived once other requests to the server are complete.
    for (let count = 0; count < 5; count++) await callApi(api, RULES);
    const before = client.bytes.length;
    for (let count = 0; count < 20; count++) await callApi(api, RULES);
    assert.equal(client.bytes.length, before);
    api.resume();
    await until(() => client.lines[0]?.toString() === 'held', 'the delayed line');
  }));

test('connection: opened during a stall -> no response headers until resume', async () => {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  api.stall();
  let client: StreamClient | undefined;
  const opening = StreamClient.open(api).then((opened) => {
    client = opened;
  });
  await until(() => api.connections === 1, 'the connection');
  await callApi(api, RULES);
  assert.equal(client, undefined);
  api.resume();
  await opening;
  assert.equal((client as StreamClient | undefined)?.response.statusCode, 200);
  (client as StreamClient | undefined)?.close();
  await api.close();
});

test('connection: dropConnections -> cut, not ended', () =>
  withStream({ rate: 0 }, async (api, client) => {
    api.sendLine('one');
    await api.dropConnections();
    await until(() => client.broken, 'the cut');
    assert.equal(client.ended, false);
    assert.deepEqual(client.lines, [Buffer.from('one')]);
  }));

test('connection: cut mid-line -> part of it, the next stream gets it in full', async () => {
  const lines = Array.from({ length: 40 }, (_, index) =>
    Buffer.from(`{"n":${index},"text":"日本語 ${'é'.repeat(50)}"}`),
  );
  const path = file('cut.jsonl', lines);
  await withStream({ file: path, rate: 200 }, async (api, client) => {
    await until(() => client.lines.length >= 5, 'some lines');
    await api.dropConnections({ midLine: true });
    await until(() => client.broken, 'the cut');
    const whole = client.lines;
    assert.equal(api.sent, whole.length);
    const rest = client.bytes.subarray(Buffer.concat(whole).length + 2 * whole.length);
    const next = lines[whole.length] as Buffer;
    assert.ok(rest.length > 0 && rest.length < next.length);
    assert.deepEqual(rest, next.subarray(0, rest.length));

    const second = await StreamClient.open(api);
    await until(() => whole.length + second.lines.length >= lines.length, 'the other lines');
    assert.deepEqual([...whole, ...second.lines], lines);
    assert.equal(api.connections, 2);
    second.close();
  });
});

test('connection: endStreams -> ended, not cut', () =>
  withStream({ rate: 0 }, async (api, client) => {
    api.sendLine('last');
    api.endStreams();
    await until(() => client.ended, 'the end');
    assert.equal(client.broken, false);
    assert.deepEqual(client.lines, [Buffer.from('last')]);
  }));

test('connection: client does not read -> feed pauses, then every line arrives', async () => {
  const lines = Array.from({ length: 600 }, (_, index) => Buffer.from(`${index}:${'x'.repeat(20_000)}`));
  await withStream(
    { file: file('large.jsonl', lines), rate: Number.POSITIVE_INFINITY, chunking: 'whole' },
    async (api, client) => {
      client.response.pause();
      let last = -1;
      await until(() => {
        const held = api.sent === last && api.sent > 0;
        last = api.sent;
        return held;
      }, 'the feed to pause');
      assert.ok(api.sent < lines.length, `${api.sent} lines sent to a client that does not read`);
      client.response.resume();
      const total = lines.reduce((sum, line) => sum + line.length + 2, 0);
      await until(() => client.size >= total, 'all lines');
      assert.deepEqual(client.lines, lines);
    },
  );
});

test('connection: sendLine without an open stream -> sent to none', async () => {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  assert.equal(api.sendLine('unsent'), 0);
  assert.equal(api.sent, 0);
  await api.close();
});

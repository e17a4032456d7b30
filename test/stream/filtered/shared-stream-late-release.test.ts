import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../x-server';
import { type SharedStreamSetup, setUpSharedStream } from './shared-stream-setup';

test('deploy: more fields -> one new connection, within 5 s although X releases the old one late', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe } = setup;
  const api = lateRelease(setup);
  const before = subscribe('a');
  await before.connected();
  await clock.advance(1000);
  setup.stream.unregister('a', 'close');
  const a = subscribe('a', { fields: { fields: 'all' } });
  setup.stream.flowsStarted();
  const since = clock.now;
  await clock.advance(200);
  await a.connected();
  assert.ok(clock.now - since < 5000, `${clock.now - since} ms`);
  assert.deepEqual(api.deleted, [['ours']]);
  x.streams.at(-1)?.destroy();
  await a.connected();
});

test('reconnect: connection reset, released late, Connections API -> the stale one is ended, at most one a minute', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe } = setup;
  const api = lateRelease(setup);
  const a = subscribe('a');
  await a.connected();
  const keepAlives = setInterval(() => x.streams.at(-1)?.write('\r\n'), 10_000);
  t.after(() => clearInterval(keepAlives));
  await clock.advance(70_000);
  x.streams.at(-1)?.destroy();
  const since = clock.now;
  await clock.advance(10);
  await a.connected();
  assert.ok(clock.now - since < 5000, `${clock.now - since} ms`);
  assert.equal(api.deleted.length, 1);
});

test('reconnect: connection of another client -> not ended, the error names it; take over -> ended', async (t) => {
  const setup = await setUpSharedStream(t);
  const { clock, subscribe } = setup;
  const api = lateRelease(setup);
  api.open.push({ id: 'theirs', connected_at: '2026-08-22T11:03:00.000Z', client_ip: '203.0.113.7' });
  const a = subscribe('a');
  await clock.advance(1000);
  assert.equal(a.problemKey(), 'x-other-connection');
  assert.match('problem' in a.last ? a.last.problem.message : '', /since 11:03 UTC from 203\.0\.113\.7/);
  await clock.advance(59_000);
  assert.deepEqual(api.deleted, []);
  const b = subscribe('b', { takeOver: true });
  await clock.advance(130_000);
  assert.deepEqual(api.deleted, [['theirs']]);
  await b.connected();
});

/** A server that counts a closed connection for 2 s more, and has the Connections API. */
function lateRelease({ x, clock }: SharedStreamSetup) {
  const api = {
    open: [] as Array<{ id: string; connected_at: string; client_ip: string }>,
    deleted: [] as string[][],
  };
  const { onStream } = x;
  x.onStream = (request, response) => {
    if (api.open.length > 0) {
      answer(response, 429, {
        title: 'ConnectionException',
        connection_issue: 'TooManyConnections',
        detail: 'max',
      });
      return;
    }
    const connection = {
      id: 'ours',
      connected_at: new Date(clock.now).toISOString(),
      client_ip: '192.0.2.1',
    };
    api.open.push(connection);
    response.setHeader('date', new Date(clock.now).toUTCString());
    response.on('close', () => setTimeout(() => remove(connection.id), 2000));
    onStream(request, response);
  };
  const remove = (id: string): void => {
    api.open = api.open.filter((connection) => connection.id !== id);
  };
  x.onOther = (request, response, body) => {
    if (!request.url?.startsWith('/gateway/2/connections')) return false;
    if (request.method === 'GET') answer(response, 200, { data: api.open });
    else {
      const { uuids } = JSON.parse(body) as { uuids: string[] };
      api.deleted.push(uuids);
      for (const id of uuids) remove(id);
      answer(response, 200, { data: { successful_kills: uuids.length } });
    }
    return true;
  };
  return api;
}

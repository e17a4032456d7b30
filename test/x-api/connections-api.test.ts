import assert from 'node:assert/strict';
import { test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import { ConnectionRegistry } from '../../dev/x-api/connections/registry';
import { settingsFrom } from '../../dev/x-api/settings';
import { callApi, STREAM, StreamClient, until } from './client';
import { withApi } from './helpers';

const CONNECTIONS = '/2/connections';

test('registry: closed connection -> counts until X notices', () => {
  const clock = FakeTimers.install({ now: 1_000_000, toFake: ['Date'] });
  try {
    const registry = new ConnectionRegistry(settingsFrom({ lateReleaseMs: 2000 }), () => Date.now());
    const open = () => registry.open({ endpoint: 'filtered_stream', clientIp: '127.0.0.1' }, () => {});
    registry.close(open(), 'client_disconnect');
    clock.tick(1999);
    assert.equal(registry.counted('filtered_stream'), 1);
    clock.tick(1);
    assert.equal(registry.counted('filtered_stream'), 0);
    const stale = open();
    registry.close(stale, 'client_disconnect');
    assert.equal(registry.kill(stale.id), true);
    assert.equal(registry.kill(stale.id), false);
    assert.equal(registry.counted('filtered_stream'), 0);
  } finally {
    clock.uninstall();
  }
});

test('late release -> 429 TooManyConnections until a DELETE', () =>
  withApi({ lateReleaseMs: 3_600_000 }, async (api) => {
    const client = await StreamClient.open(api);
    client.close();
    await until(() => api.open === 0, 'the end');
    assert.equal((await callApi(api, STREAM)).body.connection_issue, 'TooManyConnections');
    const { body } = await callApi(api, `${CONNECTIONS}?status=active&endpoints=filtered_stream`);
    const [stale] = body.data;
    assert.deepEqual(body.meta, { result_count: 1 });
    assert.deepEqual(
      [stale.endpoint_name, stale.client_ip, stale.disconnected_at],
      ['filtered_stream', '127.0.0.1', undefined],
    );
    assert.equal(stale.id, api.log.connects[0]?.id);
    const age = Date.parse(client.response.headers.date ?? '') - Date.parse(stale.connected_at);
    assert.ok(Math.abs(age) <= 1000, `${age}`);
    const killed = await callApi(api, CONNECTIONS, { method: 'DELETE', body: { uuids: [stale.id, 'none'] } });
    assert.deepEqual([killed.body.data.successful_kills, killed.body.data.failed_kills], [1, 1]);
    assert.deepEqual(killed.body.data.results[0], { uuid: stale.id, success: true });
    const ended = await callApi(api, `${CONNECTIONS}?status=inactive`);
    assert.equal(ended.body.data[0].disconnect_reason, 'operator_disconnect');
    api.settings.lateReleaseMs = 0;
    const again = await StreamClient.open(api);
    assert.equal(again.response.statusCode, 200);
    again.close();
  }));

for (const path of ['all', 'filtered_stream'])
  test(`DELETE ${path} -> open stream ends at once, slot is free`, () =>
    withApi({ lateReleaseMs: 3_600_000 }, async (api) => {
      const client = await StreamClient.open(api);
      const { status, body } = await callApi(api, `${CONNECTIONS}/${path}`, { method: 'DELETE' });
      assert.deepEqual([status, body.data.successful_kills], [200, 1]);
      await until(() => client.ended, 'the end');
      const again = await StreamClient.open(api);
      assert.equal(again.response.statusCode, 200);
      again.close();
    }));

test('list: pages, fields, other endpoints; invalid parameters -> 400', () =>
  withApi({ maxConnections: 3 }, async (api) => {
    const clients = await Promise.all([1, 2, 3].map(() => StreamClient.open(api)));
    const first = await callApi(api, `${CONNECTIONS}?max_results=2&connection.fields=client_ip`);
    assert.equal(first.body.data.length, 2);
    assert.deepEqual(Object.keys(first.body.data[0]), ['id', 'client_ip']);
    const rest = await callApi(
      api,
      `${CONNECTIONS}?max_results=2&pagination_token=${first.body.meta.next_token}`,
    );
    assert.equal(rest.body.data.length, 1);
    assert.deepEqual((await callApi(api, `${CONNECTIONS}?endpoints=sample_stream`)).body, {
      meta: { result_count: 0 },
    });
    for (const query of ['status=open', 'endpoints=nowhere', 'max_results=0', 'colour=red'])
      assert.equal((await callApi(api, `${CONNECTIONS}?${query}`)).status, 400, query);
    assert.equal((await callApi(api, CONNECTIONS, { method: 'DELETE', body: {} })).status, 400);
    assert.equal((await callApi(api, `${CONNECTIONS}/nowhere`, { method: 'DELETE' })).status, 404);
    for (const client of clients) client.close();
  }));

for (const [connectionsApi, status] of [
  [false, 404],
  [403, 403],
] as const)
  test(`connectionsApi ${connectionsApi} -> ${status}`, () =>
    withApi({ connectionsApi }, async (api) => {
      assert.equal((await callApi(api, CONNECTIONS)).status, status);
      assert.equal((await callApi(api, `${CONNECTIONS}/all`, { method: 'DELETE' })).status, status);
    }));

test('other client: connected -> 429 for ours, until it disconnects or is ended', () =>
  withApi({}, async (api) => {
    const id = api.otherClient.connect('198.51.100.4');
    assert.equal((await callApi(api, STREAM)).body.connection_issue, 'TooManyConnections');
    const { body } = await callApi(api, CONNECTIONS);
    assert.deepEqual([body.data[0].id, body.data[0].client_ip], [id, '198.51.100.4']);
    api.otherClient.disconnect();
    const client = await StreamClient.open(api);
    assert.equal(client.response.statusCode, 200);
    client.close();
    await until(() => api.open === 0, 'the end');
    api.otherClient.connect();
    await callApi(api, CONNECTIONS, { method: 'DELETE', body: { uuids: [api.otherClient.connect()] } });
    assert.equal(api.otherClient.connected, false);
  }));

test('other client: adds and deletes rules', () =>
  withApi({}, async (api) => {
    const [dog] = api.otherClient.addRules(['dog']);
    assert.deepEqual(
      api.rules().map(({ value }) => value),
      ['cat', 'dog'],
    );
    assert.equal(api.rules()[1]?.id, dog?.id);
    assert.throws(() => api.otherClient.addRules(['(']), /X would reject the rule/);
    assert.equal(api.otherClient.deleteRules(['cat']), 1);
    assert.equal(api.otherClient.deleteRules('all'), 1);
    assert.deepEqual(api.rules(), []);
    assert.deepEqual(api.log.ruleRequests, []);
  }));

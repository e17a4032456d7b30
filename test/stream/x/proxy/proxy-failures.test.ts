import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProxyMode } from '../../../../dev/connect-proxy';
import { XClient } from '../../../../src/stream/x/client';
import type { FailureKind } from '../../../../src/stream/x/failure-kinds';
import { within } from '../../../../src/util/within';
import { until } from '../../../until';
import { setUpProxy } from './through-proxy';

const noSecret = /secret|p%40ss|p@ss/;

test('proxy: works -> request, token and stream go through it alone', async (t) => {
  const { x, proxy, failure, stream } = await setUpProxy(t);
  assert.equal(await failure(), undefined);
  const open = stream();
  await until(() => open.opened, 'the stream');
  x.send('{"data":{"id":"1"}}');
  await until(() => open.text.includes('"1"'), 'the post');
  const target = new URL(x.url).host;
  assert.deepEqual(proxy.connects, [target, target]);
  assert.deepEqual(proxy.others, []);
  assert.equal(x.sockets.size, 1);
  open.connection.close();
  await until(() => x.sockets.size === 0 && proxy.clients === 0, 'the end of the tunnel');
});

test('proxy: refuses, closes, fails -> its own error each, retried as a network error', async (t) => {
  const cases: [ProxyMode, FailureKind, number | undefined, string][] = [
    [{ kind: 'refuse', status: 403 }, 'proxy-refused', 403, 'HTTP 403 from the proxy'],
    [{ kind: 'refuse', status: 502 }, 'proxy-refused', 502, 'HTTP 502 from the proxy'],
    [{ kind: 'refuse', status: 302 }, 'proxy-refused', 302, 'HTTP 302 from the proxy'],
    [{ kind: 'refuse', status: 407 }, 'proxy-auth', 407, 'HTTP 407 from the proxy'],
    [{ kind: 'close' }, 'proxy-unreachable', undefined, 'ECONNRESET'],
    [{ kind: 'cut', afterBytes: 0 }, 'proxy-cut', undefined, 'ECONNRESET'],
  ];
  const { x, proxy, failure } = await setUpProxy(t);
  for (const [mode, kind, status, reason] of cases) {
    proxy.mode = mode;
    const found = await failure();
    assert.deepEqual([found?.kind, found?.policy, found?.reason], [kind, 'network', reason]);
    // The status is the proxy's, not X's.
    assert.equal(found?.status, undefined);
    if (status !== undefined) assert.equal(found?.params.status, status);
    assert.ok(found?.message.includes(proxy.place), found?.message);
    assert.doesNotMatch(found?.message ?? '', /__|secret-token/);
  }
  assert.deepEqual(x.requests, []);
});

test('proxy: refused port -> proxy-unreachable with the address of the proxy', async (t) => {
  const { proxy, failure } = await setUpProxy(t);
  await proxy.close();
  const found = await failure();
  assert.deepEqual([found?.kind, found?.reason], ['proxy-unreachable', 'ECONNREFUSED']);
  assert.ok(found?.message.includes(`ECONNREFUSED ${proxy.place}`), found?.message);
});

test('proxy: credentials required -> sent; wrong or missing ones -> proxy-auth', async (t) => {
  const { proxy, app, failure } = await setUpProxy(t);
  const url = proxy.url;
  proxy.credentials = 'us:er%:p@ss%zz/secret';
  app.proxy = { url, username: 'us:er%', password: 'p@ss%zz/secret' };
  assert.equal(await failure(), undefined);
  for (const wrong of [{}, { username: 'us:er%', password: 'other-secret' }]) {
    app.proxy = { url, ...wrong };
    const found = await failure();
    assert.equal(found?.kind, 'proxy-auth');
    assert.doesNotMatch(found?.message ?? '', noSecret);
  }
});

test('proxy: cut tunnel -> proxy-dropped; ended by X -> closed', async (t) => {
  const { x, proxy, stream } = await setUpProxy(t);
  const cut = stream();
  await until(() => cut.opened, 'the stream');
  proxy.cutAll();
  await until(() => cut.end, 'the end');
  assert.deepEqual(
    [cut.end?.kind, cut.end?.policy, cut.end?.reason],
    ['proxy-dropped', 'ended', 'ECONNRESET'],
  );
  assert.ok(cut.end?.message.includes(proxy.place));
  const ended = stream();
  await until(() => ended.opened, 'the second stream');
  proxy.endAll();
  await until(() => ended.end, 'the second end');
  assert.equal(ended.end?.kind, 'proxy-dropped');
  const closed = stream();
  await until(() => closed.opened, 'the third stream');
  x.streams.at(-1)?.end();
  await until(() => closed.end, 'the third end');
  assert.equal(closed.end?.kind, 'closed');
});

test('proxy: tunnel cut in the middle of an answer -> proxy-cut', async (t) => {
  const { x, proxy, failure } = await setUpProxy(t);
  x.onRules = (_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"meta":');
    setImmediate(() => proxy.cutAll());
    return true;
  };
  assert.equal((await failure())?.kind, 'proxy-cut');
});

test('proxy: CONNECT not answered in time -> proxy-timeout; answered, X silent -> connect-timeout', async (t) => {
  const { x, proxy, app } = await setUpProxy(t, { kind: 'hang' });
  const client = new XClient(app);
  const pending = client.request({ method: 'GET', path: 'tweets/search/stream/rules' });
  pending.catch(() => {});
  await until(() => proxy.connects.length === 1, 'the CONNECT');
  const late = client.timeoutFailure(20);
  assert.deepEqual([late.kind, late.policy, late.params.seconds], ['proxy-timeout', 'network', 20]);
  assert.ok(late.message.includes(proxy.place));
  client.close();
  await assert.rejects(pending);

  proxy.mode = { kind: 'work' };
  let asked = false;
  x.onRules = () => {
    asked = true;
    return true;
  };
  const second = new XClient(app);
  const silent = second.request({ method: 'GET', path: 'tweets/search/stream/rules' });
  silent.catch(() => {});
  await until(() => asked, 'the request at X');
  assert.equal(second.timeoutFailure(20).kind, 'connect-timeout');
  second.close();
  await assert.rejects(silent);
});

test('proxy: closed while CONNECT is pending -> X sees no connection, also when the proxy answers late', async (t) => {
  const { x, proxy, app, stream } = await setUpProxy(t, { kind: 'late' });
  const open = stream();
  await until(() => proxy.connects.length === 1, 'the CONNECT');
  open.connection.close();
  const client = new XClient(app);
  const pending = client.request({ method: 'GET', path: 'tweets/search/stream/rules' });
  await until(() => proxy.connects.length === 2, 'the second CONNECT');
  client.close();
  const ended = await within(
    pending.then(
      () => 'answered',
      () => 'ended',
    ),
    30_000,
    () => 'pending',
  );
  assert.equal(ended, 'ended');
  await until(() => proxy.clients === 0, 'the end of both connections to the proxy');
  proxy.answerLate();
  // Another request proves that the proxy has answered.
  proxy.mode = { kind: 'work' };
  const control = new XClient(app);
  await control.request({ method: 'GET', path: 'tweets/search/stream/rules' });
  control.close();
  assert.deepEqual([proxy.opened, x.streams.length, x.requests.length], [1, 0, 1]);
  assert.equal(open.end, undefined);
});

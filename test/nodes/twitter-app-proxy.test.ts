import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Node, NodeAPI } from 'node-red';
import { type ConnectProxy, startConnectProxy } from '../../dev/connect-proxy';
import { startXApi, type XApi } from '../../dev/x-api/server';
import type { AppService } from '../../nodes/twitter-app/app-service';
import appNode from '../../nodes/twitter-app/twitter-app';
import type { ConfigNode } from '../../src/node-red/node-context';
import { closeApps } from '../../src/stream/app/app-registry';
import { helper } from './flow';

/** Node-RED's own node. */
const proxyNode = createRequire(__filename)('@node-red/nodes/core/network/06-httpproxy.js') as (
  RED: NodeAPI,
) => void;

const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const inherited = variables.map((name) => [name, process.env[name]] as const);

let x: XApi;
let proxy: ConnectProxy;
before(() => helper.startServer());
after(async () => {
  for (const [name, value] of inherited) if (value !== undefined) process.env[name] = value;
  await helper.stopServer();
});
beforeEach(async () => {
  for (const name of variables) delete process.env[name];
  x = await startXApi();
  proxy = await startConnectProxy();
  proxy.credentials = 'proxy-user:proxy-secret';
});
afterEach(async () => {
  for (const name of variables) delete process.env[name];
  await helper.unload();
  await closeApps();
  await Promise.all([x.close(), proxy.close()]);
});

const credentials = {
  'c-app': { bearerToken: 'simulated-token' },
  'c-proxy': { username: 'proxy-user', password: 'proxy-secret' },
};

async function deploy(app: object = {}, proxySettings: object = {}): Promise<ConfigNode<AppService>> {
  const flow = [
    { id: 'c-proxy', type: 'http proxy', url: proxy.url, noproxy: [], ...proxySettings },
    { id: 'c-app', type: 'twitter-app', auth: 'bearer', baseUrl: x.url, proxy: 'c-proxy', ...app },
  ];
  await helper.load([proxyNode, appNode], flow as never, credentials as never);
  return helper.getNode('c-app') as Node as ConfigNode<AppService>;
}

const proxyOf = (node: ConfigNode<AppService>): unknown => node.service?.shared.app.proxy;

interface Answer {
  ok: boolean;
  lines: { ok: boolean; text: string }[];
}

async function press(fields: object): Promise<Answer> {
  const response = await helper.request().post('/twitter-app/test').send(fields).expect(200);
  return response.body as Answer;
}

const stored = (): object => ({ id: 'c-app', auth: 'bearer', baseUrl: x.url });

test('twitter-app: http proxy node -> its address, credentials and exclusions', async () => {
  const node = await deploy();
  assert.deepEqual(proxyOf(node), {
    url: proxy.url,
    username: 'proxy-user',
    password: 'proxy-secret',
  });
  await helper.unload();
  await closeApps();
  assert.equal(proxyOf(await deploy({}, { noproxy: ['example.org', '127.0.0.1'] })), undefined);
});

test('twitter-app: no proxy node -> the variables of the process', async () => {
  process.env.http_proxy = proxy.url;
  assert.deepEqual(proxyOf(await deploy({ proxy: '' })), { url: proxy.url });
  await helper.unload();
  await closeApps();
  process.env.NO_PROXY = '127.0.0.1';
  assert.equal(proxyOf(await deploy({ proxy: '' })), undefined);
});

test('twitter-app: invalid proxy -> a problem without its password', async () => {
  const { service, problem } = await deploy({}, { url: 'socks5://me:hidden@127.0.0.1:1' });
  assert.equal(service, undefined);
  assert.match((problem as Error).message, /proxy “socks5:/);
  assert.doesNotMatch((problem as Error).message, /hidden/);
});

test('test endpoint: proxy -> the test goes through it', async () => {
  await deploy();
  const good = await press({ ...stored(), proxy: 'c-proxy' });
  assert.equal(good.ok, true, JSON.stringify(good.lines));
  assert.ok(proxy.connects.length > 0);
  const before = proxy.connects.length;
  assert.equal((await press({ ...stored(), proxy: '' })).ok, true);
  assert.equal(proxy.connects.length, before);
});

test('test endpoint: proxy that rejects or is not deployed -> one sentence, no secret', async () => {
  await deploy();
  proxy.credentials = 'others';
  const rejected = await press({ ...stored(), proxy: 'c-proxy' });
  assert.equal(rejected.ok, false);
  assert.match(rejected.lines[0]?.text ?? '', /proxy 127\.0\.0\.1:\d+ requires valid credentials/);
  assert.doesNotMatch(JSON.stringify(rejected), /proxy-secret/);
  for (const id of ['c-new', 'c-app']) {
    const { ok, lines } = await press({ ...stored(), proxy: id });
    assert.equal(ok, false);
    assert.match(lines[0]?.text ?? '', /proxy/);
  }
});

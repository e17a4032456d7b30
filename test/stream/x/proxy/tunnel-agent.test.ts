import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startConnectProxy } from '../../../../dev/connect-proxy';
import { createCertificates } from '../../../../dev/kafka/certificates';
import type { XApp } from '../../../../src/stream/x/app';
import { agentFor } from '../../../../src/stream/x/proxy/agent';
import { isTunnelPending } from '../../../../src/stream/x/proxy/tunnel-agent';
import { ipv6Test, listenOnIpv6 } from '../../../ipv6';
import { until } from '../../../until';
import { answer } from '../../x-server';
import { failureOfRequest } from './through-proxy';

const folder = mkdtempSync(join(tmpdir(), 'tweet-pipeline-tunnel-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const appAt = (baseUrl: string, proxy: string): XApp => ({
  baseUrl,
  bearerToken: 'secret-token',
  proxy: { url: proxy },
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('tunnel: https -> TLS inside the tunnel; an untrusted certificate is not an error of the proxy', async (t) => {
  const both = readFileSync(createCertificates(folder).serverFile);
  const requests: string[] = [];
  const server = createHttpsServer({ key: both, cert: both }, (request, response) => {
    requests.push(`${request.headers.authorization}`);
    answer(response, 200, { meta: {} });
  });
  const port = await listening(server);
  const proxy = await startConnectProxy();
  t.after(async () => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    server.closeAllConnections();
    server.close();
    await proxy.close();
  });
  const app = appAt(`https://localhost:${port}`, proxy.url);
  const failure = await failureOfRequest(app);
  assert.equal(failure?.kind, 'unreachable');
  assert.match(failure?.reason ?? '', /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
  assert.deepEqual(requests, []);
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  assert.equal(await failureOfRequest(app), undefined);
  assert.deepEqual(requests, ['Bearer secret-token']);
  assert.deepEqual(proxy.connects, [`localhost:${port}`, `localhost:${port}`]);
});

ipv6Test('tunnel: base URL with an IPv6 address -> named in brackets', async () => {
  const server = createHttpServer((_request, response) => answer(response, 200, { meta: {} }));
  const place = `[::1]:${await listenOnIpv6(server)}`;
  const proxy = await startConnectProxy();
  try {
    assert.equal(await failureOfRequest(appAt(`http://${place}`, proxy.url)), undefined);
    assert.deepEqual(proxy.connects, [place]);
  } finally {
    server.closeAllConnections();
    server.close();
    await proxy.close();
  }
});

ipv6Test('tunnel: proxy with an IPv6 address -> its own address in the error', async () => {
  const server = createHttpServer();
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  const place = `[::1]:${await listenOnIpv6(server)}`;
  try {
    const failure = await failureOfRequest(appAt('http://127.0.0.1:9', `http://${place}`));
    assert.equal(failure?.kind, 'proxy-refused');
    assert.equal(failure?.params.proxy, place);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('agentFor: destroyed -> opens no connection, with and without a proxy', async (t) => {
  const server = createHttpServer((_request, response) => answer(response, 200, {}));
  let connections = 0;
  server.on('connection', () => connections++);
  const baseUrl = `http://127.0.0.1:${await listening(server)}`;
  const proxy = await startConnectProxy();
  t.after(async () => {
    server.close();
    await proxy.close();
  });
  for (const through of [undefined, { url: proxy.url }]) {
    const agent = agentFor(baseUrl, through);
    agent.destroy();
    const { get } = await import('node:http');
    const error = await new Promise((resolve) =>
      get(baseUrl, { agent }).on('error', resolve).on('response', resolve),
    );
    assert.match(String(error), /agent is destroyed/);
    assert.equal(isTunnelPending(agent), false);
  }
  assert.deepEqual([connections, proxy.connects.length], [0, 0]);
});

test('tunnel: 50 pending CONNECT requests -> all ended by destroy, none is left', async (t) => {
  const proxy = await startConnectProxy({ kind: 'hang' });
  t.after(() => proxy.close());
  const { get } = await import('node:http');
  const agent = agentFor('http://127.0.0.1:9', { url: proxy.url });
  const ends: unknown[] = [];
  for (let count = 0; count < 50; count++) {
    get('http://127.0.0.1:9', { agent }).on('error', (error) => ends.push(error));
  }
  await until(() => proxy.connects.length === 50, 'the CONNECT requests');
  assert.equal(isTunnelPending(agent), true);
  agent.destroy();
  await until(() => ends.length === 50 && proxy.clients === 0, 'the end of all');
  assert.equal(isTunnelPending(agent), false);
});

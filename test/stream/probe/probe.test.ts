import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { startXApi } from '../../../dev/x-api/server';
import { probeApp, probeProblem } from '../../../src/stream/probe/probe';
import { failureOfNetwork } from '../../../src/stream/x/failure';
import { answer } from '../x-server';

const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listening<Kind extends Server | TcpServer>(server: Kind): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const web = (listener: RequestListener): Promise<string> => listening(createServer(listener));

/** The keys of the findings, the failed ones with "!". */
async function findings(baseUrl: string, limitMs?: number): Promise<string> {
  const found = await probeApp({ baseUrl, bearerToken: 'secret-token' }, limitMs);
  for (const { says } of found) assert.doesNotMatch(says.message, /__|secret-token/);
  return found.map(({ ok, says }) => `${ok ? '' : '!'}${says.key}`).join(' ');
}

test('probe: each answer of X -> its findings', async () => {
  const soon = String(Math.floor(Date.now() / 1000) + 600);
  const cap = {
    title: 'UsageCapExceeded',
    detail: 'Usage cap exceeded: Monthly product cap',
    period: 'Monthly',
  };
  const forbidden = {
    title: 'Client Forbidden',
    reason: 'client-not-enrolled',
    detail: 'When authenticating…',
  };
  const accepted = 'probe-answers probe-token-accepted';
  const cases: [number, object | string, Record<string, string>, string][] = [
    [200, { meta: {} }, {}, `${accepted} probe-no-rules`],
    [200, {}, {}, `${accepted} probe-no-rules`],
    [200, { data: [{ id: '1', value: 'a' }] }, {}, `${accepted} probe-rules`],
    [200, '<html></html>', {}, '!probe-not-x'],
    [404, '<html></html>', {}, '!probe-not-x'],
    [403, 'Blocked by the proxy', {}, '!probe-not-x'],
    [401, { title: 'Unauthorized', detail: 'Unauthorized' }, {}, 'probe-answers !probe-token-refused'],
    [401, '', {}, '!probe-not-x'],
    [403, forbidden, {}, `${accepted} !probe-access`],
    [429, { title: 'Too Many Requests' }, {}, 'probe-answers !probe-rate-limit'],
    [
      429,
      { title: 'Too Many Requests' },
      { 'x-rate-limit-reset': soon },
      'probe-answers !probe-rate-limit-until',
    ],
    [429, cap, {}, `${accepted} !probe-usage-cap`],
    [429, { type: '', connection_issue: 'TooManyConnections' }, {}, 'probe-answers !probe-rate-limit'],
    [429, 'Too many requests', {}, '!probe-rate-limit'],
    [502, '<html></html>', {}, '!probe-server-error'],
    [402, { title: 'CreditsDepleted' }, {}, `${accepted} !probe-usage-cap`],
    [402, { title: 'SpendCapReached' }, {}, `${accepted} !probe-usage-cap`],
    [503, { title: 'Service Unavailable' }, {}, 'probe-answers !probe-server-error'],
    [503, { type: '', connection_issue: 'ProvisioningSubscription' }, {}, '!x-provisioning'],
    [409, { title: 'ConnectionException' }, {}, '!x-no-rules'],
    [400, { title: 'Invalid Request' }, {}, '!probe-unexpected'],
    [404, { title: 'Not Found' }, {}, '!probe-unexpected'],
    [302, {}, { location: 'http://127.0.0.1:9/' }, '!probe-not-x'],
    [200, { hello: 'world' }, {}, '!probe-not-x'],
  ];
  for (const [status, body, headers, keys] of cases) {
    const host = await web((_request, response) => answer(response, status, body, headers));
    assert.equal(await findings(`http://${host}/gateway`), keys, `${status} ${JSON.stringify(body)}`);
  }
});

test('probe: no answer of X -> the step of the network that failed', async () => {
  const silent = await listening(createTcpServer(() => {}));
  assert.equal(await findings(`http://${silent}`, 100), '!probe-timeout');
  const closing = await listening(createTcpServer((socket) => socket.destroy()));
  assert.equal(await findings(`http://${closing}`), '!probe-closed');
  const other = await listening(createTcpServer((socket) => socket.end('220 mail ready\r\n')));
  assert.equal(await findings(`http://${other}`), '!probe-not-http');
  assert.equal(await findings(`https://${other}`), '!probe-tls');
  const noCertificate = await listening(createTlsServer());
  assert.equal(await findings(`https://${noCertificate}`), '!probe-tls');
  assert.equal(await findings('http://no-such-host.invalid'), '!probe-dns');
  const gone = createTcpServer();
  const address = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
  assert.equal(await findings(`http://${address}`), '!probe-connection-refused');
});

test('probe: App by key -> what the token endpoint answers', async () => {
  const said = { title: 'Said by X' };
  const token = { status: 200, body: { token_type: 'bearer', access_token: 'token' } };
  const cases: [{ status: number; body: object }, number, string][] = [
    [{ status: 403, body: said }, 200, 'probe-answers !probe-key-refused'],
    [{ status: 403, body: {} }, 200, '!probe-not-x'],
    [{ status: 200, body: {} }, 200, '!probe-no-token'],
    [{ status: 503, body: said }, 200, 'probe-answers !probe-server-error'],
    [token, 401, 'probe-answers !probe-token-refused'],
    [token, 403, 'probe-answers probe-key-accepted !probe-access'],
  ];
  for (const [tokenAnswer, rulesStatus, keys] of cases) {
    const host = await web((request, response) => {
      if (request.method === 'POST') answer(response, tokenAnswer.status, tokenAnswer.body);
      else if (request.url?.startsWith('/2/usage')) answer(response, 404, '');
      else answer(response, rulesStatus, rulesStatus === 200 ? {} : said);
    });
    const found = await probeApp({ baseUrl: `http://${host}`, apiKey: 'k', apiSecret: 's' });
    assert.equal(found.map(({ ok, says }) => `${ok ? '' : '!'}${says.key}`).join(' '), keys);
  }
});

test('probeProblem: network error codes -> their sentences', () => {
  const cases: [string, string][] = [
    ['ENOTFOUND', 'probe-dns'],
    ['EAI_AGAIN', 'probe-dns'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'probe-certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'probe-certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'probe-certificate'],
    ['CERT_HAS_EXPIRED', 'probe-certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'probe-certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'probe-tls'],
    ['EPROTO', 'probe-tls'],
    ['ECONNRESET', 'probe-closed'],
    ['EHOSTUNREACH', 'probe-no-way'],
    ['ETIMEDOUT', 'probe-no-way'],
  ];
  for (const [code, key] of cases) {
    const failure = failureOfNetwork(Object.assign(new Error(code), { code }), 'x');
    assert.equal(probeProblem(failure, 'x').key, key, code);
  }
  assert.equal(probeProblem(new Error('odd'), 'x').key, 'unexpected');
});

test('probe: key and secret at the simulator -> accepted, no stream opened', async () => {
  const x = await startXApi({ rules: [{ value: 'basketball' }] });
  try {
    const keys = () => ({ baseUrl: x.url, apiKey: 'simulated-key', apiSecret: 'simulated-secret' });
    const good = await probeApp(keys());
    assert.deepEqual(
      good.map(({ ok, says }) => [ok, says.key]),
      [
        [true, 'probe-answers'],
        [true, 'probe-key-accepted'],
        [true, 'probe-rules'],
        [true, 'probe-usage-reset'],
      ],
    );
    assert.match(good[2]?.says.message ?? '', /Rules at X: 1\./);
    const bad = await probeApp({ ...keys(), apiSecret: 'wrong' });
    assert.deepEqual(
      bad.map(({ ok, says }) => [ok, says.key]),
      [
        [true, 'probe-answers'],
        [false, 'probe-key-refused'],
      ],
    );
    assert.equal(x.connections, 0);
  } finally {
    await x.close();
  }
});

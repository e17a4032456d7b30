import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tokenSource } from '../../../src/kafka/security/oauth-token';
import { readSecurity, type SecurityChoice } from '../../../src/kafka/security/settings';
import type { ClientCredentials } from '../../../src/util/client-credentials';
import { Problem } from '../../../src/util/problem';
import { startTokenServer, type TokenServer } from './token-server';

let server: TokenServer;
before(async () => {
  server = await startTokenServer();
});
after(() => server.stop());

const clientSecret = 'kept:to ourselves';
const grant = (more: Partial<ClientCredentials> = {}): ClientCredentials => ({
  url: server.url,
  scope: 'kafka.write',
  clientId: 'me',
  clientSecret,
  ...more,
});

test('token: the client-credentials grant, once for concurrent calls, then kept', async () => {
  server.answer = () => ({ body: { access_token: `t${server.requests.length}`, expires_in: 60 } });
  const source = tokenSource(grant());
  assert.deepEqual(await Promise.all([source.token(), source.token()]), ['t1', 't1']);
  assert.equal(await source.token(), 't1');
  const [request] = server.requests;
  assert.equal(request?.body, 'grant_type=client_credentials&scope=kafka.write');
  const basic = Buffer.from(request?.authorization.replace('Basic ', '') ?? '', 'base64').toString();
  assert.equal(basic, 'me:kept%3Ato+ourselves');
  source.forget();
  assert.equal(await source.token(), 't2');
});

test('token: shortly before it expires -> a new one', async (t) => {
  server.answer = () => ({ body: { access_token: `t${server.requests.length}`, expires_in: 600 } });
  const now = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now });
  const source = tokenSource(grant());
  const first = await source.token();
  t.mock.timers.setTime(now + 560_000);
  assert.equal(await source.token(), first);
  t.mock.timers.setTime(now + 571_000);
  assert.notEqual(await source.token(), first);
});

test('token: a bad answer -> a sentence without the secret', async () => {
  const table: Array<[ReturnType<TokenServer['answer']>, string, RegExp]> = [
    [{ status: 401, body: { error: 'invalid_client' } }, 'oauth-refused', /401 invalid_client/],
    [
      { status: 400, body: { error: 'invalid_scope', error_description: `no ${clientSecret}` } },
      'oauth-refused',
      /invalid_scope: no …/,
    ],
    [{ status: 404, body: '<html>' }, 'oauth-failed', /404/],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'oauth-failed', /302/],
    [{ body: {} }, 'oauth-no-token', /no token/],
    [{ body: 'access_token' }, 'oauth-no-token', /no token/],
    [{ body: { access_token: 'a\u0001b' } }, 'oauth-no-token', /no token/],
  ];
  for (const [answer, key, sentence] of table) {
    server.answer = () => answer;
    await assert.rejects(tokenSource(grant()).token(), (error: Problem) => {
      assert.equal(error.key, key);
      assert.match(error.message, sentence);
      assert.match(error.message, /127\.0\.0\.1:\d+/);
      assert.ok(!error.message.includes(clientSecret));
      return true;
    });
  }
  const gone = tokenSource(grant({ url: 'http://127.0.0.1:1/' }));
  await assert.rejects(gone.token(), { key: 'oauth-unreachable', message: /ECONNREFUSED/ });
});

test('readSecurity: a missing or invalid field -> its sentence', () => {
  const oauth = {
    sasl: 'oauthbearer',
    oauthTokenUrl: 'https://x',
    oauthClientId: 'me',
    oauthClientSecret: 's',
  };
  const table: Array<[Partial<SecurityChoice>, string]> = [
    [{ sasl: 'kerberos' }, 'sasl-unknown'],
    [{ sasl: 'plain', password: 'x' }, 'sasl-no-user'],
    [{ sasl: 'plain', username: 'x' }, 'sasl-no-password'],
    [{ sasl: 'plain', username: 'x', password: '\n' }, 'sasl-no-password'],
    [{ sasl: 'plain', username: 'x', password: '\u0024{NOT_SET}' }, 'env-unset'],
    [{ ...oauth, oauthTokenUrl: '' }, 'oauth-no-url'],
    [{ ...oauth, oauthTokenUrl: 'login.example.com' }, 'oauth-url-invalid'],
    [{ ...oauth, oauthTokenUrl: 'https://me:secret@login.example.com' }, 'oauth-url-invalid'],
    [{ ...oauth, oauthTokenUrl: 'http://login.example.com/token' }, 'oauth-url-insecure'],
    [{ ...oauth, oauthClientId: '' }, 'oauth-no-client'],
    [{ ...oauth, oauthClientSecret: '' }, 'oauth-no-secret'],
    [{ useTls: true, tls: { cert: 'no certificate' } }, 'tls-invalid'],
  ];
  for (const [choice, key] of table) {
    assert.throws(
      () => readSecurity({ useTls: false, sasl: 'none', ...choice }),
      (error) => error instanceof Problem && error.key === key && !error.message.includes('secret@'),
      key,
    );
  }
});

test('readSecurity: fields of another mechanism -> ignored', () => {
  assert.deepEqual(readSecurity({ useTls: false, sasl: 'none' }), {});
  const left = { username: '\u0024{NOT_SET}', oauthTokenUrl: 'nonsense', tls: { cert: 'no certificate' } };
  assert.deepEqual(readSecurity({ useTls: false, sasl: 'none', ...left }), {});
  const { sasl } = readSecurity({ useTls: false, sasl: 'plain', username: 'a', password: ' b \r\n' });
  assert.deepEqual(
    { ...sasl },
    { mechanism: 'plain', username: 'a', password: ' b ', authenticationProvider: undefined },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  credentialNames,
  isOAuth1,
  isSameApp,
  isUnencrypted,
  readApp,
  type XApp,
} from '../../../src/stream/x/app';
import { Problem } from '../../../src/util/problem';

const token = 'AAAAAAAAAAAAAAAA+x/y=';

test('readApp: pasted token -> without spaces, Bearer and percent-encoding', () => {
  const inQuotes = [`"${token}"`, `'${token}'`, `<${token}>`, `“${token}”,`];
  const inCode = [`X_BEARER_TOKEN=${token}`, `export BEARER_TOKEN="${token}"`, `"bearer_token": "${token}",`];
  const plain = [token, ` ${token}\n`, `Bearer ${token}`, `Authorization: Bearer ${token}`];
  for (const pasted of [...plain, 'AAAAAAAAAAAAAAAA%2Bx%2fy%3D', ...inQuotes, ...inCode]) {
    assert.deepEqual(readApp({ bearerToken: pasted }), { baseUrl: 'https://api.x.com', bearerToken: token });
  }
});

test('readApp: base URL -> with its path, without a trailing slash', () => {
  assert.equal(readApp({ bearerToken: token }).baseUrl, 'https://api.x.com');
  assert.equal(
    readApp({ baseUrl: ' http://127.0.0.1:8080/x/ ', bearerToken: token }).baseUrl,
    'http://127.0.0.1:8080/x',
  );
});

test('readApp: invalid token or base URL -> a problem without the secret', () => {
  const cases: [string, string | undefined, string][] = [
    ['', undefined, 'token-missing'],
    ['', ' Bearer ', 'token-missing'],
    ['', '\u0024{X_TOKEN}', 'token-env-unset'],
    ['', 'abc def', 'token-invalid'],
    ['api.x.com', token, 'base-url-invalid'],
    ['ftp://api.x.com', token, 'base-url-invalid'],
    ['https://me:secret@api.x.com', token, 'base-url-invalid'],
    ['https://api.x.com/?a=1', token, 'base-url-invalid'],
  ];
  for (const [url, pasted, key] of cases) {
    assert.throws(
      () => readApp({ baseUrl: url, bearerToken: pasted }),
      (error) => error instanceof Problem && error.key === key && !/secret|abc def/.test(error.message),
    );
  }
});

test('readApp: API key and secret -> both, or a problem', () => {
  assert.deepEqual(readApp({ auth: 'app', apiKey: ' k ', apiSecret: 's\n' }), {
    baseUrl: 'https://api.x.com',
    apiKey: 'k',
    apiSecret: 's',
  });
  const cases: [string | undefined, string | undefined, string][] = [
    [undefined, 's', 'key-missing'],
    ['k', ' ', 'key-missing'],
    ['\u0024{X_KEY}', 's', 'key-env-unset'],
    ['k', '\u0024{X_SECRET}', 'key-env-unset'],
    ['k', 'secret value', 'api-key-invalid'],
  ];
  for (const [apiKey, apiSecret, key] of cases) {
    assert.throws(
      () => readApp({ auth: 'app', apiKey, apiSecret }),
      (error) => error instanceof Problem && error.key === key && !/secret value/.test(error.message),
    );
  }
  assert.throws(() => readApp({ auth: 'oauth2', bearerToken: token }), { key: 'setting-unknown' });
});

test('readApp: OAuth 1.0a -> all four keys, or a problem without them', () => {
  const keys = { apiKey: 'k', apiSecret: 's', accessToken: ' 1-t ', accessTokenSecret: 'u\n' };
  const app = readApp({ auth: 'oauth1', ...keys });
  assert.deepEqual(app, {
    baseUrl: 'https://api.x.com',
    apiKey: 'k',
    apiSecret: 's',
    accessToken: '1-t',
    accessTokenSecret: 'u',
  });
  const cases: [object, string][] = [
    [{ apiKey: '' }, 'key-missing'],
    [{ accessToken: ' ' }, 'oauth1-missing'],
    [{ accessTokenSecret: undefined }, 'oauth1-missing'],
    [{ accessToken: '\u0024{X_ACCESS_TOKEN}' }, 'oauth1-env-unset'],
    [{ accessTokenSecret: 'secret value' }, 'oauth1-invalid'],
  ];
  for (const [change, key] of cases) {
    assert.throws(
      () => readApp({ auth: 'oauth1', ...keys, ...change }),
      (error) => error instanceof Problem && error.key === key && !/secret value/.test(error.message),
    );
  }
  assert.deepEqual(
    ['bearer', 'app', 'oauth1', 'other'].map((auth) => credentialNames(auth).length),
    [1, 2, 4, 0],
  );
  assert.equal(isOAuth1(app), true);
  assert.equal(isOAuth1(readApp({ auth: 'app', ...keys })), false);
});

test('isUnencrypted: http to another host -> true', () => {
  const safe = [
    'https://api.x.com',
    'http://localhost:8080/x',
    'http://127.0.0.1',
    'http://[::1]:80',
    'not a url',
    '',
  ];
  const unsafe = [
    'http://api.x.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example',
    'http://x.localhost',
  ];
  for (const url of safe) assert.equal(isUnencrypted(url), false, url);
  for (const url of unsafe) assert.equal(isUnencrypted(url), true, url);
});

test('isSameApp: base URL and token or API key -> the same App or another', () => {
  const bearer = (bearerToken: string, baseUrl = 'https://api.x.com'): XApp => ({ baseUrl, bearerToken });
  const byKey = (apiKey: string, fetchedToken?: string): XApp => ({
    baseUrl: 'https://api.x.com',
    apiKey,
    apiSecret: `secret of ${apiKey}`,
    fetchedToken,
  });
  const cases: [XApp, XApp, boolean][] = [
    [bearer('a'), bearer('a'), true],
    [bearer('a'), bearer('b'), false],
    [bearer('a'), bearer('a', 'HTTPS://API.X.COM:443'), true],
    [bearer('a'), bearer('a', 'https://api.twitter.com'), true],
    [bearer('a'), bearer('a', 'https://api.twitter.com.example'), false],
    [bearer('a'), bearer('a', 'http://127.0.0.1:8080'), false],
    [bearer('a', 'http://127.0.0.1:8080/x'), bearer('a', 'http://127.0.0.1:8080/y'), false],
    [byKey('k'), { ...byKey('k'), apiSecret: 'another' } as XApp, true],
    [byKey('k'), byKey('l'), false],
    [bearer('a'), byKey('k'), false],
    [bearer('a'), byKey('a'), false],
    [bearer('a'), byKey('k', 'a'), true],
  ];
  for (const [one, other, same] of cases) {
    assert.equal(isSameApp(one, other), same, JSON.stringify([one, other]));
    assert.equal(isSameApp(other, one), same, JSON.stringify([other, one]));
  }
});

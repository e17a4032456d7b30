import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { type ProxyOptions, placeOf, proxyFor } from '../../../../src/stream/x/proxy/proxy';
import { Problem } from '../../../../src/util/problem';

interface ProxyHelper {
  getProxyForUrl(url: string, options: ProxyOptions): string;
}
// What the http request node decides with.
const nodeRed = createRequire(__filename)('@node-red/nodes/core/network/lib/proxyHelper.js') as ProxyHelper;

const p = 'http://proxy.example:3128';
const q = 'http://other.example:8080';

const environments: Record<string, string>[] = [
  {},
  { HTTP_PROXY: p },
  { http_proxy: p, HTTP_PROXY: q },
  { HTTPS_PROXY: p },
  { https_proxy: q, HTTPS_PROXY: p, http_proxy: p },
  { ALL_PROXY: p },
  { all_proxy: p, https_proxy: q },
  { npm_config_https_proxy: q, https_proxy: p },
  { npm_config_proxy: q, all_proxy: p },
  { http_proxy: 'proxy.example:3128', https_proxy: 'proxy.example:3128' },
  { https_proxy: '', HTTPS_PROXY: q },
];
const exclusions = [
  '',
  '*',
  'api.x.com',
  'API.X.COM',
  '.x.com',
  '*.x.com',
  'x.com',
  'example.org, api.x.com',
  'example.org api.x.com:443',
  'api.x.com:8443',
  'localhost,127.0.0.1,[::1]',
  '127.0.0.1:8080',
  '[::1]:8080',
  'other,*',
];
const targets = [
  'https://api.x.com',
  'http://api.x.com/x',
  'https://api.x.com:8443/gateway',
  'http://127.0.0.1:8080',
  'http://localhost:8080',
  'https://[::1]:8080',
];

const readings: ProxyOptions[] = [
  {},
  { mode: 'legacy' },
  { lowerCaseOnly: true },
  { favourUpperCase: true },
  { excludeNpm: true },
];

test('proxyFor: variables, exclusions, proxyOptions -> the proxy that the http request node chooses', () => {
  let some = 0;
  const all = environments.flatMap((environment) =>
    exclusions.flatMap((exclusion) =>
      ['no_proxy', 'NO_PROXY', 'npm_config_no_proxy'].map((name) => ({ ...environment, [name]: exclusion })),
    ),
  );
  for (const reading of readings) {
    for (const env of all) {
      for (const target of targets) {
        const options = { ...reading, env };
        const expected = nodeRed.getProxyForUrl(target, options);
        const actual = proxyFor(target, undefined, options)?.url;
        const { protocol } = new URL(target);
        const full = expected && !expected.includes('://') ? `${protocol}//${expected}` : expected;
        assert.equal(actual, full ? new URL(full).origin : undefined, JSON.stringify([target, options]));
        if (actual) some++;
      }
    }
  }
  assert.ok(some > 2500);
});

test('proxyFor: config node -> decides alone, with its list and credentials', () => {
  const env = { HTTPS_PROXY: q, NO_PROXY: '*' };
  const of = (settings: object, target = 'https://api.x.com') =>
    proxyFor(target, { url: p, noProxy: [], ...settings }, { env });
  assert.deepEqual(of({}), { url: p });
  assert.equal(of({ url: ' ' }), undefined);
  assert.equal(of({ noProxy: ['localhost', 'api.x.com'] }), undefined);
  assert.deepEqual(of({ noProxy: ['localhost'] }), { url: p });
  const inUrl = 'http://me:p%40ss@proxy.example:3128/';
  assert.deepEqual(of({ url: inUrl }), { url: p, username: 'me', password: 'p@ss' });
  assert.deepEqual(of({ url: inUrl, username: 'you', password: '100%' }), {
    url: p,
    username: 'you',
    password: '100%',
  });
  assert.equal(of({ url: 'https://proxy.example' })?.url, 'https://proxy.example');
});

test('proxyFor: invalid address -> a problem without the credentials', () => {
  for (const url of [
    'socks5://me:secret@proxy.example:1080',
    'http://me:secret@proxy.example:port',
    'me:secret@:3128',
    'http://me:%zzsecret@proxy.example:3128',
    'http://',
  ]) {
    assert.throws(
      () => proxyFor('https://api.x.com', { url, noProxy: [] }),
      (error) =>
        error instanceof Problem && error.key === 'proxy-url-invalid' && !/secret/.test(error.message),
      url,
    );
  }
});

test('placeOf: proxy -> host and port, also the default one', () => {
  assert.equal(placeOf({ url: p, username: 'me', password: 'secret' }), 'proxy.example:3128');
  assert.equal(placeOf({ url: 'http://proxy.example' }), 'proxy.example:80');
  assert.equal(placeOf({ url: 'https://[::1]' }), '[::1]:443');
});

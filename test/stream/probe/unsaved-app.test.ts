import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsavedApp } from '../../../src/stream/probe/unsaved-app';

const deployed = {
  auth: 'bearer',
  baseUrl: 'https://gateway.example/x/',
  bearerToken: 'stored-token',
  apiKey: 'stored-key',
  apiSecret: 'stored-secret',
  accessToken: 'stored-access-token',
  accessTokenSecret: 'stored-access-secret',
};
const unset = (): undefined => undefined;

test('unsaved App: entered fields -> as entered, with the variable of the base URL filled in', () => {
  const entered = { auth: 'bearer', baseUrl: '\u0024{URL}', bearerToken: 'Bearer abc%3D' };
  const variable = (name: string): string | undefined => (name === 'URL' ? 'http://127.0.0.1:1/' : undefined);
  assert.deepEqual(unsavedApp(entered, undefined, variable), {
    baseUrl: 'http://127.0.0.1:1',
    bearerToken: 'abc=',
  });
  assert.throws(() => unsavedApp({ bearerToken: '\u0024{TOKEN}' }, undefined, unset), {
    key: 'env-unset',
  });
  assert.throws(() => unsavedApp({ bearerToken: '\u0024{TOKEN}' }, undefined, () => 'any secret'), {
    key: 'secret-variable',
  });
  assert.throws(() => unsavedApp({ bearerToken: '' }, deployed, unset), { key: 'token-missing' });
  assert.throws(() => unsavedApp({ auth: 'oauth2' }, deployed, unset), { key: 'setting-unknown' });
});

test('unsaved App: stored secret -> only for the deployed base URL', () => {
  const { baseUrl } = deployed;
  const same = { baseUrl: 'https://gateway.example/x', bearerToken: 'stored-token' };
  assert.deepEqual(unsavedApp({ baseUrl }, deployed, unset), same);
  assert.deepEqual(
    unsavedApp({ baseUrl: `${same.baseUrl} `, bearerToken: '__PWRD__' }, deployed, unset),
    same,
  );
  assert.deepEqual(
    unsavedApp({ auth: 'app', baseUrl, apiKey: 'k', apiSecret: '__PWRD__' }, deployed, unset),
    {
      baseUrl: same.baseUrl,
      apiKey: 'k',
      apiSecret: 'stored-secret',
    },
  );
  assert.deepEqual(unsavedApp({ auth: 'oauth1', baseUrl, accessToken: 'entered' }, deployed, unset), {
    baseUrl: same.baseUrl,
    apiKey: 'stored-key',
    apiSecret: 'stored-secret',
    accessToken: 'entered',
    accessTokenSecret: 'stored-access-secret',
  });
  const elsewhere = [
    '',
    'https://api.x.com',
    'https://gateway.example',
    'https://gateway.example/x/y',
    'http://gateway.example/x',
    'https://gateway.example:8443/x',
    'https://gateway.example.org/x',
  ];
  for (const url of elsewhere) {
    assert.throws(() => unsavedApp({ baseUrl: url }, deployed, unset), { key: 'secret-elsewhere' }, url);
    const half = { auth: 'app', baseUrl: url, apiKey: 'k', apiSecret: '__PWRD__' };
    assert.throws(() => unsavedApp(half, deployed, unset), { key: 'secret-elsewhere' }, url);
    const three = { ...half, auth: 'oauth1', apiSecret: 's', accessToken: 't' };
    assert.throws(() => unsavedApp(three, deployed, unset), { key: 'secret-elsewhere' }, url);
  }
  const onVariable = { baseUrl: '\u0024{URL}', bearerToken: '__PWRD__' };
  assert.throws(() => unsavedApp(onVariable, deployed, () => 'https://evil.example'), {
    key: 'secret-elsewhere',
  });
  assert.throws(() => unsavedApp({ baseUrl }, undefined, unset), { key: 'secret-not-deployed' });
  assert.throws(() => unsavedApp({ baseUrl }, { baseUrl }, unset), { key: 'secret-not-deployed' });
});

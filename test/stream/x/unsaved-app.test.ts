import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsavedApp } from '../../../src/stream/x/unsaved-app';

const deployed = {
  auth: 'bearer',
  baseUrl: 'https://gateway.example/x/',
  bearerToken: 'stored-token',
  apiKey: 'stored-key',
  apiSecret: 'stored-secret',
};
const as = (text: string): string => text;

test('unsavedApp: typed fields -> used, environment variables replaced', () => {
  const typed = { auth: 'bearer', baseUrl: '\u0024{URL}', bearerToken: 'Bearer abc%3D' };
  const resolve = (text: string): string => (text === '\u0024{URL}' ? 'http://127.0.0.1:1/' : text);
  assert.deepEqual(unsavedApp(typed, undefined, resolve), {
    baseUrl: 'http://127.0.0.1:1',
    bearerToken: 'abc=',
  });
  assert.throws(() => unsavedApp({ bearerToken: '\u0024{TOKEN}' }, undefined, as), {
    key: 'token-env-unset',
  });
  assert.throws(() => unsavedApp({ bearerToken: '' }, deployed, as), { key: 'token-missing' });
  assert.throws(() => unsavedApp({ auth: 'oauth1' }, deployed, as), { key: 'setting-unknown' });
});

test('unsavedApp: stored secret -> only with the deployed base URL', () => {
  const { baseUrl } = deployed;
  const same = { baseUrl: 'https://gateway.example/x', bearerToken: 'stored-token' };
  assert.deepEqual(unsavedApp({ baseUrl }, deployed, as), same);
  assert.deepEqual(unsavedApp({ baseUrl: `${same.baseUrl} `, bearerToken: '__PWRD__' }, deployed, as), same);
  assert.deepEqual(unsavedApp({ auth: 'app', baseUrl, apiKey: 'k', apiSecret: '__PWRD__' }, deployed, as), {
    baseUrl: same.baseUrl,
    apiKey: 'k',
    apiSecret: 'stored-secret',
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
    assert.throws(() => unsavedApp({ baseUrl: url }, deployed, as), { key: 'secret-elsewhere' }, url);
    const half = { auth: 'app', baseUrl: url, apiKey: 'k', apiSecret: '__PWRD__' };
    assert.throws(() => unsavedApp(half, deployed, as), { key: 'secret-elsewhere' }, url);
  }
  const onVariable = { baseUrl: '\u0024{URL}', bearerToken: '__PWRD__' };
  assert.throws(() => unsavedApp(onVariable, deployed, () => 'https://evil.example'), {
    key: 'secret-elsewhere',
  });
  assert.throws(() => unsavedApp({ baseUrl }, undefined, as), { key: 'secret-not-deployed' });
  assert.throws(() => unsavedApp({ baseUrl }, { baseUrl }, as), { key: 'secret-not-deployed' });
});

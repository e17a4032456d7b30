import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../src/problem';
import { readApp } from '../../src/stream/x-app';

const token = 'AAAAAAAAAAAAAAAA+x/y=';

test('a token is taken as people paste it', () => {
  for (const pasted of [token, ` ${token}\n`, `Bearer ${token}`, 'AAAAAAAAAAAAAAAA%2Bx%2fy%3D']) {
    assert.equal(readApp('', pasted).bearerToken, token);
  }
});

test('a base URL keeps its path and loses its last slash', () => {
  assert.equal(readApp(undefined, token).baseUrl, 'https://api.x.com');
  assert.equal(readApp(' http://127.0.0.1:8080/x/ ', token).baseUrl, 'http://127.0.0.1:8080/x');
});

test('what cannot be used is said, without the secret', () => {
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
      () => readApp(url, pasted),
      (error) => error instanceof Problem && error.key === key && !/secret|abc def/.test(error.message),
    );
  }
});

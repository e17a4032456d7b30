import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../src/util/loopback';

test('isLoopback: host name of a URL -> this machine or not', () => {
  const hostname = (url: string): string => new URL(url).hostname;
  for (const url of [
    'http://LOCALHOST:80',
    'http://127.0.0.1',
    'http://127.1',
    'http://[::1]:8080',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::ffff:127.0.0.1]',
  ]) {
    assert.equal(isLoopback(hostname(url)), true, url);
  }
  for (const url of [
    'http://example.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example',
    'http://x.localhost',
    'http://[::2]',
    'http://[::ffff:10.0.0.1]',
    'http://[2001:db8::7f00:1]',
  ]) {
    assert.equal(isLoopback(hostname(url)), false, url);
  }
});

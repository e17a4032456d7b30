import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { XApp } from '../../../src/stream/x/app';
import { redacted, redactedBody, redactedBytes, secretsOf } from '../../../src/stream/x/redact';

const bearer: XApp = { baseUrl: 'https://api.x.com', bearerToken: 'AAAA+bbb/ccc=' };
const oauth1: XApp = {
  baseUrl: 'https://api.x.com',
  apiKey: 'the-key',
  apiSecret: 'the/secret',
  accessToken: '12-access',
  accessTokenSecret: "its'secret!",
  fetchedToken: 'fetched=token',
  proxy: { url: 'http://proxy.example:3128', username: 'proxy-user', password: 'p@ss:word' },
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('redacted: each secret, as it is and encoded -> replaced; the rest unchanged', () => {
  const forms: [XApp, string[]][] = [
    [
      bearer,
      [
        'AAAA+bbb/ccc=',
        'AAAA%2Bbbb%2Fccc%3D',
        'AAAA%2bbbb%2fccc%3d',
        'AAAA+bbb\\/ccc=',
        'AAAA&#x2B;bbb&#x2F;ccc&#x3D;',
      ],
    ],
    [
      oauth1,
      [
        'the-key',
        'the/secret',
        'the%2Fsecret',
        '12-access',
        "its'secret!",
        'its%27secret%21',
        'fetched=token',
        'fetched%3Dtoken',
        'p@ss:word',
        'p%40ss%3Aword',
        base64('the-key:the/secret'),
        base64('the-key:the%2Fsecret'),
        base64('proxy-user:p@ss:word'),
      ],
    ],
  ];
  for (const [app, secrets] of forms) {
    for (const secret of secrets) assert.equal(redacted(`a ${secret}, b`, app), 'a …, b', secret);
  }
  assert.equal(redacted('https://api.x.com proxy-user', oauth1), 'https://api.x.com proxy-user');
});

test('redacted: secret that is a part of another -> nothing of the longer one is left', () => {
  const app = { baseUrl: 'https://api.x.com', apiKey: 'abcd', apiSecret: 'abcd-efgh' };
  assert.equal(redacted('abcd-efgh abcd', app), '… …');
});

test('secretsOf: short or missing secrets -> left out, because they occur by chance', () => {
  assert.deepEqual(secretsOf({ baseUrl: 'https://api.x.com', bearerToken: 'abc' }), []);
  assert.deepEqual(secretsOf({ ...bearer, bearerToken: 'plain' }), ['plain']);
});

test('redactedBody: JSON with an escaped secret, nested, as a name -> replaced', () => {
  const hidden = '{"errors":[{"message":"AAAA\\u002bbbb\\u002fccc="}],"AAAA+bbb/ccc=":1}';
  assert.equal(redactedBody(hidden, bearer), '{"errors":[{"message":"…"}],"…":1}');
  assert.deepEqual(redactedBody({ a: ['x AAAA+bbb/ccc='], b: null, c: 1 }, bearer), {
    a: ['x …'],
    b: null,
    c: 1,
  });
  const exact = '{ "id": 12345678901234567890 }';
  assert.equal(redactedBody(exact, bearer), exact);
  assert.equal(redactedBody('<b>AAAA+bbb/ccc=</b>', bearer), '<b>…</b>');
  assert.equal(redactedBody(undefined, bearer), undefined);
});

test('redactedBytes: bytes that are not UTF-8 -> only the secret is replaced', () => {
  const parts = [Buffer.from([0xff, 0x00]), Buffer.from('AAAA+bbb/ccc='), Buffer.from([0xc3])];
  const clean = redactedBytes(Buffer.concat([...parts, ...parts]), bearer);
  const once = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('…'), Buffer.from([0xc3])]);
  assert.deepEqual(clean, Buffer.concat([once, once]));
  const without = Buffer.from('nothing here');
  assert.equal(redactedBytes(without, bearer), without);
});

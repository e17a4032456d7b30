import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { TwitterApi } from 'twitter-api-v2';
import type { XApi, XApiOptions } from '../../dev/x-api/server';
import { baseString, percent } from '../../dev/x-api/v1/oauth1';
import { type Answer, callApi, StreamClient, until } from './client';
import { withApi } from './helpers';

const FILTER = '/1.1/statuses/filter.json';
const SAMPLE = '/1.1/statuses/sample.json';

interface Signing {
  nonce?: string;
  timestamp?: number;
  secret?: string;
  token?: string;
}

let nonces = 0;

/** A signed call, with the simulator's default credentials. */
function signed(api: XApi, path: string, form?: Record<string, string>, signing: Signing = {}) {
  const { nonce = `nonce${nonces++}`, timestamp = Math.floor(Date.now() / 1000) } = signing;
  const oauth: Record<string, string> = {
    oauth_consumer_key: 'simulated-key',
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(timestamp),
    oauth_token: signing.token ?? 'simulated-access-token',
    oauth_version: '1.0',
  };
  const method = form ? 'POST' : 'GET';
  const base = baseString(method, `${api.url}${path}`, Object.entries({ ...oauth, ...form }));
  const key = `simulated-secret&${signing.secret ?? 'simulated-access-token-secret'}`;
  oauth.oauth_signature = createHmac('sha1', key).update(base).digest('base64');
  const pairs = Object.entries(oauth).map(([name, value]) => `${name}="${percent(value)}"`);
  return {
    method,
    token: null,
    body: form && new URLSearchParams(form).toString(),
    headers: {
      authorization: `OAuth ${pairs.join(', ')}`,
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
  };
}

const withV1Api = (options: XApiOptions, run: (api: XApi) => Promise<void>) =>
  withApi({ rules: [], limits: { v1Connect: 100 }, ...options }, run);

const call = (api: XApi, form?: Record<string, string>, signing?: Signing): Promise<Answer> =>
  callApi(api, form ? FILTER : SAMPLE, signed(api, form ? FILTER : SAMPLE, form, signing));

const open = (api: XApi, form?: Record<string, string>): Promise<StreamClient> =>
  StreamClient.call(api, form ? FILTER : SAMPLE, signed(api, form ? FILTER : SAMPLE, form));

test('oauth1: the example of the documentation -> its base string', () => {
  const text = baseString('post', 'https://api.twitter.com/1.1/statuses/update.json', [
    ['status', 'Hello Ladies + Gentlemen, a signed OAuth request!'],
    ['include_entities', 'true'],
    ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
  ]);
  assert.equal(
    text,
    'POST&https%3A%2F%2Fapi.twitter.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue%26' +
      'oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog%26' +
      'status%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521',
  );
});

test('oauth1: wrong secret, token, time, reused nonce or a bearer token -> 401', () =>
  withV1Api({ maxConnections: 9 }, async (api) => {
    const now = Math.floor(Date.now() / 1000);
    const code = async (signing: Signing) => {
      const { status, body } = await call(api, { track: 'cat' }, signing);
      assert.equal(status, 401);
      return body.errors[0].code;
    };
    assert.equal(await code({ secret: 'guess' }), 32);
    assert.equal(await code({ token: 'revoked' }), 89);
    assert.equal(await code({ timestamp: now - 360 }), 135);
    assert.equal(await code({ timestamp: now + 360 }), 135);
    const request = signed(api, FILTER, { track: 'cat' });
    const client = await StreamClient.call(api, FILTER, request);
    assert.equal(client.response.statusCode, 200);
    assert.equal((await callApi(api, FILTER, request)).status, 401);
    assert.equal((await callApi(api, SAMPLE)).status, 401);
    api.settings.clockOffsetMs = -3_600_000;
    assert.equal(await code({}), 135);
    client.close();
  }));

test('oauth1: a form with other parameters than the signed ones -> 401', () =>
  withV1Api({}, async (api) => {
    const request = signed(api, FILTER, { track: 'cat' });
    assert.equal((await callApi(api, FILTER, { ...request, body: 'track=dog' })).status, 401);
  }));

test('oauth1: twitter-api-v2 signs the same way, with Korean text', () =>
  withV1Api({}, async (api) => {
    const keys = {
      appKey: 'simulated-key',
      appSecret: 'simulated-secret',
      accessToken: 'simulated-access-token',
      accessSecret: 'simulated-access-token-secret',
    };
    const client = new TwitterApi(keys, { httpAgent: new Agent() });
    const stream = await client.v1.stream.postStream(
      'statuses/filter.json',
      { track: "농구 경기,it's (fine)!*", stall_warnings: true },
      { prefix: `${api.url}/1.1/` },
    );
    assert.equal(api.v1.open, 1);
    stream.close();
  }));

test('filter: no parameter -> 406; too many -> 413', () =>
  withV1Api({}, async (api) => {
    assert.equal((await call(api, { language: 'en' })).status, 406);
    assert.equal((await call(api, { locations: '1,2,3' })).status, 406);
    assert.equal((await call(api, { follow: '@someone' })).status, 406);
    const many = Array.from({ length: 401 }, (_, index) => `word${index}`).join(',');
    assert.equal((await call(api, { track: many })).status, 413);
  }));

test('filter: posts in the v1.1 format that satisfy it', () =>
  withV1Api({ rate: Number.POSITIVE_INFINITY, total: 100, noticeShare: 0 }, async (api) => {
    const client = await open(api, { track: 'basketball,ice hockey', follow: '1234', language: 'en' });
    await until(() => client.lines.length >= 100, 'posts');
    let followed = 0;
    for (const post of client.messages) {
      assert.match(post.created_at, /^\w{3} \w{3} \d\d \d\d:\d\d:\d\d \+0000 \d{4}$/);
      assert.match(post.id_str, /^\d{15,}$/);
      assert.equal(typeof post.id, 'number');
      assert.equal(typeof post.user.screen_name, 'string');
      assert.ok('in_reply_to_status_id_str' in post);
      if (post.user.id_str === '1234') followed++;
      if (post.text.startsWith('RT @')) assert.equal(typeof post.retweeted_status.id_str, 'string');
    }
    assert.ok(followed > 20);
    assert.ok(client.messages.some((post) => /basketball/i.test(JSON.stringify(post))));
    client.close();
  }));

test('filter: locations -> coordinates in the box', () =>
  withV1Api({ rate: Number.POSITIVE_INFINITY, total: 10, noticeShare: 0 }, async (api) => {
    const client = await open(api, { locations: '126,37,128,38' });
    await until(() => client.lines.length >= 10, 'posts');
    assert.deepEqual(client.messages[0].coordinates, { type: 'Point', coordinates: [127, 37.5] });
    client.close();
  }));

test('sample: posts and v1.1 notices, keep-alives', () =>
  withV1Api({ rate: Number.POSITIVE_INFINITY, total: 60, noticeShare: 0.5, keepAliveMs: 5 }, async (api) => {
    const client = await open(api);
    await until(() => client.lines.length >= 60, 'lines');
    assert.ok(client.messages.some((message) => message.delete));
    assert.ok(client.messages.some((message) => message.id_str));
    const count = client.pieces.length;
    await until(() => client.pieces.length > count + 3, 'keep-alives');
    client.close();
  }));

test('second connection -> text line, then the end', () =>
  withV1Api({}, async (api) => {
    const first = await open(api);
    const second = await call(api, { track: 'cat' });
    assert.deepEqual([second.status, second.body], [200, 'Exceeded connection limit for user\r\n']);
    assert.equal(first.ended, false);
    first.close();
  }));

test('more than 5 connects in 5 minutes -> 420, counted', () =>
  withV1Api({ limits: {} }, async (api) => {
    for (let count = 0; count < 5; count++) assert.equal((await call(api, { language: 'en' })).status, 406);
    assert.equal((await call(api, { language: 'en' })).status, 420);
    assert.equal(api.rejected429, 1);
  }));

test('v1: sendLine, limit, disconnect, faultNext', () =>
  withV1Api({}, async (api) => {
    const client = await open(api);
    assert.equal(api.v1.sendLine('{"n":1}'), 1);
    api.v1.limit(7);
    api.v1.disconnect(7, 'admin logout');
    await until(() => client.ended, 'the end');
    const [line, limit, notice] = client.messages;
    assert.deepEqual([line, limit.limit.track], [{ n: 1 }, 7]);
    assert.deepEqual([notice.disconnect.code, notice.disconnect.reason], [7, 'admin logout']);
    api.faultNext({ kind: 'answer', status: 503, body: '' });
    assert.equal((await call(api)).status, 503);
    api.faultNext({ kind: 'then', afterMs: 0, end: 'reset' });
    const cut = await open(api);
    await until(() => cut.broken, 'the reset');
    assert.deepEqual(
      api.log.connects.map(({ endpoint, status }) => `${endpoint} ${status}`),
      ['v1_stream 200', 'v1_stream 503', 'v1_stream 200'],
    );
  }));

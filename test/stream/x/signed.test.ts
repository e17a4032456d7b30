import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { startXApi } from '../../../dev/x-api/server';
import type { OAuth1App } from '../../../src/stream/x/app';
import { XClient } from '../../../src/stream/x/client';
import type { StreamRequest } from '../../../src/stream/x/twitter-api-internals';
import { answer, startXServer, type XServer } from '../x-server';

interface Signed {
  method: string;
  url: string;
  header: string;
  body: string;
}

let x: XServer;
let seen: Signed[];
let status: number;

beforeEach(async () => {
  x = await startXServer();
  seen = [];
  status = 200;
  x.onOther = ({ method = '', url = '', headers }, response, body) => {
    if (url.includes('oauth2')) answer(response, 200, { access_token: 'issued-token' });
    else {
      seen.push({ method, url, header: headers.authorization ?? '', body });
      answer(
        response,
        status,
        status === 200 ? '' : { errors: [{ code: 32, message: headers.authorization }] },
      );
    }
    return true;
  };
});
afterEach(() => x.close());

const app = (): OAuth1App => ({
  baseUrl: x.url,
  apiKey: 'the-key',
  apiSecret: 'the/secret',
  accessToken: '12-access',
  accessTokenSecret: 'access+secret',
});

async function open(request: StreamRequest, times = 1): Promise<unknown> {
  const client = new XClient(app());
  try {
    for (let count = 0; count < times; count++) (await client.open(request)).response.destroy();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const oauthParameters = (header: string): Map<string, string> =>
  new Map(
    [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  );

/** The signature of a request by RFC 5849, 3.4. */
function signatureOf({ method, url, header, body }: Signed): string {
  const target = new URL(url, x.url);
  const oauth = [...oauthParameters(header)].filter(([name]) => name !== 'oauth_signature');
  const all = [...oauth, ...target.searchParams, ...new URLSearchParams(body)];
  const pairs = all.map(([name, value]) => [encode(name), encode(value)] as const);
  const sorted = pairs.map(([name, value]) => `${name}=${value}`).sort();
  const base = [method, encode(target.origin + target.pathname), encode(sorted.join('&'))].join('&');
  const { apiSecret, accessTokenSecret } = app();
  return createHmac('sha1', `${encode(apiSecret)}&${encode(accessTokenSecret)}`)
    .update(base)
    .digest('base64');
}

const filter: StreamRequest = {
  version: 1,
  method: 'POST',
  path: 'statuses/filter.json',
  parameters: { track: "농구,slam dunk,it's (a) test!*", stall_warnings: 'true' },
};
const sample: StreamRequest = {
  version: 1,
  method: 'GET',
  path: 'statuses/sample.json',
  parameters: { a: 'é &' },
};

test('v1.1 stream: form and query -> signed as in the RFC, with a new nonce for each attempt', async () => {
  for (const request of [filter, sample]) {
    seen = [];
    assert.equal(await open(request, 3), undefined);
    const nonces = new Set(seen.map(({ header }) => oauthParameters(header).get('oauth_nonce')));
    assert.equal(nonces.size, 3);
    for (const signed of seen) {
      assert.equal(signed.method, request.method);
      assert.equal(new URL(signed.url, x.url).pathname, `/gateway/1.1/${request.path}`);
      const oauth = oauthParameters(signed.header);
      assert.equal(oauth.get('oauth_token'), '12-access');
      assert.equal(oauth.get('oauth_signature'), signatureOf(signed));
    }
  }
  assert.equal(x.requests.filter((request) => request.includes('oauth2')).length, 0);
});

test('v1.1 stream: signature rejected -> a person must act; no token requested, no secret shown', async () => {
  status = 401;
  const failure = await open(filter);
  assert.deepEqual([Object(failure).kind, Object(failure).policy], ['signature-refused', 'person']);
  assert.equal(seen.length, 1);
  assert.ok(!x.requests.some((request) => request.includes('oauth2')));
  assert.doesNotMatch(Object(failure).message, /__|12-access|the-key/);
});

test('v1.1 stream: App without an access token -> v1-needs-oauth1, nothing sent', async () => {
  const client = new XClient({ baseUrl: x.url, apiKey: 'the-key', apiSecret: 'the/secret' });
  await assert.rejects(client.open(filter), (error) => Object(error).cause?.key === 'v1-needs-oauth1');
  client.close();
  assert.deepEqual(x.requests, []);
});

test('v2 request of an OAuth 1.0a App -> the bearer token of its key pair', async () => {
  const client = new XClient(app());
  await client.request({ method: 'GET', path: 'usage/tweets' });
  client.close();
  assert.equal(seen[0]?.header, 'Bearer issued-token');
});

test('v1.1 streams at the simulator, which checks nonce and time -> opened; clock wrong -> said', async () => {
  const simulator = await startXApi();
  const keys = {
    apiKey: 'simulated-key',
    apiSecret: 'simulated-secret',
    accessToken: 'simulated-access-token',
    accessTokenSecret: 'simulated-access-token-secret',
  };
  const client = new XClient({ baseUrl: simulator.url, ...keys });
  try {
    const { response } = await client.open(filter);
    assert.equal(response.statusCode, 200);
    response.destroy();
  } finally {
    client.close();
    await simulator.close();
  }
  const later = await startXApi({ clockOffsetMs: 600_000 });
  const early = new XClient({ baseUrl: later.url, ...keys });
  try {
    await assert.rejects(early.open(filter), (error) => {
      assert.equal(Object(error).kind, 'signature-refused');
      assert.match(String(error), /the clock of this machine is 10 min behind/);
      return true;
    });
  } finally {
    early.close();
    await later.close();
  }
});

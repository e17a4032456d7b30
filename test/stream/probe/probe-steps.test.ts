import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { startConnectProxy } from '../../../dev/connect-proxy';
import { probeApp } from '../../../src/stream/probe/probe';
import type { XApp } from '../../../src/stream/x/app';
import type { Finding } from '../../../src/util/finding';
import { answer, startXServer, type XServer } from '../x-server';

let x: XServer;
/** Answers by the path below the base URL. */
let answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;

beforeEach(async () => {
  x = await startXServer();
  answers = {
    '/oauth2/token': (_request, response) => answer(response, 200, { access_token: 'issued-token' }),
  };
  x.onOther = (request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname.replace('/gateway', '');
    answers[path]?.(request, response);
    return path in answers;
  };
});
afterEach(() => x.close());

const bearer = (): XApp => ({ baseUrl: x.url, bearerToken: 'secret-token' });
const oauth1 = (): XApp => ({
  baseUrl: x.url,
  apiKey: 'the-api-key',
  apiSecret: 'api/secret+',
  accessToken: '1-access-token',
  accessTokenSecret: 'access-secret=',
});

const keysOf = (findings: Finding[]): string =>
  findings.map(({ ok, hint, says }) => `${ok ? (hint ? '?' : '') : '!'}${says.key}`).join(' ');
const last = (findings: Finding[]): Finding => findings.at(-1) as Finding;
const good = 'probe-answers probe-token-accepted probe-no-rules';
const usagePath = '/2/usage/tweets';
const verifyPath = '/1.1/account/verify_credentials.json';

test('probe: usage of the month -> posts, cap and reset day; a hint near the cap', async () => {
  const cases: [object, string, string][] = [
    [
      { project_usage: '1234', project_cap: '3000000', cap_reset_day: 21 },
      `${good} probe-usage-reset`,
      '1,234 of 3,000,000 posts this month; the count resets on day 21.',
    ],
    [{ project_usage: 0, project_cap: 100 }, `${good} probe-usage`, '0 of 100 posts this month.'],
    [{ project_usage: 90, project_cap: '100' }, `${good} ?probe-usage`, '90 of 100 posts this month.'],
  ];
  for (const [data, keys, sentence] of cases) {
    answers[usagePath] = (_request, response) => answer(response, 200, { data });
    const found = await probeApp(bearer());
    assert.equal(keysOf(found), keys);
    assert.equal(last(found).says.message, sentence);
  }
});

test('probe: usage rejected, empty, not JSON or without figures -> no line, the test is good', async () => {
  const cases: [number, object | string][] = [
    [403, { title: 'Forbidden' }],
    [404, ''],
    [200, ''],
    [200, '<html></html>'],
    [200, { data: { project_usage: 'many', project_cap: 5 } }],
    [200, { data: { project_cap: 5 } }],
    [200, 'null'],
    [503, {}],
  ];
  for (const [status, body] of cases) {
    answers[usagePath] = (_request, response) => answer(response, status, body);
    assert.equal(keysOf(await probeApp(bearer())), good, `${status} ${JSON.stringify(body)}`);
  }
});

test('probe: OAuth 1.0a -> tests key and secret, and the access token with a signature', async () => {
  const accepted = 'probe-answers probe-key-accepted probe-no-rules';
  const cases: [number, object | string, string][] = [
    [200, { id_str: '1' }, `${accepted} probe-access-token-accepted`],
    [
      401,
      { errors: [{ code: 89, message: 'Invalid or expired token.' }] },
      `${accepted} !probe-signature-refused`,
    ],
    [404, '', `${accepted} ?probe-access-token-untested`],
    [403, { errors: [{ code: 453 }] }, `${accepted} ?probe-access-token-untested`],
  ];
  for (const [status, body, keys] of cases) {
    let header = '';
    answers[verifyPath] = (request, response) => {
      header = request.headers.authorization ?? '';
      answer(response, status, body);
    };
    const found = await probeApp(oauth1());
    assert.equal(keysOf(found), keys);
    assert.match(header, /^OAuth .*oauth_token="1-access-token"/);
    assert.doesNotMatch(last(found).says.message, /__/);
  }
  assert.ok(x.requests.some((request) => request.startsWith('POST /gateway/oauth2/token')));
});

test('probe: 401 and a clock that differs by more than 5 minutes -> the sentence says so', async () => {
  const minutes = 60_000;
  const cases: [number, RegExp][] = [
    [-7 * minutes, /; the clock of this machine is 7 min ahead/],
    [90 * minutes, /; the clock of this machine is 90 min behind/],
    [2 * minutes, /Could not authenticate you\)/],
  ];
  for (const [ahead, sentence] of cases) {
    answers[verifyPath] = (_request, response) => {
      const date = new Date(Date.now() + ahead).toUTCString();
      answer(response, 401, { errors: [{ code: 32, message: 'Could not authenticate you' }] }, { date });
    };
    const { says } = last(await probeApp(oauth1()));
    assert.equal(says.key, 'probe-signature-refused');
    assert.match(says.message, sentence);
  }
  x.onRules = (_request, response) => {
    answer(response, 401, { title: 'Unauthorized' }, { date: new Date(0).toUTCString() });
    return true;
  };
  assert.match(last(await probeApp(bearer())).says.message, /min ahead/);
});

test('probe: server repeats the credentials -> no sentence has one', async () => {
  const secrets: [() => XApp, string[]][] = [
    [bearer, ['secret-token']],
    [oauth1, ['the-api-key', 'api/secret+', 'api%2Fsecret%2B', '1-access-token', 'access-secret=']],
  ];
  const ask = (path: string, repeat: typeof answers.x): void => {
    x.onRules = (request, response) => {
      if (path === 'rules') repeat?.(request, response);
      return path === 'rules';
    };
    answers = {
      '/oauth2/token': (_request, response) => answer(response, 200, { access_token: 'issued-token' }),
      [verifyPath]: (_request, response) => answer(response, 404, ''),
    };
    if (repeat) answers[path] = repeat;
  };
  for (const [app, all] of secrets) {
    for (const path of ['rules', '/oauth2/token', verifyPath]) {
      let repeated = 0;
      ask(path, (request, response) => {
        repeated++;
        // With the issued token, where there is one.
        const detail = [request.headers.authorization, ...all].join(' ');
        answer(response, 401, { title: detail, type: detail, detail });
      });
      const found = await probeApp(app());
      assert.equal(repeated > 0, app === oauth1 || path === 'rules');
      const text = JSON.stringify(found.map(({ says }) => [says.message, says.params]));
      for (const secret of [...all, 'issued-token'])
        assert.ok(!text.includes(secret), `${path} ${secret}: ${text}`);
    }
  }
});

test('probe: proxy that fails -> a sentence of its own each, without a retry', async () => {
  const proxy = await startConnectProxy();
  const app = { ...bearer(), proxy: { url: proxy.url } };
  try {
    assert.equal(keysOf(await probeApp(app)), good);
    const cases: [typeof proxy.mode, string][] = [
      [{ kind: 'refuse', status: 407 }, '!probe-proxy-auth'],
      [{ kind: 'refuse', status: 403 }, '!probe-proxy-refused'],
      [{ kind: 'close' }, '!probe-proxy-unreachable'],
      [{ kind: 'cut', afterBytes: 0 }, '!probe-proxy-cut'],
      [{ kind: 'hang' }, '!probe-proxy-timeout'],
    ];
    for (const [mode, key] of cases) {
      proxy.mode = mode;
      const found = await probeApp(app, mode.kind === 'hang' ? 200 : undefined);
      assert.equal(keysOf(found), key);
      assert.ok(found[0]?.says.message.includes(proxy.place));
      assert.doesNotMatch(found[0]?.says.message ?? '', /__|[Rr]etrying|Reconnecting/);
    }
  } finally {
    await proxy.close();
  }
});

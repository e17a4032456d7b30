import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { startXApi, type XApi } from '../../dev/x-api/server';
import appNode from '../../nodes/twitter-app/twitter-app';
import { helper } from './flow';

let x: XApi;
let other: XApi;
before(() => helper.startServer());
after(() => helper.stopServer());
beforeEach(async () => {
  x = await startXApi({ rules: [{ value: 'basketball' }] });
  other = await startXApi();
});
afterEach(async () => {
  await helper.unload();
  await Promise.all([x.close(), other.close()]);
});

const secrets = {
  bearerToken: 'simulated-token',
  apiKey: 'simulated-key',
  apiSecret: 'simulated-secret',
};

async function deploy(def: object = {}, credentials: object = secrets): Promise<void> {
  const flow = [{ id: 'c-app', type: 'twitter-app', auth: 'bearer', baseUrl: x.url, ...def }];
  await helper.load(appNode, flow as never, { 'c-app': credentials } as never);
}

interface Answer {
  ok: boolean;
  lines: { ok: boolean; text: string }[];
}

async function press(fields: object): Promise<Answer> {
  const response = await helper.request().post('/twitter-app/test').send(fields).expect(200);
  return response.body as Answer;
}

const textOf = ({ lines }: Answer): string =>
  lines.map(({ ok, text }) => `${ok ? '+' : '-'} ${text}`).join('\n');

test('test endpoint: entered fields -> tested, deployed or not', async () => {
  await deploy();
  const good = await press({ auth: 'bearer', baseUrl: other.url, bearerToken: 'Bearer simulated-token' });
  assert.equal(good.ok, true);
  assert.match(textOf(good), /^\+ .*reachable.*\n\+ .*Bearer token accepted.*\n\+ .*no rules/);
  const { apiKey, apiSecret } = secrets;
  const keys = await press({ id: 'c-new', auth: 'app', baseUrl: other.url, apiKey, apiSecret });
  assert.match(textOf(keys), /\+ .*API key and secret accepted/);
  const bad = await press({ id: 'c-app', auth: 'bearer', baseUrl: x.url, bearerToken: 'entered-token' });
  assert.equal(bad.ok, false);
  assert.match(textOf(bad), /- .*rejected \(HTTP 401/);
});

test('test endpoint: stored secret -> used only with the deployed base URL', async () => {
  await deploy();
  const stored = { id: 'c-app', auth: 'bearer', baseUrl: x.url };
  for (const fields of [stored, { ...stored, bearerToken: '__PWRD__' }]) {
    assert.match(textOf(await press(fields)), /\+ .*Rules at X: 1/);
  }
  const keys = await press({ ...stored, auth: 'app', apiKey: '__PWRD__', apiSecret: '__PWRD__' });
  assert.equal(keys.ok, true);
  assert.match(
    textOf(await press({ ...stored, baseUrl: other.url })),
    /^- .*only sent to the base URL.*Enter the secret again/,
  );
  for (const id of ['c-none', '', undefined, 7]) {
    assert.match(textOf(await press({ ...stored, id })), /^- .*deploy/);
  }
  await helper.unload();
  assert.match(textOf(await press(stored)), /^- .*deploy/);
});

test('test endpoint: node that failed to start -> its stored secrets are used', async () => {
  await deploy({ auth: 'app' }, { bearerToken: 'simulated-token' });
  assert.equal((await press({ id: 'c-app', auth: 'bearer', baseUrl: x.url })).ok, true);
});

test('test endpoint: environment variables -> filled in as when a flow starts', async () => {
  process.env.TEST_X_URL = x.url;
  process.env.TEST_X_TOKEN = 'simulated-token';
  try {
    const entered = { auth: 'bearer', baseUrl: '\u0024{TEST_X_URL}', bearerToken: '\u0024{TEST_X_TOKEN}' };
    await deploy({ baseUrl: '\u0024{TEST_X_URL}' });
    assert.equal((await press({ ...entered, id: 'c-app' })).ok, true);
    // Not deployed, or another address: a variable may hold any secret of the server.
    assert.match(textOf(await press(entered)), /^- .*TEST_X_TOKEN.*[Dd]eploy/);
    const elsewhere = { ...entered, id: 'c-app', baseUrl: 'http://127.0.0.1:9' };
    assert.match(textOf(await press(elsewhere)), /^- .*TEST_X_TOKEN.*[Dd]eploy/);
    assert.equal((await press({ id: 'c-app', auth: 'bearer', baseUrl: entered.baseUrl })).ok, true);
    const unset = await press({ ...entered, bearerToken: '\u0024{TEST_X_NOT_SET}' });
    assert.match(textOf(unset), /^- .*TEST_X_NOT_SET, which is not set/);
  } finally {
    delete process.env.TEST_X_URL;
    delete process.env.TEST_X_TOKEN;
  }
});

test('test endpoint: unusable body -> one sentence', async () => {
  await deploy();
  const cases: [object, RegExp][] = [
    [{}, /deploy/],
    [{ auth: 'oauth2' }, /“oauth2” for “auth”/],
    [{ auth: 'oauth1', ...secrets, accessToken: 't', accessTokenSecret: '' }, /no access token/],
    [{ auth: { a: 1 }, baseUrl: [], bearerToken: 5 }, /“auth”/],
    [{ bearerToken: '', baseUrl: x.url }, /no bearer token/],
    [{ bearerToken: 'abc', baseUrl: 'api.x.com' }, /base URL “api.x.com”/],
    [{ auth: 'app', apiKey: 'k', apiSecret: '', baseUrl: x.url }, /no API key or no API secret/],
    [{ auth: '__proto__', bearerToken: 'abc' }, /“auth”/],
  ];
  for (const [fields, sentence] of cases) {
    const answer = await press(fields);
    assert.equal(answer.ok, false);
    assert.match(textOf(answer), sentence);
  }
});

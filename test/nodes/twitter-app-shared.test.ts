import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Node } from 'node-red';
import { startXApi, type XApi } from '../../dev/x-api/server';
import type { AppService } from '../../nodes/twitter-app/app-service';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import type { ConfigNode } from '../../src/node-red/node-context';
import { closeApps } from '../../src/stream/app/app-registry';
import { until } from '../until';
import { type Flow, helper, onTab } from './flow';
import { inWords, speaking } from './server-language';

let x: XApi;
before(() => helper.startServer());
after(() => helper.stopServer());
beforeEach(async () => {
  x = await startXApi();
});
afterEach(async () => {
  await helper.unload();
  await closeApps();
  await x.close();
});

const token = 'simulated-token';
const app = (id: string, def: object = {}): Flow[number] => ({
  id,
  type: 'twitter-app',
  config: true,
  auth: 'bearer',
  baseUrl: x.url,
  ...def,
});
const stream = (id: string, appId: string, def: object = {}): Flow[number] => ({
  id,
  type: 'twitter-stream-in',
  app: appId,
  source: 'filtered',
  rules: [{ value: 'basketball' }],
  autostart: false,
  wires: [[], []],
  ...def,
});

const serviceOf = (id: string): AppService => {
  const { service } = helper.getNode(id) as Node as ConfigNode<AppService>;
  assert.ok(service);
  return service;
};

interface Logged {
  level: number;
  id?: string;
  msg: unknown;
}
const warnLevel = 30;
const logged = (): Logged[] => helper.log().args.map(([entry]) => entry as Logged);
/** The warnings of nodes; Node-RED itself has others. */
const warnings = (): Array<[string | undefined, string]> =>
  logged()
    .filter(({ level, id }) => level === warnLevel && id !== undefined)
    .map(({ id, msg }) => [id, String(msg)]);

/** Loads the flow and waits until Node-RED reports that it has started. */
async function deploy(nodes: Flow, credentials: object, language: 'en-US' | 'ko' = 'en-US'): Promise<void> {
  let started = false;
  const watcher = (RED: Parameters<typeof appNode>[0]): void => {
    RED.events.once('flows:started', () => {
      started = true;
    });
  };
  await helper.load([watcher, speaking(appNode, language), streamNode], onTab(nodes), credentials as never);
  await until(() => started, 'the flows');
}

const both = { 'c-1': { bearerToken: token }, 'c-2': { bearerToken: `Bearer ${token}` } };

const keys = { apiKey: 'simulated-key', apiSecret: 'simulated-secret' };

test('twitter-app: key in one, its token in another -> one warning after the next deploy, in both languages', async () => {
  for (const language of ['en-US', 'ko'] as const) {
    const flow = (): Flow => [
      app('c-1', { auth: 'app' }),
      app('c-2', { name: 'second' }),
      stream('n-1', 'c-1', { autostart: true }),
      stream('n-2', 'c-2'),
    ];
    const credentials = { 'c-1': keys, 'c-2': { bearerToken: token } };
    const before = x.connections;
    await deploy(flow(), credentials, language);
    await until(() => x.connections > before, 'the stream');
    await helper.unload();
    await deploy(flow(), credentials, language);
    const key = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.app-twice';
    assert.deepEqual(warnings(), [['c-1', inWords(language)(key, { others: '“second”' })]]);
    assert.doesNotMatch(JSON.stringify(logged()), new RegExp(token));
    await helper.unload();
    await closeApps();
  }
});

test('twitter-app: same token or API key in several -> one App, no warning', async () => {
  process.env.TEST_SHARED_TOKEN = token;
  try {
    const keyed = { auth: 'app' };
    const flow = ['1', '2', '3', '4'].map((n) => stream(`n-${n}`, `c-${n}`));
    const apps = [app('c-1'), app('c-2'), app('c-3', keyed), app('c-4', keyed)];
    const byVariable = { bearerToken: '\u0024{TEST_SHARED_TOKEN}' };
    await deploy([...apps, ...flow], { ...both, 'c-2': byVariable, 'c-3': keys, 'c-4': keys });
    assert.deepEqual(warnings(), []);
    const shared = ['c-1', 'c-2', 'c-3', 'c-4'].map((id) => serviceOf(id).shared);
    assert.equal(shared[0], shared[1]);
    assert.equal(shared[2], shared[3]);
    assert.notEqual(shared[0], shared[2]);
  } finally {
    delete process.env.TEST_SHARED_TOKEN;
  }
});

test('twitter-app: same API key with another secret -> one App, with a warning', async () => {
  const streams = [stream('n-1', 'c-1'), stream('n-2', 'c-2')];
  const apps = [app('c-1', { auth: 'app' }), app('c-2', { auth: 'app' })];
  await deploy([...apps, ...streams], { 'c-1': keys, 'c-2': { ...keys, apiSecret: 'old-secret' } });
  assert.equal(serviceOf('c-1').shared, serviceOf('c-2').shared);
  const key = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.app-settings-differ';
  assert.deepEqual(warnings(), [['c-2', inWords('en-US')(key, {})]]);
});

test('twitter-app: other token or base URL, not used by a stream, replay -> no warning', async () => {
  const streams = [stream('n-1', 'c-1'), stream('n-2', 'c-2')];
  const replay = stream('n-2', 'c-2', { source: 'replay', file: 'none', fileType: 'str' });
  const cases: [Flow, object][] = [
    [[app('c-1'), app('c-2'), ...streams], { ...both, 'c-2': { bearerToken: 'another-token' } }],
    [[app('c-1'), app('c-2', { baseUrl: 'http://127.0.0.1:9' }), ...streams], both],
    [[app('c-1'), app('c-2'), stream('n-1', 'c-1'), stream('n-2', 'c-1')], both],
    [[app('c-1'), app('c-2'), stream('n-1', 'c-1'), replay], both],
  ];
  for (const [flow, credentials] of cases) {
    await deploy(flow, credentials);
    assert.deepEqual(warnings(), []);
    await helper.unload();
  }
});

interface Answer {
  ok: boolean;
  lines: Array<{ ok: boolean; hint?: true; text: string }>;
}
const press = async (fields: object): Promise<Answer> =>
  (await helper.request().post('/twitter-app/test').send(fields).expect(200)).body as Answer;

test('test endpoint: another twitter-app with the token -> a hint, used or not; the test is good', async () => {
  await deploy([app('c-1'), app('c-2', { name: 'second' })], both);
  const entered = { auth: 'bearer', baseUrl: x.url, bearerToken: token };
  const cases: [object, RegExp][] = [
    [{ id: 'c-1', auth: 'bearer', baseUrl: x.url }, /: “second”\./],
    [{ ...entered, id: 'c-2' }, /: “c-1”\./],
    [{ ...entered, id: 'c-new' }, /: “c-1”, “second”\./],
  ];
  for (const [fields, names] of cases) {
    const { ok, lines } = await press(fields);
    assert.equal(ok, true);
    const hints = lines.filter(({ hint }) => hint);
    assert.equal(hints.length, 1);
    assert.match(hints[0]?.text ?? '', names);
    assert.doesNotMatch(JSON.stringify(lines), new RegExp(token));
  }
  const wrong = await press({ ...entered, id: 'c-1', bearerToken: 'another-token' });
  assert.deepEqual([wrong.ok, wrong.lines.some(({ hint }) => hint)], [false, false]);
});

test('twitter-app: closed -> forgotten, without a listener left after 100 deploys', async () => {
  let listeners: () => number = () => 0;
  const watcher = (RED: Parameters<typeof appNode>[0]): void => {
    listeners = () => RED.events.listenerCount('flows:started');
  };
  await helper.load([watcher, appNode], onTab([]), {} as never);
  const before = listeners();
  await helper.unload();
  for (let count = 0; count < 100; count++) {
    await helper.load([watcher, appNode], onTab([app('c-1'), app('c-2')]), both as never);
    assert.ok(listeners() <= before + 1);
    await helper.unload();
  }
  await helper.load([watcher, appNode], onTab([]), {} as never);
  assert.equal(listeners(), before);
  const { lines } = await press({ auth: 'bearer', baseUrl: x.url, bearerToken: token });
  assert.equal(
    lines.some(({ hint }) => hint),
    false,
  );
});

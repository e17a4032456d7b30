import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { startXApi, type XApi } from '../../dev/x-api/server';
import { until } from '../until';

const dir = mkdtempSync(join(tmpdir(), 'stream-deploy-'));
let nodeRed: NodeRed;
let port: number;
let x: XApi;
/** The posts since the first connection. */
let posts: Array<{ id: string; at: number }>;
let outputs = 0;

before(async () => {
  [port] = (await freePorts([undefined])) as [number];
  nodeRed = await startNodeRed({ dir, port });
});
after(async () => {
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  posts = [];
  outputs++;
  x = await startXApi({
    rate: 200,
    noticeShare: 0,
    generateWhileClosed: true,
    onPost: ({ id, at, streams }) => {
      if (streams > 0 || posts.length > 0) posts.push({ id, at });
    },
  });
});
afterEach(async () => {
  await nodeRed.deploy([]);
  await x.close();
});

const fileOf = (name: string): string => join(dir, `${name}-${outputs}.txt`);
const linesOf = (name: string): string[] =>
  existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8').trim().split('\n').filter(Boolean) : [];
const idsOf = (name: string): string[] => linesOf(name).map((line) => JSON.parse(line).data.id);
const eventsOf = (name: string): Array<Record<string, unknown>> =>
  linesOf(`${name}-events`).map((line) => JSON.parse(line));

/** A twitter-app, a stream-in with one rule, and files with what it sends. */
function streamTo(name: string, rule: string, more: object = {}): object[] {
  const file = (id: string, filename: string) => ({
    id,
    type: 'file',
    z: 'tab',
    filename,
    filenameType: 'str',
    appendNewline: true,
    overwriteFile: 'false',
    wires: [[]],
  });
  return [
    {
      id: `app-${name}`,
      type: 'twitter-app',
      auth: 'bearer',
      baseUrl: x.url,
      credentials: { bearerToken: 'simulated-token' },
    },
    {
      id: `in-${name}`,
      type: 'twitter-stream-in',
      z: 'tab',
      app: `app-${name}`,
      source: 'filtered',
      rules: [{ value: rule, tag: '' }],
      rulesMode: 'own',
      fields: 'default',
      format: 'text',
      autostart: true,
      wires: [[`file-${name}`], [`json-${name}`]],
      ...more,
    },
    {
      id: `json-${name}`,
      type: 'json',
      z: 'tab',
      property: 'payload',
      action: 'str',
      wires: [[`events-${name}`]],
    },
    file(`file-${name}`, fileOf(name)),
    file(`events-${name}`, fileOf(`${name}-events`)),
  ];
}

const tab = { id: 'tab', type: 'tab', label: 'test' };

test('two twitter-apps with one token -> one connection, both rules; each node receives its posts', async () => {
  await nodeRed.deploy([tab, ...streamTo('a', 'basketball'), ...streamTo('b', 'coffee')]);
  await until(() => idsOf('a').length > 5 && idsOf('b').length > 5, 'posts for both');
  assert.equal(x.connections, 1);
  assert.deepEqual(
    x
      .rules()
      .map(({ value }) => value)
      .sort(),
    ['basketball', 'coffee'],
  );
});

test('three deploys, full and of nodes -> no connect, no rule request, no post lost or twice, no event', async () => {
  const flow = (name: string) => [tab, ...streamTo('a', 'basketball', { name })];
  await nodeRed.deploy(flow(''));
  await until(() => idsOf('a').length > 20, 'the first posts');
  const rules = x.log.ruleRequests.length;
  await nodeRed.deploy(flow(''));
  await nodeRed.deploy(flow('renamed'), 'nodes');
  await nodeRed.deploy(flow('renamed'));
  const { length } = posts;
  await until(() => idsOf('a').length > length + 20, 'posts after the deploys');
  const received = idsOf('a');
  const sent = posts.slice(0, received.length).map(({ id }) => id);
  assert.deepEqual(received, sent);
  assert.equal(x.log.connects.length, 1);
  assert.equal(x.log.ruleRequests.length, rules);
  assert.deepEqual(
    eventsOf('a').map(({ event }) => event),
    ['connected'],
  );
});

test('kill -9 and restart -> one gap that covers every lost post; none twice', async () => {
  await nodeRed.deploy([tab, ...streamTo('a', 'basketball')]);
  await until(() => idsOf('a').length > 200, 'posts');
  process.kill(nodeRed.pid as number, 'SIGKILL');
  await nodeRed.ended;
  const before = idsOf('a').length;
  const { length } = posts;
  await until(() => posts.length > length + 100, 'posts while nothing runs');
  nodeRed = await startNodeRed({ dir, port, logName: 'node-red-2.log' });
  await until(() => idsOf('a').length > before + 100, 'posts after the restart');
  const received = idsOf('a');
  assert.equal(new Set(received).size, received.length);
  const gaps = eventsOf('a').filter(({ event }) => event === 'gap');
  assert.equal(gaps.length, 1);
  const { from, to } = gaps[0] as { from: number; to: number };
  const ids = new Set(received);
  const lost = posts
    .slice(
      0,
      posts.findIndex(({ id }) => id === received.at(-1)),
    )
    .filter(({ id }) => !ids.has(id));
  assert.ok(lost.length >= 100);
  assert.deepEqual(
    lost.filter(({ at }) => at < from - 1000 || at > to + 1000),
    [],
  );
});

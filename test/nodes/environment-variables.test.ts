import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Node } from 'node-red';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import type { Cluster } from '../../src/kafka/cluster';
import type { ConfigNode } from '../../src/node-red/node-context';
import { freshTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { definitionOf } from './dialog-definition';
import { codeOf, type Flow, helper, Inbox, onTab, sentenceOf, statusesOf } from './flow';

const folder = mkdtempSync(join(tmpdir(), 'variables-'));
const environment: Record<string, string> = { TEST_HOST: '127.0.0.1', TEST_DATA: folder };
let broker: TestBroker;
before(async () => {
  broker = await testBroker();
  Object.assign(process.env, environment, { TEST_PORT: broker.brokers.replace(/.*:/, '') });
  writeFileSync(join(folder, 'posts.jsonl'), '{"id":1}\n');
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  for (const name of [...Object.keys(environment), 'TEST_PORT']) delete process.env[name];
  rmSync(folder, { recursive: true });
  await helper.stopServer();
  await broker.stop();
});

const cluster = {
  id: 'c-cluster',
  type: 'kafka-cluster',
  config: true,
  brokers: '${TEST_HOST}:${TEST_PORT}',
};

/** Loads the nodes on a tab with these variables. */
async function load(nodes: Flow, variables: Record<string, string> = {}, credentials = {}): Promise<void> {
  const flow = onTab(nodes) as unknown as Flow;
  const env = Object.entries(variables).map(([name, value]) => ({ name, value, type: 'str' }));
  Object.assign(flow[0] ?? {}, { env });
  const types = [clusterNode, outNode, adminNode, appNode, streamNode];
  await helper.load(types as never, flow as never, credentials as never);
}

test('kafka-out, kafka-admin, Test: variables in brokers, topic, target -> of the process and the flow', async () => {
  const topic = await freshTopic(broker.brokers, 'variables');
  const [start, end] = [topic.slice(0, 5), topic.slice(5)];
  await load(
    [
      cluster,
      { id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic: '${START}${END}', wires: [['n-acked']] },
      {
        id: 'n-admin',
        type: 'kafka-admin',
        cluster: 'c-cluster',
        ...{
          operation: 'topics.describe',
          operationType: 'str',
          target: '${START}${END}',
          targetType: 'str',
        },
        wires: [['n-described']],
      },
      { id: 'n-acked', type: 'helper' },
      { id: 'n-described', type: 'helper' },
    ],
    { START: start, END: end },
  );
  const fields = { id: 'c-new', brokers: cluster.brokers, sasl: 'none' };
  const { body } = await helper.request().post('/kafka-cluster/test').send(fields).expect(200);
  assert.equal(body.ok, true, JSON.stringify(body));
  const [acked, described] = [new Inbox('n-acked'), new Inbox('n-described')];
  helper.getNode('n-out').receive({ payload: 'x' } as never);
  assert.equal(((await acked.next()).kafka as { topic: string }).topic, topic);
  helper.getNode('n-admin').receive({} as never);
  assert.equal(((await described.next()).payload as Array<{ topic: string }>)[0]?.topic, topic);
});

test('twitter-stream-in: variable in the path of a replay -> the file', async () => {
  await load([
    {
      ...{ id: 'n-in', type: 'twitter-stream-in', source: 'replay', file: '${TEST_DATA}/posts.jsonl' },
      ...{ pace: 'max', wires: [['n-posts']], autostart: false },
    },
    { id: 'n-posts', type: 'helper' },
  ]);
  const posts = new Inbox('n-posts');
  helper.getNode('n-in').receive({ action: 'start' } as never);
  assert.deepEqual((await posts.next()).payload, { id: 1 });
});

test('kafka-cluster: variables in texts -> filled in; in a password only as the whole', async () => {
  const def = { ...cluster, clientId: 'a-${TEST_HOST}', sasl: 'plain' };
  await load([def], {}, { 'c-cluster': { username: '${TEST_HOST}-user', password: 'p${TEST_HOST}' } });
  const { service, problem } = helper.getNode('c-cluster') as Node as ConfigNode<Cluster>;
  assert.equal(problem, undefined);
  const { clientId, sasl } = service?.settings ?? {};
  assert.equal(clientId, 'a-127.0.0.1');
  const { username, password } = (sasl ?? {}) as { username?: string; password?: string };
  assert.deepEqual([username, password], ['127.0.0.1-user', 'p${TEST_HOST}']);
});

test('any node: variable that is not set -> its name and field, in Catch and status', async () => {
  const cases: Array<[Flow, string, string]> = [
    [[{ type: 'kafka-out', cluster: 'c-cluster', topic: 'a-${GONE}' }], 'topic', 'env-unset'],
    [
      [{ type: 'kafka-admin', cluster: 'c-cluster', target: 'a-${GONE}', targetType: 'str' }],
      'target',
      'env-unset',
    ],
    [
      [{ type: 'kafka-out', cluster: 'c-cluster', topic: 'a-${GONE}', topicType: 'env' }],
      'topic',
      'env-unset',
    ],
    [[{ type: 'twitter-stream-in', source: 'replay', file: '${GONE}/x' }], 'file', 'env-unset'],
    [
      [
        { type: 'kafka-out', cluster: 'c-other', topic: 't' },
        { ...cluster, id: 'c-other', brokers: 'a:1,${GONE}:9092' },
      ],
      'brokers',
      'config-invalid',
    ],
    [
      [
        { type: 'twitter-stream-in', app: 'c-app', rulesMode: 'app' },
        { id: 'c-app', type: 'twitter-app', config: true, baseUrl: 'https://${GONE}' },
      ],
      'baseUrl',
      'config-invalid',
    ],
  ];
  for (const [[node, ...others], field, code] of cases) {
    await load([cluster, { id: 'n-node', ...node }, ...others]);
    const caught = new Inbox('n-caught');
    helper
      .getNode('n-node')
      .receive({ payload: 'x', action: node?.type === 'kafka-out' ? undefined : 'start' } as never);
    const error = await caught.next();
    assert.equal(codeOf(error), code, field);
    assert.ok(sentenceOf(error).includes(`“${field}” uses the environment variable GONE`), sentenceOf(error));
    if (code === 'env-unset') await until(() => statusesOf('n-node').at(-1) === 'GONE not set', 'the status');
    await helper.unload();
  }
});

test('dialogs: text with a variable -> not judged; without one -> checked', () => {
  const fields: Array<[type: string, name: string, good: string, bad: string]> = [
    ['kafka-cluster', 'brokers', 'a:b:c,${HOST}:${PORT}', 'a:b:c'],
    ['kafka-cluster', 'brokers', '[::1]:9092, PLAINTEXT://[fe80::1%eth0]', '::1'],
    ['kafka-cluster', 'oauthTokenUrl', 'https://${HOST}/token', 'nonsense'],
    ['twitter-app', 'baseUrl', 'http://${HOST}:8080/x', 'nonsense'],
    ['twitter-app', 'baseUrl', 'http://[::1]:8080', 'http://[::1'],
    ['kafka-out', 'topic', '${STAGE}.tweets', 'no spaces'],
  ];
  for (const [type, name, good, bad] of fields) {
    const check = definitionOf(type).defaults[name]?.validate;
    const node = { sasl: 'oauthbearer', topicType: 'str' };
    assert.equal(check?.call(node, good, {}), true, good);
    assert.equal(typeof check?.call(node, bad, {}), 'string', bad);
  }
});

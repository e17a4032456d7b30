import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { until } from '../until';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-secret-'));
let nodeRed: NodeRed | undefined;
after(async () => {
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function start(secret: string): Promise<NodeRed> {
  await nodeRed?.stop();
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number, env: { NODE_RED_SECRET: secret } });
  return nodeRed;
}

const closed = '127.0.0.1:9';
const flow: Array<Record<string, unknown>> = [
  { id: 't', type: 'tab' },
  {
    ...{ id: 'app', type: 'twitter-app', baseUrl: `http://${closed}` },
    credentials: { bearerToken: 'secret-token' },
  },
  {
    ...{ id: 'cluster', type: 'kafka-cluster', brokers: closed, sasl: 'plain' },
    credentials: { username: 'user', password: 'secret-password' },
  },
  { id: 'in', z: 't', type: 'twitter-stream-in', app: 'app', rules: [{ value: 'a' }], wires: [[], []] },
  { id: 'out', z: 't', type: 'kafka-out', cluster: 'cluster', topic: 'a', topicType: 'str', wires: [[]] },
];
const undecrypted = 'Node-RED could not decrypt the stored credentials, because credentialSecret';

test('credentialSecret changed -> each missing credential is reported with this cause, and by Test', async () => {
  await (await start('the first secret')).deploy(flow);
  const { url, log } = await start('another secret');
  for (const missing of ['The twitter-app has no bearer token.', 'requires a user name.']) {
    const line = new RegExp(`${missing.replaceAll('.', '\\.')}.* ${undecrypted}`);
    await until(() => line.test(log()), missing);
  }
  const response = await fetch(`${url}/twitter-app/test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'app', auth: 'bearer', bearerToken: '', baseUrl: `http://${closed}` }),
  });
  assert.match(JSON.stringify(await response.json()), new RegExp(undecrypted));
});

test('credentialSecret unchanged, no credentials -> reported without this cause', async () => {
  assert.ok(nodeRed);
  await nodeRed.deploy(flow.map(({ credentials: _, ...node }) => node));
  const { log } = await start('another secret');
  await until(() => log().includes('has no bearer token.'), 'the error');
  assert.ok(!log().includes(undecrypted), log());
});

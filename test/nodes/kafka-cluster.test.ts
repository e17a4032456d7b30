import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import type { Node } from 'node-red';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import type { Cluster } from '../../src/kafka/cluster';
import type { ConfigNode } from '../../src/node-red/node-context';
import { freshTopic, type TestBroker, testBroker } from '../kafka-broker';
import { helper } from './flow';

const tlsNode = require('@node-red/nodes/core/network/05-tls.js') as typeof clusterNode;
const secret = 'never-to-be-seen';
let broker: TestBroker;
/** A server that no node was deployed to; records what it receives. */
let thief: net.Server;
let received = '';
before(async () => {
  broker = await testBroker();
  thief = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      socket.end();
    });
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  thief.close();
  await helper.stopServer();
  await broker.stop();
});

const thiefAddress = (): string => `127.0.0.1:${(thief.address() as AddressInfo).port}`;

async function load(def: object = {}, credentials: object = {}): Promise<ConfigNode<Cluster>> {
  const flow = [
    { id: 'c-tls', type: 'tls-config', name: 'own CA', cert: '', key: '', ca: '', verifyservercert: true },
    {
      id: 'c-broken',
      type: 'tls-config',
      name: 'broken',
      cert: '/no/such/file',
      key: '/no/such/file',
      ca: '',
    },
    { id: 'c-cluster', type: 'kafka-cluster', name: 'cluster', brokers: broker.brokers, ...def },
  ];
  await helper.load([tlsNode, clusterNode], flow as never, { 'c-cluster': credentials } as never);
  return helper.getNode('c-cluster') as Node as ConfigNode<Cluster>;
}

interface Answer {
  ok: boolean;
  lines: Array<{ ok: boolean; text: string }>;
}

async function press(fields: object): Promise<Answer> {
  const request = helper
    .request()
    .post('/kafka-cluster/test')
    .send({ id: 'c-cluster', ...fields });
  return (await request.expect(200)).body as Answer;
}

test('kafka-cluster: invalid settings -> a Problem for its nodes, no exception', async () => {
  const cases: Array<[object, object, string]> = [
    [{ useTls: true, tls: 'c-gone' }, {}, 'config-missing'],
    [{ useTls: true, tls: 'c-broken' }, {}, 'tls-config-invalid'],
    [{ useTls: true, tls: 'c-cluster-2' }, {}, 'config-missing'],
    [{ sasl: 'plain' }, { password: secret }, 'sasl-no-user'],
    [{ sasl: 'scram-sha-256' }, { username: 'alice' }, 'sasl-no-password'],
    [{ sasl: 'gssapi' }, {}, 'sasl-unknown'],
    [{ sasl: 'oauthbearer', oauthTokenUrl: 'http://idp.example.com/' }, {}, 'oauth-url-insecure'],
  ];
  for (const [def, credentials, key] of cases) {
    const node = await load(def, credentials);
    assert.equal(node.service, undefined, key);
    assert.equal((node.problem as { key: string }).key, key);
    await helper.unload();
  }
});

test('kafka-cluster: TLS with and without tls-config; fields of another choice -> ignored', async () => {
  const cases: Array<[object, boolean, string | undefined]> = [
    [{ useTls: true }, true, undefined],
    [{ useTls: true, tls: 'c-tls' }, true, undefined],
    [{ useTls: false, tls: 'c-gone', oauthTokenUrl: 'nonsense' }, false, undefined],
    [{ sasl: 'scram-sha-512', oauthTokenUrl: 'nonsense' }, false, 'scram-sha-512'],
  ];
  for (const [def, tls, mechanism] of cases) {
    const { service } = await load(def, { username: 'alice', password: secret });
    assert.equal(service?.settings.ssl !== undefined, tls);
    assert.equal(service?.settings.sasl?.mechanism, mechanism);
    await helper.unload();
  }
});

test('topics endpoint: deployed cluster -> its topics; missing or unreachable cluster -> none', async () => {
  const topic = await freshTopic(broker.brokers, 'listed');
  await load();
  const get = async (id: string): Promise<string[]> =>
    (await helper.request().get(`/kafka-cluster/${id}/topics`).expect(200)).body;
  const names = await get('c-cluster');
  assert.ok(names.includes(topic));
  assert.ok(!names.some((name) => name.startsWith('__')));
  assert.deepEqual(await get('c-gone'), []);
  assert.deepEqual(await get('c-tls'), []);
  await helper.unload();
  await load({ brokers: '127.0.0.1:1' });
  assert.deepEqual(await get('c-cluster'), []);
});

test('test endpoint: entered fields -> tested, saved or not', async () => {
  await load({ brokers: '127.0.0.1:1' });
  const good = await press({ id: 'c-new', brokers: ` PLAINTEXT://${broker.brokers} `, sasl: 'none' });
  assert.equal(good.ok, true);
  assert.equal(good.lines.length, 2);
  assert.ok(good.lines.every(({ ok, text }) => ok && text.length > 20 && !text.includes('__')));
  process.env.ENTERED_BROKERS = broker.brokers;
  assert.equal((await press({ brokers: '\u0024{ENTERED_BROKERS}' })).ok, true);
  for (const [fields, sentence] of [
    [{ brokers: broker.brokers, useTls: true, tls: 'c-tls' }, /does not use TLS/],
    [{ brokers: broker.brokers, useTls: true }, /does not use TLS/],
    [{}, /No broker/],
    [{ brokers: 'a:b:c' }, /“a:b:c” is not a valid broker/],
    [{ brokers: 'x', useTls: true, tls: 'c-gone' }, /tls-config does not exist/],
    [{ brokers: 'x', sasl: 'plain', username: 'alice', password: '' }, /requires a password/],
    [{ brokers: '\u0024{NOT_SET_ANYWHERE}' }, /NOT_SET_ANYWHERE, which is not set/],
    [{ brokers: 42, sasl: { a: 1 } }, /No broker/],
  ] as Array<[object, RegExp]>) {
    const answer = await press(fields);
    assert.equal(answer.ok, false);
    assert.equal(answer.lines.length, 1);
    assert.match(answer.lines[0]?.text ?? '', sentence);
  }
});

test('test endpoint: stored secret or variable -> sent only to the deployed brokers', async () => {
  const deployed = { brokers: broker.brokers, sasl: 'plain' };
  await load(deployed, { username: 'alice', password: secret });
  process.env.ENTERED_SECRET = secret;
  // A listener without SASL rejects the login: the test used the stored password and contacted the broker.
  const plain = { sasl: 'plain', username: 'alice' };
  for (const password of ['__PWRD__', undefined, '\u0024{ENTERED_SECRET}']) {
    const answer = await press({ ...plain, brokers: broker.brokers, password });
    assert.match(answer.lines[0]?.text ?? '', /does not use SASL/);
  }
  const elsewhere: Array<[object, RegExp]> = [
    [{ brokers: thiefAddress(), password: '__PWRD__' }, /Enter the password again/],
    [{ brokers: thiefAddress() }, /Enter the password again/],
    [{ brokers: `${broker.brokers},${thiefAddress()}`, password: '__PWRD__' }, /Enter the password again/],
    [{ brokers: broker.brokers, useTls: true, password: '__PWRD__' }, /Enter the password again/],
    [{ brokers: broker.brokers, id: 'c-new', password: '__PWRD__' }, /Enter the password again/],
    [{ brokers: thiefAddress(), password: '\u0024{ENTERED_SECRET}' }, /ENTERED_SECRET/],
    [{ brokers: thiefAddress(), username: '\u0024{ENTERED_SECRET}', password: 'x' }, /ENTERED_SECRET/],
    [{ brokers: thiefAddress(), clientId: '\u0024{ENTERED_SECRET}', password: 'x' }, /ENTERED_SECRET/],
  ];
  for (const [fields, sentence] of elsewhere) {
    const answer = await press({ ...plain, ...fields });
    assert.equal(answer.ok, false);
    assert.match(answer.lines[0]?.text ?? '', sentence);
    assert.ok(!JSON.stringify(answer).includes(secret));
  }
  assert.equal(received, '');
  await press({ ...plain, brokers: thiefAddress(), password: 'entered' });
  assert.notEqual(received, '', 'entered secrets are sent');
  received = '';
});

test('test endpoint: stored client secret -> sent only to the deployed token server', async () => {
  const deployed = { sasl: 'oauthbearer', oauthTokenUrl: 'https://idp.example.com/token' };
  await load(deployed, { oauthClientId: 'me', oauthClientSecret: secret });
  const entered = {
    ...deployed,
    brokers: broker.brokers,
    oauthClientId: 'me',
    oauthClientSecret: '__PWRD__',
  };
  const answer = await press({ ...entered, oauthTokenUrl: `http://${thiefAddress()}/token` });
  assert.match(answer.lines[0]?.text ?? '', /Enter the password again/);
  assert.match((await press(entered)).lines[0]?.text ?? '', /does not use SASL/);
  assert.equal(received, '');
});

test('endpoints: required permissions', () => {
  const guarded: Record<string, string> = {};
  const guard = (permission: string) => permission;
  const route = (path: string, permission: string) => Object.assign(guarded, { [path]: permission });
  clusterNode({
    nodes: { registerType: () => {} },
    events: new EventEmitter(),
    auth: { needsPermission: guard },
    httpAdmin: { get: route, post: route },
  } as never);
  assert.deepEqual(guarded, {
    '/kafka-cluster/:id/brokers': 'kafka-cluster.read',
    '/kafka-cluster/:id/configs': 'kafka-cluster.read',
    '/kafka-cluster/:id/groups': 'kafka-cluster.read',
    '/kafka-cluster/:id/principals': 'kafka-cluster.read',
    '/kafka-cluster/:id/topics': 'kafka-cluster.read',
    '/kafka-cluster/test': 'kafka-cluster.write',
  });
});

test('brokers with the protocol SSL: TLS without the check box', async () => {
  const answer = await press({ brokers: `SSL://${broker.brokers}`, useTls: false, sasl: 'none' });
  assert.equal(answer.ok, false);
  assert.match(answer.lines[0]?.text ?? '', /does not use TLS|without TLS|TLS/);
});

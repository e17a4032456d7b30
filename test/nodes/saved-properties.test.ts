import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { statusKey } from '../../src/node-red/catalogue';
import { type PropertyTable, SavedProperties } from '../../src/node-red/saved-properties';
import { definitionOf } from './dialog-definition';
import { helper, Inbox, onTab, statusesOf } from './flow';
import { nodeTypes, recordReads } from './node-types';

before(() => helper.startServer());
afterEach(() => helper.unload());
after(() => helper.stopServer());

// A saved flow is the package's public interface: a name or default that changes here breaks flows.
const saved: Record<string, Record<string, unknown>> = {
  'twitter-app': { name: '', auth: 'bearer', baseUrl: 'https://api.x.com', proxy: '' },
  'twitter-stream-in': {
    name: '',
    app: '',
    source: 'filtered',
    rules: [],
    rulesMode: 'own',
    track: '',
    follow: '',
    locations: '',
    language: '',
    recover: 'none',
    fields: 'all',
    tweetFields: '',
    expansions: '',
    userFields: '',
    mediaFields: '',
    placeFields: '',
    pollFields: '',
    format: 'object',
    dedupe: 100_000,
    takeOver: false,
    dailyLimit: 0,
    autostart: true,
    stallTimeout: '',
    file: '',
    fileType: 'str',
    pace: 'recorded',
    rate: 100,
    repeat: false,
  },
  'tweet-classifier': { name: '', property: 'payload' },
  'kafka-cluster': {
    name: '',
    brokers: 'localhost:9092',
    clientId: 'node-red',
    useTls: false,
    tls: '',
    sasl: 'none',
    oauthTokenUrl: '',
    oauthScope: '',
    connectionTimeout: 10,
    requestTimeout: 12,
  },
  'kafka-out': {
    name: '',
    cluster: '',
    topic: '',
    topicType: 'str',
    key: 'key',
    keyType: 'msg',
    value: 'payload',
    valueType: 'msg',
    partition: '',
    partitionType: 'num',
    headers: '',
    headersType: 'none',
    timestamp: 'timestamp',
    timestampType: 'msg',
    acks: 'all',
    idempotent: true,
    compression: 'none',
    linger: 0,
    queue: 'disk',
    memoryLimit: 32,
    diskLimit: 1024,
    deliveryTimeout: 120,
    createTopic: false,
    createPartitions: 1,
    createReplication: '',
  },
  'kafka-admin': {
    name: '',
    cluster: '',
    operation: 'topics.list',
    operationType: 'str',
    target: '',
    targetType: 'str',
    options: '{}',
    optionsType: 'json',
    confirm: false,
    timeout: 30,
  },
};

const credentials: Record<string, string[]> = {
  'twitter-app': ['bearerToken', 'apiKey', 'apiSecret', 'accessToken', 'accessTokenSecret'],
  'kafka-cluster': ['username', 'password', 'oauthClientId', 'oauthClientSecret'],
};

const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
const types = Object.entries(nodeTypes);

test('package.json: node types -> the six with saved properties', () => {
  assert.deepEqual(Object.keys(manifest['node-red'].nodes).sort(), Object.keys(saved).sort());
  assert.deepEqual(Object.keys(nodeTypes).sort(), Object.keys(saved).sort());
});

for (const [type, { properties, credentials: secrets = {} }] of types) {
  test(`${type}: table and dialog -> these saved properties, with these defaults`, () => {
    const { defaults, credentials: dialogSecrets = {} } = definitionOf(type);
    const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
    const table = Object.entries<PropertyTable[string]>(properties);
    assert.deepEqual(JSON.parse(JSON.stringify(values)), saved[type]);
    assert.deepEqual(
      Object.fromEntries(table.map(([name, { default: value }]) => [name, value])),
      saved[type],
    );
    for (const names of [Object.keys(secrets), Object.keys(dialogSecrets)]) {
      assert.deepEqual(names, credentials[type] ?? []);
    }
    // The dialog binds a property and a credential of one name to the same field.
    for (const secret of Object.keys(secrets)) assert.ok(!(secret in defaults), secret);
  });

  test(`${type}: numbers and choices -> dialog and runtime accept the same values`, () => {
    const { defaults } = definitionOf(type);
    for (const [name, property] of Object.entries<PropertyTable[string]>(properties)) {
      const { minimum, choices } = property;
      if (minimum === undefined && choices === undefined) continue;
      // The fields of other sources are not checked.
      const node = { source: name === 'stallTimeout' ? 'filtered' : 'replay', pace: 'rate' };
      const values = [
        '',
        ' ',
        'soon',
        -1,
        0,
        '0',
        0.001,
        0.5,
        1,
        '1.5',
        2,
        '3',
        3.5,
        1000,
        10_000_001,
        'NaN',
        ...(choices ?? []),
      ];
      for (const value of values) {
        const accepted = defaults[name]?.validate?.call(node, value, {}) === true;
        const settings = new SavedProperties({ [name]: property }, { [name]: value });
        const read = (): unknown =>
          choices === undefined ? settings.number(name as never) : settings.choice(name as never);
        if (accepted) assert.doesNotThrow(read, `${name} ${value}`);
        else assert.throws(read, { name: 'Problem' }, `${name} ${value}`);
      }
    }
  });

  const keys = { apiKey: 'k', apiSecret: 's', accessToken: 't', accessTokenSecret: 'u' };

  test(`${type}: every saved property -> read by the runtime`, async () => {
    const read = new Set<string>();
    for (const flow of nodeTypes[type]?.flows ?? []) {
      await helper.load(
        types.map(([, { register }]) => recordReads(register, type, read)),
        onTab(flow),
        { 'c-app': { bearerToken: 'abc', ...keys } } as never,
      );
      await helper.unload();
    }
    assert.deepEqual(
      Object.keys(properties).filter((name) => !read.has(name)),
      [],
    );
  });
}

test('flow of an earlier version: properties that are no longer saved -> ignored', async () => {
  await helper.load(
    types.map(([, { register }]) => register),
    onTab([
      { id: 'c-app', type: 'twitter-app', config: true, baseUrl: 'http://127.0.0.1:1' },
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: '127.0.0.1:1' },
      {
        id: 'n-in',
        type: 'twitter-stream-in',
        app: 'c-app',
        rules: [{ value: 'basketball', tag: '' }],
        ...{ partitions: ['all'], countKey: 'postsToday', autostart: false },
      },
      { id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic: 't', queue: 'disk', diskLimit: 1024 },
    ]),
    { 'c-app': { bearerToken: 'abc', accessToken: 'a', accessTokenSecret: 'b' } } as never,
  );
  const caught = new Inbox('n-caught');
  await new Promise(setImmediate);
  assert.deepEqual(statusesOf('n-in'), [statusKey('twitter-stream-in.status.stopped')]);
  assert.deepEqual(statusesOf('n-out'), ['node-red:common.status.connecting']);
  assert.deepEqual(caught.all, []);
});

test('examples: their nodes -> hold exactly what the nodes save; together all types', () => {
  const folder = join(__dirname, '../../examples');
  const nodes = readdirSync(folder).flatMap(
    (name) =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as Array<
        Record<string, unknown> & { type: string }
      >,
  );
  const types = new Set(nodes.map(({ type }) => type));
  for (const type of Object.keys(saved)) assert.ok(types.has(type), type);
  for (const node of nodes) {
    const properties = Object.keys(saved[node.type] ?? {});
    for (const property of properties) assert.ok(property in node, `${node.type} ${property}`);
    const known = [...properties, 'id', 'type', 'z', 'x', 'y', 'wires'];
    if (node.type in saved)
      assert.deepEqual(
        Object.keys(node).filter((name) => !known.includes(name)),
        [],
      );
    for (const secret of credentials[node.type] ?? []) assert.ok(!(secret in node), `${node.type} ${secret}`);
  }
});

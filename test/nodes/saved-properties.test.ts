import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';

// What a saved flow holds is the package's public interface: a name or default that changes here breaks flows.
const saved: Record<string, Record<string, unknown>> = {
  'twitter-app': { name: '', auth: 'bearer', baseUrl: 'https://api.x.com' },
  'twitter-stream-in': {
    name: '',
    app: '',
    source: 'filtered',
    rules: [],
    rulesMode: 'own',
    fields: 'all',
    tweetFields: '',
    expansions: '',
    userFields: '',
    mediaFields: '',
    placeFields: '',
    pollFields: '',
    format: 'object',
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
    memoryLimit: 32,
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
  'twitter-app': ['bearerToken', 'apiKey', 'apiSecret'],
  'kafka-cluster': ['username', 'password', 'oauthClientId', 'oauthClientSecret'],
};

interface Definition {
  defaults: Record<string, { value: unknown }>;
  credentials?: Record<string, unknown>;
  outputs?: number;
}

const dist = join(__dirname, '../../dist/nodes');
const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** Runs a dialog's script as the editor does, as far as its registration. */
function definitionOf(type: string): Definition {
  const html = readFileSync(join(dist, type, `${type}.html`), 'utf8');
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const registered: Record<string, Definition> = {};
  const anything = (): boolean => true;
  const RED = {
    nodes: {
      registerType: (name: string, definition: Definition) =>
        Object.assign(registered, { [name]: definition }),
    },
    validators: { typedInput: () => anything, number: () => anything, regex: () => anything },
    _: (key: string) => key,
  };
  runInContext(script, createContext({ RED, $: () => ({ length: 0 }), TextDecoder }));
  return registered[type] as Definition;
}

test('the package registers these six nodes', () => {
  assert.deepEqual(Object.keys(manifest['node-red'].nodes).sort(), Object.keys(saved).sort());
});

for (const [type, properties] of Object.entries(saved)) {
  test(`${type} saves these properties, with these defaults and no others`, () => {
    const { defaults, credentials: secrets = {} } = definitionOf(type);
    const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
    assert.deepEqual(JSON.parse(JSON.stringify(values)), properties);
    assert.deepEqual(Object.keys(secrets).sort(), [...(credentials[type] ?? [])].sort());
    // The dialog binds a property and a credential of one name to the same field.
    for (const secret of Object.keys(secrets)) assert.ok(!(secret in defaults), secret);
  });
}

test('the example holds all that the nodes save', () => {
  const file = join(__dirname, '../../examples/01 - Basketball posts to Kafka.json');
  const nodes = JSON.parse(readFileSync(file, 'utf8')) as Array<Record<string, unknown> & { type: string }>;
  const types = new Set(nodes.map(({ type }) => type));
  for (const type of Object.keys(saved)) assert.ok(types.has(type), type);
  for (const node of nodes) {
    for (const property of Object.keys(saved[node.type] ?? {}))
      assert.ok(property in node, `${node.type} ${property}`);
    for (const secret of credentials[node.type] ?? []) assert.ok(!(secret in node), `${node.type} ${secret}`);
  }
});

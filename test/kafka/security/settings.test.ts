import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type SecuredBroker, startSecuredBroker, user } from '../../../dev/kafka/secured-broker';
import { Cluster } from '../../../src/kafka/cluster';
import { createClient } from '../../../src/kafka/connection/client';
import { Sockets } from '../../../src/kafka/connection/sockets';
import { Outbox } from '../../../src/kafka/delivery/outbox';
import { classifyError, describeError } from '../../../src/kafka/errors';
import { probeCluster } from '../../../src/kafka/probe';
import { readSecurity, type SecurityChoice } from '../../../src/kafka/security/settings';
import { freshTopic } from '../../kafka-broker';
import { until } from '../../until';
import { startTokenServer, type TokenServer, unsigned } from './token-server';

let secured: SecuredBroker;
let tokens: TokenServer;
before(async () => {
  [secured, tokens] = await Promise.all([startSecuredBroker(), startTokenServer()]);
});
after(async () => {
  await Promise.all([secured?.stop(), tokens?.stop()]);
});

type Way = [listener: string, choice: Partial<SecurityChoice>];
const withCa = () => ({ useTls: true, tls: { ca: secured.certificates.ca } });
const withToken = () => ({
  sasl: 'oauthbearer',
  oauthTokenUrl: tokens.url,
  oauthClientId: 'me',
  oauthClientSecret: 'kept-to-ourselves',
});
const addressOf = (listener: string): string =>
  secured.at[listener] ?? (listener === 'PLAINTEXT' ? secured.broker.brokers : listener);

/** Connects as kafka-out and kafka-admin do, and lists the topics. */
async function attempt([listener, choice]: Way): Promise<void> {
  const sockets = new Sockets();
  const security = readSecurity({ useTls: false, sasl: 'none', ...choice });
  const settings = { clientId: 'test', connectionTimeout: 5000, requestTimeout: 10_000, ...security };
  const admin = createClient({ brokers: [addressOf(listener)], ...settings }, sockets, () => {}).admin();
  try {
    await admin.connect();
    await admin.listTopics();
  } finally {
    sockets.end();
    await admin.disconnect();
    sockets.destroy();
  }
}

test('a real broker: each listener and login -> connected', async (t) => {
  const { clientCert: cert, clientKey: key, ca } = secured.certificates;
  const ways: Way[] = [
    ['PLAINTEXT', {}],
    ['PASSWORD', { sasl: 'plain', ...user }],
    ['PASSWORD', { sasl: 'scram-sha-256', ...user, password: `\n${user.password}\r\n` }],
    ['PASSWORD', { sasl: 'scram-sha-512', ...user }],
    ['TOKEN', withToken()],
    ['TLS', withCa()],
    [addressOf('TLS').replace('127.0.0.1', 'localhost'), withCa()],
    ['STRANGER', { useTls: true, tls: { ca, servername: 'kafka.example.com' } }],
    ['MTLS', { useTls: true, tls: { ca, cert, key } }],
    ['BOTH', { ...withCa(), sasl: 'plain', ...user }],
    ['BOTH', { ...withCa(), sasl: 'scram-sha-512', ...user }],
  ];
  for (const way of ways) await t.test(nameOf(way), () => attempt(way));
});

test('a real broker: a failed login or handshake -> a sentence with the place, and retry', async (t) => {
  const wrong = { ...user, password: 'not-hers' };
  const refusals: Array<[Way, string, RegExp]> = [
    [['PASSWORD', { sasl: 'plain', ...wrong }], 'sasl-refused', /^127.* “alice” .*PLAIN.* Check both/],
    [['PASSWORD', { sasl: 'scram-sha-256', ...wrong }], 'sasl-refused', /^127.*“alice”.*SCRAM-SHA-256/],
    [['PASSWORD', { sasl: 'scram-sha-512', ...user, username: 'bob' }], 'sasl-refused', /“bob”/],
    [['PLAINONLY', { sasl: 'scram-sha-512', ...user }], 'sasl-mechanism', /Select another one/],
    [['TLS', {}], 'not-kafka', /TLS port/],
    [['PASSWORD', {}], 'connection-closed', /^127.*require TLS or SASL/],
    [['BOTH', withCa()], 'connection-closed', /^127.*require TLS or SASL/],
    [['PLAINTEXT', { sasl: 'plain', ...user }], 'sasl-not-asked', /SASL to none/],
    [['TLS', { useTls: true }], 'tls-ca-unknown', /127.*UNABLE_TO_VERIFY.*CA/],
    [['STRANGER', withCa()], 'tls-name-mismatch', /127.*different host name.*cert's/],
    [['MTLS', withCa()], 'tls-client-certificate', /^127.*client certificate/],
    [['PLAINTEXT', withCa()], 'tls-not-spoken', /^127.*Disable TLS/],
    [[new URL(tokens.url).host, withCa()], 'tls-not-spoken', /^127.*Disable TLS/],
    [[new URL(tokens.url).host, {}], 'not-kafka', /does not speak the Kafka protocol/],
  ];
  for (const [way, key, sentence] of refusals) {
    await t.test(`${nameOf(way)}: ${key}`, () => assertRefused(way, key, sentence));
  }
  await t.test('an expired token', async () => {
    tokens.answer = (now) => ({ body: { access_token: unsigned(now, -3600) } });
    await assertRefused(['TOKEN', withToken()], 'token-refused', /^127.*OAUTHBEARER.*expired/);
  });
  await t.test('a token server that rejects the client', async () => {
    tokens.answer = () => ({ status: 401, body: { error: 'invalid_client' } });
    await assertRefused(['TOKEN', withToken()], 'oauth-refused', /401 invalid_client.*client secret/);
  });
});

test('probeCluster: a real broker -> the stage that failed', async (t) => {
  tokens.answer = (now) => ({ body: { access_token: unsigned(now, 3600) } });
  const wrong = { ...user, password: 'not-hers' };
  const stages: Array<[Way, ...string[]]> = [
    [['PASSWORD', { sasl: 'plain', ...user }], 'kafka-probe-broker-user', 'kafka-probe-cluster'],
    [['TOKEN', withToken()], 'kafka-probe-broker-token', 'kafka-probe-cluster'],
    [['TLS', withCa()], 'kafka-probe-broker', 'kafka-probe-cluster'],
    [
      ['BOTH', { ...withCa(), sasl: 'scram-sha-512', ...user }],
      'kafka-probe-broker-user',
      'kafka-probe-cluster',
    ],
    [['TLS', {}], 'kafka-probe-wants-tls'],
    [['TLS', { useTls: true }], 'tls-ca-unknown'],
    [['STRANGER', withCa()], 'tls-name-mismatch'],
    [['MTLS', withCa()], 'tls-client-certificate'],
    [['PLAINTEXT', withCa()], 'tls-not-spoken'],
    [['PASSWORD', {}], 'kafka-probe-wants-sasl'],
    [['PLAINTEXT', { sasl: 'plain', ...user }], 'kafka-probe-no-sasl'],
    [['PLAINONLY', { sasl: 'scram-sha-512', ...user }], 'kafka-probe-mechanism'],
    [['PASSWORD', { sasl: 'scram-sha-512', ...wrong }], 'sasl-refused'],
  ];
  for (const [[listener, choice], ...keys] of stages) {
    await t.test(`${nameOf([listener, choice])}: ${keys[0]}`, async () => {
      const security = readSecurity({ useTls: false, sasl: 'none', ...choice });
      const settings = { clientId: 'test', connectionTimeout: 5000, requestTimeout: 10_000, ...security };
      const findings = await probeCluster({ ...settings, brokers: [addressOf(listener)] });
      assert.deepEqual(
        findings.map(({ says }) => says.key),
        keys,
      );
      const [{ says } = assert.fail()] = findings;
      assert.match(says.message, /127\.0\.0\.1:\d+/);
      assert.doesNotMatch(says.message, /__|undefined|not-hers|alice-secret|kept-to-ourselves/);
      if (keys[0] === 'kafka-probe-wants-sasl')
        assert.match(says.message, /PLAIN, SCRAM-SHA-256|SCRAM-SHA-256/);
    });
  }
});

test('outbox: a rejected login -> retries, and delivers once the login succeeds', async () => {
  tokens.answer = (now) => ({ body: { access_token: unsigned(now, -3600) } });
  const security = readSecurity({ useTls: false, ...withToken() });
  const limits = { clientId: 'test', connectionTimeout: 5000, requestTimeout: 6000 };
  const cluster = new Cluster({ brokers: [addressOf('TOKEN')], ...limits, ...security }, () => {});
  const topic = await freshTopic(secured.broker.brokers, 'refused');
  const outbox = new Outbox(cluster, outboxOptions, () => {});
  try {
    const delivery = outbox.send(topic, { value: 'waits' });
    await until(() => outbox.health.state === 'failing', 'the rejected login');
    assert.equal(outbox.health.state === 'failing' && outbox.health.problem.key, 'token-refused');
    tokens.answer = (now) => ({ body: { access_token: unsigned(now, 3600) } });
    assert.equal((await delivery).offset, '0');
    assert.deepEqual([outbox.health.state, outbox.counters.failed], ['connected', 0]);
  } finally {
    await outbox.close(5000);
    await cluster.close();
  }
});

test('login: a lost connection -> connection-closed, not sasl-refused', async () => {
  const cut = Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' });
  const { sasl } = readSecurity({ useTls: false, sasl: 'plain', ...user });
  const options = sasl as unknown as {
    authenticationProvider: (args: object) => { authenticate(): Promise<void> };
  };
  options.authenticationProvider = ((args: { saslAuthenticate(): Promise<void> }) => ({
    authenticate: () =>
      args.saslAuthenticate().catch((error) => {
        throw new Error(`SASL PLAIN authentication failed: ${error.message}`);
      }),
  })) as never;
  const login = options.authenticationProvider({
    host: 'h',
    port: 1,
    saslAuthenticate: () => Promise.reject(cut),
  });
  await assert.rejects(login.authenticate(), (error) => describeError(error).key === 'connection-closed');
});

const outboxOptions = {
  acks: 'all',
  idempotent: true,
  compression: 'none',
  memoryLimit: 1_000_000,
  timeouts: { deliveryTimeout: 60_000, linger: 0 },
} as const;

const nameOf = ([listener, { sasl = 'no login', useTls }]: Way): string =>
  `${listener.replace(/\d+$/, 'port')}, ${sasl}${useTls ? ', TLS' : ''}`;

async function assertRefused(way: Way, key: string, sentence: RegExp): Promise<void> {
  await assert.rejects(attempt(way), (error) => {
    const { problem, action } = classifyError(error, 'tweets');
    assert.equal(problem.key, key, problem.message);
    assert.match(problem.message, sentence);
    assert.doesNotMatch(problem.message, /__|undefined|KafkaJS|not-hers|alice-secret|kept-to-ourselves/);
    assert.equal(action, 'retry');
    assert.ok(problem.short.length <= 32, problem.short);
    return true;
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClusterFields, unsavedCluster } from '../../../src/kafka/probe/unsaved-cluster';

const deployed: ClusterFields = {
  brokers: 'k1:9092, k2:9092',
  useTls: true,
  tls: 'c-tls',
  oauthTokenUrl: 'https://idp.example.com/token',
  password: 'stored-password',
  oauthClientSecret: 'stored-client-secret',
};
const { brokers, useTls, tls, oauthTokenUrl } = deployed;
const plain = { brokers, useTls, tls, sasl: 'plain', username: 'alice' };
const token = { brokers, useTls, tls, sasl: 'oauthbearer', oauthTokenUrl, oauthClientId: 'me' };
const variable = (name: string): string | undefined => (name === 'SET' ? 'its value' : undefined);
const unset = (): undefined => undefined;

test('unsaved cluster: stored secret and deployed target -> the stored secret', () => {
  for (const entered of [undefined, '__PWRD__']) {
    const password = { ...plain, password: entered };
    assert.equal(unsavedCluster(password, deployed, unset).password, 'stored-password');
    const secret = { ...token, oauthClientSecret: entered };
    assert.equal(unsavedCluster(secret, deployed, unset).oauthClientSecret, 'stored-client-secret');
  }
  const reordered = { ...plain, brokers: ' SSL://k2 ; k1:9092' };
  assert.equal(unsavedCluster(reordered, deployed, unset).password, 'stored-password');
});

test('unsaved cluster: stored secret or variable and another target -> rejected', () => {
  const others: ClusterFields[] = [
    { ...plain, brokers: 'thief:9092' },
    { ...plain, brokers: 'k1:9092,k2:9092,thief:9092' },
    { ...plain, brokers: 'k1:9092' },
    { ...plain, brokers: 'not a:broker' },
    { ...plain, useTls: false },
    { ...plain, tls: '' },
    { ...token, brokers: 'thief:9092' },
    { ...token, oauthTokenUrl: 'https://thief.example/token' },
  ];
  for (const fields of others) {
    assert.throws(() => unsavedCluster(fields, deployed, variable), { key: 'kafka-probe-stored' });
    const entered = { ...fields, password: 'entered', oauthClientSecret: 'entered' };
    assert.ok(unsavedCluster(entered, deployed, variable));
    assert.throws(() => unsavedCluster({ ...entered, clientId: '\u0024{SET}' }, deployed, variable), {
      key: 'kafka-probe-variable',
    });
  }
  assert.throws(() => unsavedCluster(plain, undefined, variable), { key: 'kafka-probe-stored' });
  const onVariable = { ...plain, brokers: '\u0024{BROKERS}' };
  assert.throws(() => unsavedCluster(onVariable, deployed, () => 'thief:9092'), {
    key: 'kafka-probe-stored',
  });
});

test('unsaved cluster: variables as parts of the addresses -> filled in; they decide about the target', () => {
  const hosts = (name: string): string | undefined => ({ K1: 'k1', IDP: 'idp.example.com' })[name];
  const fields = { ...token, brokers: '\u0024{K1}:9092,k2', oauthTokenUrl: 'https://\u0024{IDP}/token' };
  const filled = unsavedCluster(fields, deployed, hosts);
  assert.deepEqual(
    [filled.brokers, filled.oauthTokenUrl, filled.oauthClientSecret],
    ['k1:9092,k2', oauthTokenUrl, 'stored-client-secret'],
  );
  assert.throws(() => unsavedCluster(fields, deployed, () => 'thief'), { key: 'kafka-probe-stored' });
  const user = { ...plain, brokers: 'thief:9092', username: 'a\u0024{SET}', password: 'entered' };
  assert.throws(() => unsavedCluster(user, deployed, variable), { key: 'kafka-probe-variable' });
});

test('unsaved cluster: no SASL -> no credential is read', () => {
  const fields = { brokers: 'any:9092', sasl: 'none', username: '\u0024{SET}', password: '__PWRD__' };
  assert.deepEqual(unsavedCluster(fields, deployed, variable), {
    brokers: 'any:9092',
    useTls: false,
    tls: undefined,
    sasl: 'none',
    clientId: undefined,
  });
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../../dev/kafka/broker';
import type { Acl } from '../../../src/kafka/admin/acls/acls';
import type { Operation } from '../../../src/kafka/admin/operations';
import { type TestBroker, testBroker } from '../../kafka-broker';
import { type AdminRun, adminRun } from './admin-run';
import { kafkaTool } from './kafka-tools';

const alice = 'User:alice';
/** A principal of a certificate: one name, although it contains a comma. */
const dora = 'User:CN=dora,OU=news';

let broker: Broker;
let open: TestBroker;
let admin: AdminRun;

before(async () => {
  broker = await startBroker({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  });
  open = await testBroker();
  admin = adminRun(broker.brokers);
});
after(async () => {
  await admin?.close();
  await broker?.stop();
  await open?.stop();
});

const run = <Answer>(operation: Operation, more?: object): Promise<Answer> => admin.run(operation, more);

const acl = (operation: string, more: Partial<Acl> = {}): Acl => ({
  ...{ principal: alice, host: '*', operation, permission: 'allow', resource: 'topic', name: 'tweets' },
  ...{ pattern: 'literal', ...more },
});

/** The ACLs of a principal, as Kafka's tool prints them. */
async function told(principal: string): Promise<string[]> {
  const text = await kafkaTool('AclCommand', broker.brokers, '--list', '--principal', principal);
  return [...text.matchAll(/operation=(\w+), permissionType=(\w+)/g)]
    .map(([, operation, permission]) => `${operation} ${permission}`)
    .sort();
}

test('acls.create -> a dry run, then new ACLs; those that exist are none', async () => {
  const options = { resource: 'topic', name: 'tweets', operations: 'read, describe' };
  const both = [acl('describe'), acl('read')];
  assert.deepEqual(await run('acls.create', { target: alice, options }), { dryRun: true, acls: both });
  assert.deepEqual(await told(alice), []);
  assert.deepEqual(await run('acls.create', { target: alice, options, confirm: alice }), {
    ...{ dryRun: false, acls: both },
  });
  assert.deepEqual(await told(alice), ['DESCRIBE ALLOW', 'READ ALLOW']);
  const more = { ...options, operations: ['read', 'write'], permission: 'deny', host: '10.0.0.1' };
  assert.deepEqual(await run('acls.create', { target: dora, options: more, confirm: dora }), {
    dryRun: false,
    acls: ['read', 'write'].map((operation) =>
      acl(operation, { principal: dora, host: '10.0.0.1', permission: 'deny' }),
    ),
  });
  const again = await run<{ acls: Acl[] }>('acls.create', { target: alice, options, confirm: alice });
  assert.deepEqual(again.acls, []);
  await run('acls.create', {
    target: alice,
    options: { resource: 'cluster', operations: 'idempotentWrite' },
    confirm: alice,
  });
});

test('acls.list -> of a principal or of all, by resource, name, operation, permission', async () => {
  const cluster = acl('idempotentWrite', { resource: 'cluster', name: 'kafka-cluster' });
  const list = (target: string, options: object = {}): Promise<Acl[]> =>
    run('acls.list', { target, options });
  assert.deepEqual(await list(alice), [cluster, acl('describe'), acl('read')]);
  assert.equal((await list('')).length, 5);
  assert.deepEqual(await list(alice, { resource: 'cluster' }), [cluster]);
  assert.deepEqual(await list('', { operations: 'read', permission: 'allow' }), [acl('read')]);
  assert.deepEqual(await list(alice, { name: 'other' }), []);
});

test('acls.delete -> a dry run shows what matches; confirmed, only that goes', async () => {
  const options = { operations: ['read'] };
  assert.deepEqual(await run('acls.delete', { target: alice, options, confirm: dora }), {
    ...{ dryRun: true, acls: [acl('read')] },
  });
  assert.ok((await told(alice)).includes('READ ALLOW'));
  assert.deepEqual(await run('acls.delete', { target: alice, options, confirm: alice }), {
    ...{ dryRun: false, acls: [acl('read')] },
  });
  assert.deepEqual(await told(alice), ['DESCRIBE ALLOW', 'IDEMPOTENT_WRITE ALLOW']);
  assert.equal((await told(dora)).length, 2);
});

test('acls: invalid principal, missing options, no authorizer -> errors', async () => {
  for (const [operation, target, options, key] of [
    ['acls.list', 'alice', {}, 'principal-invalid'],
    ['acls.list', [alice, dora], {}, 'target-one'],
    ['acls.create', '', {}, 'target-none'],
    ['acls.create', alice, { name: 't' }, 'option-missing'],
    ['acls.create', alice, { resource: 'topic', operations: 'read' }, 'option-missing'],
    ['acls.create', alice, { resource: 'topic', name: 't' }, 'option-missing'],
    ['acls.list', alice, { operations: 'fly' }, 'option-invalid'],
  ] as const) {
    await assert.rejects(run(operation, { target, options }), { key }, `${operation} ${key}`);
  }
  const without = adminRun(open.brokers);
  await assert.rejects(without.run('acls.list'), { key: 'acls-disabled' });
  await without.close();
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../../dev/kafka/broker';
import type { ClusterDescription } from '../../../src/kafka/admin/cluster/describe-cluster';
import type { Operation } from '../../../src/kafka/admin/operations';
import type { TopicDescription } from '../../../src/kafka/admin/topics/describe-topics';
import { type AdminRun, adminRun } from './admin-run';

const password = 'secret-of-alice';
const alice = 'User:alice';
const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

let broker: Broker;
let admin: AdminRun;
let user: AdminRun;

before(async () => {
  broker = await startBroker({
    secured: { LOGIN: 'SASL_PLAINTEXT' },
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'listener.name.login.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.login.plain.sasl.jaas.config': `${login} user_alice="${password}";`,
    },
  });
  admin = adminRun(broker.brokers);
  user = adminRun(broker.secured.LOGIN ?? '', {
    sasl: { mechanism: 'plain', username: 'alice', password },
  });
  await admin.run('topics.ensure', { target: ['mine', 'theirs'], options: { partitions: 1 } });
  const options = { topics: 'mine', to: 'latest', create: true };
  await admin.run('groups.resetOffsets', { target: 'g', options, confirm: 'g' });
  const acl = { resource: 'topic', name: 'mine', operations: 'describe' };
  await admin.run('acls.create', { target: alice, options: acl, confirm: alice });
});
after(async () => {
  await user?.close();
  await admin?.close();
  await broker?.stop();
});

test('user with Describe on one topic -> sees that topic; null for what it may not see', async () => {
  assert.deepEqual(await user.run('topics.list'), ['mine']);
  const [mine] = await user.run<TopicDescription[]>('topics.describe', { target: 'mine' });
  assert.deepEqual(
    [mine?.bytes, mine?.configs, mine?.minIsr, mine?.underMinIsr, mine?.partitions[0]?.bytes],
    [null, null, null, null, null],
  );
  assert.equal(mine?.partitions.length, 1);
  const ensured = { target: 'mine', options: { partitions: 1, configs: { 'retention.ms': 5 } } };
  const [existing] = await user.run<Array<{ created: boolean }>>('topics.ensure', ensured);
  assert.equal(existing?.created, false);
  assert.equal((await user.run<object[]>('offsets.list', { target: 'mine' })).length, 1);
  assert.deepEqual(await user.run('groups.list'), []);
  const cluster = await user.run<ClusterDescription>('cluster.describe');
  assert.deepEqual([cluster.quorum, cluster.controller, cluster.brokers[0]?.folders], [null, null, null]);
  assert.equal(cluster.version, '4.3');
});

test('user without a permission -> each operation names it and the resource, and no password', async () => {
  const topic = 'topic “theirs”';
  const cases: Array<[Operation, object, string]> = [
    ['topics.describe', { target: 'theirs' }, `Describe on ${topic}`],
    ['topics.ensure', { target: 'new' }, 'Create on topic “new”'],
    ['topics.delete', { target: 'mine', confirm: 'mine' }, 'Delete on topic “mine”'],
    ['topics.addPartitions', { target: 'mine', options: { partitions: 2 } }, 'Alter on topic “mine”'],
    ['topics.empty', { target: 'theirs' }, `Describe on ${topic}`],
    ['offsets.list', { target: 'theirs' }, `Describe on ${topic}`],
    ['configs.describe', { target: 'mine' }, 'DescribeConfigs on topic “mine”'],
    [
      'configs.describe',
      { target: 'default', options: { resource: 'broker' } },
      'DescribeConfigs on the cluster',
    ],
    ['groups.describe', { target: 'g' }, 'Describe on group “g”'],
    ['groups.lag', { target: 'g' }, 'Describe on group “g”'],
    ['groups.resetOffsets', { target: 'g', options: { to: 'latest' } }, 'Describe on group “g”'],
    ['groups.delete', { target: 'g' }, 'Describe on group “g”'],
    ['acls.list', {}, 'Describe on the cluster'],
  ];
  for (const [operation, request, words] of cases) {
    await assert.rejects(user.run(operation, request), (error) => {
      const { key, message } = error as { key: string; message: string };
      assert.equal(key, 'not-authorized', `${operation}: ${message}`);
      assert.equal(message, `Not authorized: ${words}. Check this user's ACLs.`);
      assert.doesNotMatch(JSON.stringify(error) + message, new RegExp(password));
      return true;
    });
  }
});

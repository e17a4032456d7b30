import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KafkaJSConnectionError } from 'kafkajs';
import type { GroupDescription } from '../../src/kafka/admin/groups/describe-groups';
import type { GroupLag } from '../../src/kafka/admin/groups/group-lag';
import type { GroupListing } from '../../src/kafka/admin/groups/known-groups';
import { BrokerRequests } from '../../src/kafka/connection/broker-requests';
import { until } from '../../test/until';
import type { Release, ReleaseUnderTest } from './releases';

const [idle, live] = ['idle', 'live'];

/**
 * Tests the operations on groups.
 * @param topic its partition 0 has one record, its partition 1 three
 */
export function testGroups(release: Release, topic: string, tested: () => ReleaseUnderTest): void {
  const { groupType: type, keepsEmptyGroup } = release;
  const run: ReleaseUnderTest['run'] = (...request) => tested().run(...request);
  const change: ReleaseUnderTest['change'] = (...request) => tested().change(...request);
  const byType = (types: string): Promise<GroupListing[]> => run('groups.list', '', { types });

  it('groups.resetOffsets, groups.list -> a group; by type: broker-too-old in Kafka 3.7', async () => {
    const options = { topics: topic, to: 'earliest', create: true };
    const row = { topic, before: null, after: '0' };
    await change('groups.resetOffsets', idle, options, {
      group: idle,
      partitions: [1, 3].map((lag, partition) => ({ ...row, partition, lag })),
    });
    const listed = [{ group: idle, type, protocol: '', state: 'Empty' }];
    assert.deepEqual(await run('groups.list'), listed);
    assert.deepEqual(await run('groups.list', '', { states: 'empty' }), listed);
    assert.deepEqual(await run('groups.list', '', { states: 'stable' }), []);
    if (type === null) {
      await assert.rejects(byType('classic'), {
        key: 'broker-too-old',
        message: 'The broker is too old: ListGroups with types needs Kafka 3.8 or later.',
      });
    } else {
      assert.deepEqual(await byType('classic'), listed);
      assert.deepEqual(await byType('consumer, share'), []);
    }
  });

  it('groups.describe, groups.lag -> members and what they read; their offsets are not changed', async () => {
    const consumer = tested().kafka.consumer({ groupId: live, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => {} });
    let lags: GroupLag[] = [];
    await until(async () => {
      lags = await run<GroupLag[]>('groups.lag', [idle, live]).catch(() => []);
      const rows = lags[1]?.partitions ?? [];
      return rows.length === 2 && rows.every(({ lag }) => lag === 0);
    }, 'both partitions to be read');
    const described = await run<GroupDescription[]>('groups.describe', [idle, live]);
    const member = described[1]?.members[0]?.member ?? '';
    assert.match(member, /^kafkajs-/);
    const reader = { member, client: 'kafkajs', host: '/127.0.0.1' };
    const empty = { group: idle, type, coordinator: 1, protocol: '', state: 'Empty' };
    const active = { group: live, type, coordinator: 1, protocol: 'consumer', state: 'Stable' };
    const members = [{ ...reader, topics: [{ topic, partitions: [0, 1] }] }];
    assert.deepEqual(described, [
      { ...empty, assignor: '', members: [] },
      { ...active, assignor: 'RoundRobinAssigner', members },
    ]);
    const rows = (committed: string[], from: object): object[] =>
      ['1', '3'].map((latest, partition) => {
        const lag = Number(latest) - Number(committed[partition]);
        return { topic, partition, committed: committed[partition], latest, lag, ...from };
      });
    const none = { member: null, client: null, host: null };
    assert.deepEqual(lags, [
      { group: idle, state: 'Empty', lag: 4, partitions: rows(['0', '0'], none) },
      { group: live, state: 'Stable', lag: 0, partitions: rows(['1', '3'], reader) },
    ]);
    for (const [operation, options, key] of [
      ['groups.resetOffsets', { to: 'earliest' }, 'group-active'],
      ['groups.delete', {}, 'group-active'],
      ['groups.deleteOffsets', {}, 'group-subscribed'],
    ] as const) {
      await assert.rejects(run(operation, live, options, live), { key });
    }
    await consumer.disconnect();
  });

  it('groups.deleteOffsets -> in Kafka 3.9 and 3.7 the group is gone with its last offset', async () => {
    const partitions = [0, 1].map((partition) => ({ topic, partition, before: '0' }));
    await change('groups.deleteOffsets', idle, {}, { group: idle, partitions });
    const groups = (await run<GroupListing[]>('groups.list')).map(({ group }) => group);
    assert.equal(groups.includes(idle), keepsEmptyGroup);
  });

  it('groups.deleteOffsets: the answer is lost -> a retry finds them deleted', async () => {
    await run('groups.resetOffsets', idle, { topics: topic, to: 'latest', create: true }, idle);
    const { send } = BrokerRequests.prototype;
    const lost = new KafkaJSConnectionError('Connection reset', { code: 'ECONNRESET' });
    let sent = 0;
    BrokerRequests.prototype.send = async function loseFirst(request, broker) {
      const answer = await send.call(this, request, broker);
      if (request.name === 'OffsetDelete' && ++sent === 1) throw lost;
      return answer as never;
    };
    try {
      await run('groups.deleteOffsets', idle, {}, idle);
    } finally {
      BrokerRequests.prototype.send = send;
    }
    assert.equal(sent, 2);
  });

  it('groups.delete -> the group is gone', async () => {
    const groups = [{ group: live, type, state: 'Empty', offsets: 2 }];
    await change('groups.delete', live, {}, { groups });
    await assert.rejects(run('groups.lag', live), { key: 'group-not-found' });
  });
}

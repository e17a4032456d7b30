import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Admin, KafkaJSProtocolError } from 'kafkajs';
import { administer } from '../../../src/kafka/admin/administrator';
import { KafkaProblem } from '../../../src/kafka/kafka-problem';
import { Problem } from '../../../src/util/problem';

const open = new AbortController().signal;
const silent = { use: () => new Promise<never>(() => {}) };

/** The names of the calls that the cluster received; `fail` holds what the next uses of the client throw. */
function clusterWith(topics: string[], fail: unknown[] = []) {
  const calls: string[] = [];
  const partitions = [{ partitionId: 0, leader: 0, replicas: [0], isr: [0] }];
  const admin = {
    listTopics: async () => {
      calls.push('listTopics');
      return topics;
    },
    fetchTopicMetadata: async () => {
      calls.push('fetchTopicMetadata');
      return { topics: topics.map((name) => ({ name, partitions })) };
    },
    deleteTopics: async () => void calls.push('deleteTopics'),
  };
  const client = {
    async use<T>(run: (client: Admin) => Promise<T>): Promise<T> {
      if (fail.length > 0) throw fail.shift();
      return run(admin as unknown as Admin);
    },
  };
  return { calls, client };
}

const list = { operation: 'topics.list', target: '', options: {}, confirm: false };

test('administer: unreachable, then reachable -> the result', async () => {
  const { client } = clusterWith(['tweets'], [new KafkaProblem('TOKEN_SERVER_UNREACHABLE', { cause: 'x' })]);
  assert.deepEqual(await administer(client, list, 10_000, open), ['tweets']);
});

test('administer: a rejected login or a final answer -> admin-failed at once, with the cause', async () => {
  const rejected = new KafkaProblem('SASL_REJECTED', { user: 'alice' });
  const final = { type: 'INVALID_PARTITIONS', code: 37, message: 'Invalid partitions', retriable: false };
  const answer = new KafkaJSProtocolError(final as never);
  for (const [thrown, key] of [
    [rejected, 'sasl-refused'],
    [answer, 'broker-answered'],
  ] as const) {
    const { client } = clusterWith([], [thrown]);
    await assert.rejects(administer(client, list, 10_000, open), (error) => {
      assert.ok(error instanceof Problem && error.params.cause instanceof Problem);
      assert.deepEqual([error.key, error.params.cause.key], ['admin-failed', key]);
      return true;
    });
  }
});

test('administer: no answer in time, or closing -> admin-timeout with the last cause', async () => {
  const isTimeout = (key: string) => (error: unknown) =>
    error instanceof Problem && error.key === 'admin-timeout' && (error.params.cause as Problem).key === key;
  await assert.rejects(administer(silent, list, 20, open), isTimeout('cluster-silent'));
  const closing = new AbortController();
  const closed = administer(silent, list, 10_000, closing.signal);
  closing.abort();
  await assert.rejects(closed, isTimeout('cluster-silent'));
  const failing = clusterWith([], [new KafkaProblem('NOT_KAFKA')]);
  await assert.rejects(administer(failing.client, list, 20, open), isTimeout('not-kafka'));
});

test('administer: garbage is collected while it waits -> admin-timeout all the same', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const waiting = administer(silent, list, 50, open);
  setImmediate(collectGarbage);
  await assert.rejects(waiting, { key: 'admin-timeout' });
});

test('administer: a Problem of the operation itself -> that Problem at once', async () => {
  const { client } = clusterWith(['tweets']);
  const describe = { ...list, operation: 'topics.describe', target: 'other' };
  await assert.rejects(administer(client, describe, 10_000, open), { key: 'topic-not-found' });
  const closed = clusterWith([], [new Problem('closing')]);
  await assert.rejects(administer(closed.client, list, 10_000, open), { key: 'closing' });
});

test('administer: topics.delete describes the topics once, and deletes them only if confirmed', async () => {
  for (const confirm of [false, 'tweets']) {
    const { calls, client } = clusterWith(['tweets']);
    const request = { ...list, operation: 'topics.delete', target: 'tweets', confirm };
    const result = (await administer(client, request, 10_000, open)) as { deleted: boolean };
    assert.equal(result.deleted, confirm !== false);
    const described = ['listTopics', 'fetchTopicMetadata'];
    assert.deepEqual(calls, confirm ? [...described, 'deleteTopics'] : described);
  }
});

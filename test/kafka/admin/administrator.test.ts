import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KafkaJSProtocolError } from 'kafkajs';
import type { AdminClient } from '../../../src/kafka/admin/admin-client';
import { administer } from '../../../src/kafka/admin/administrator';
import { KafkaProblem } from '../../../src/kafka/kafka-problem';
import { Problem } from '../../../src/util/problem';
import { until } from '../../until';
import { fakeCluster } from './fake-cluster';

const open = new AbortController().signal;
const silent = { use: () => new Promise<never>(() => {}) };

const list = { operation: 'topics.list', target: '', options: {}, confirm: false };

test('administer: unreachable, then reachable -> the result', async () => {
  const { client } = fakeCluster(['tweets'], {
    fail: [new KafkaProblem('TOKEN_SERVER_UNREACHABLE', { cause: 'x' })],
  });
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
    const { client } = fakeCluster([], { fail: [thrown] });
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
  const failing = fakeCluster([], { fail: [new KafkaProblem('NOT_KAFKA')] });
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
  const { client } = fakeCluster(['tweets']);
  const describe = { ...list, operation: 'topics.describe', target: 'other' };
  await assert.rejects(administer(client, describe, 10_000, open), { key: 'topic-not-found' });
  const closed = fakeCluster([], { fail: [new Problem('closing')] });
  await assert.rejects(administer(closed.client, list, 10_000, open), { key: 'closing' });
});

test('administer: topics.delete describes the topics once, and deletes them only if confirmed', async () => {
  for (const confirm of [false, 'tweets']) {
    const { calls, client } = fakeCluster(['tweets']);
    const request = { ...list, operation: 'topics.delete', target: 'tweets', confirm };
    const result = (await administer(client, request, 10_000, open)) as { deleted: boolean };
    assert.equal(result.deleted, confirm !== false);
    const described = ['Metadata', 'DescribeConfigs', 'DescribeLogDirs'];
    assert.deepEqual(calls, confirm ? [...described, 'DeleteTopics'] : described);
  }
});

test('administer: options that would be dropped or changed -> error; the others reach Kafka as they are', async () => {
  const { client, created, calls } = fakeCluster([]);
  const ensure = (options: unknown): Promise<unknown> =>
    administer(client, { operation: 'topics.ensure', target: 't', options, confirm: false }, 10_000, open);
  const configs = {
    'retention.ms': 86_400_000,
    'cleanup.policy': 'compact',
    preallocate: true,
    left: undefined,
  };
  await ensure({ partitions: '3', replicationFactor: 1, configs });
  assert.deepEqual(created, [
    {
      topic: 't',
      partitions: 3,
      replicationFactor: 1,
      configs: { 'retention.ms': '86400000', 'cleanup.policy': 'compact', preallocate: 'true' },
    },
  ]);
  const bad: Array<[unknown, string]> = [
    [{ partition: 3 }, 'option-unknown'],
    [new Map([['partitions', 3]]), 'options-invalid'],
    [[], 'options-invalid'],
    [{ configs: new Map([['retention.ms', '1']]) }, 'option-invalid'],
    [{ configs: { 'retention.ms': null } }, 'option-invalid'],
    [{ configs: { 'retention.ms': { days: 1 } } }, 'option-invalid'],
    [{ configs: { 'cleanup.policy': ['compact', 'delete'] } }, 'option-invalid'],
    [{ configs: { 'retention.ms': Number.NaN } }, 'option-invalid'],
    [{ partitions: true }, 'option-invalid'],
    [{ partitions: [3] }, 'option-invalid'],
    [{ partitions: '0x3' }, 'option-invalid'],
    [{ replicationFactor: 1.5 }, 'option-invalid'],
  ];
  for (const [options, key] of bad) await assert.rejects(ensure(options), { key }, JSON.stringify(options));
  await assert.rejects(administer(client, { ...list, options: { internal: 'true' } }, 10_000, open), {
    key: 'option-invalid',
  });
  assert.equal(calls.filter((name) => name === 'CreateTopics').length, 1);
});

test('administer: the only one that holds its limit -> answers at the limit, whatever is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const silent = { use: () => new Promise<never>(() => {}) };
  let answer: unknown;
  administer(silent, list, 300, new AbortController().signal).catch((error: unknown) => {
    answer = error;
  });
  await until(
    () => {
      collectGarbage();
      return answer;
    },
    'the answer',
    5000,
  );
  assert.ok(answer instanceof Problem && answer.key === 'admin-timeout');
});

test('administer: a client that connects after the limit -> nothing is done', async () => {
  const { calls, client } = fakeCluster(['tweets']);
  let connected = (): void => {};
  const late = {
    async use(run, own) {
      await new Promise<void>((resolve) => {
        connected = resolve;
      });
      return client.use(run, own);
    },
  } satisfies Pick<AdminClient, 'use'>;
  const request = { ...list, operation: 'topics.delete', target: 'tweets', confirm: true };
  await assert.rejects(administer(late, request, 20, open), { key: 'admin-timeout' });
  connected();
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.deepEqual(calls, []);
  const closed = AbortSignal.abort();
  await assert.rejects(administer(client, request, 10_000, closed), { key: 'admin-timeout' });
  assert.deepEqual(calls, []);
});

test('administer: a failed attempt -> its cause is reported, then the next attempt', async () => {
  const { client } = fakeCluster(['tweets'], { fail: [new KafkaProblem('NOT_KAFKA')] });
  const causes: string[] = [];
  await administer(client, list, 10_000, open, ({ key }) => causes.push(key));
  assert.deepEqual(causes, ['not-kafka']);
});

const policyViolation = 44;
const topicAlreadyExists = 36;
const ensure = { operation: 'topics.ensure', target: 'a,b', options: {}, confirm: false };

test('administer: several topics, one rejected -> the error names those done before', async () => {
  const { client, created } = fakeCluster([], { creation: { b: [policyViolation] } });
  await assert.rejects(administer(client, ensure, 10_000, open), (error) => {
    assert.ok(error instanceof Problem && error.params.cause instanceof Problem);
    assert.deepEqual([error.key, error.params.cause.key], ['admin-failed', 'cause-partly-done']);
    assert.equal(error.params.cause.params.done, 'a');
    return true;
  });
  assert.deepEqual(
    created.map(({ topic }) => topic),
    ['a'],
  );
});

test('administer: a retry after a lost answer -> goes on; what the first attempt created counts', async () => {
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const { client, created } = fakeCluster([], { creation: { b: [lost, topicAlreadyExists] } });
  const result = (await administer(client, ensure, 10_000, open)) as Array<Record<string, unknown>>;
  assert.deepEqual(
    result.map(({ topic, created: isNew }) => [topic, isNew]),
    [
      ['a', true],
      ['b', true],
    ],
  );
  assert.deepEqual(
    created.map(({ topic }) => topic),
    ['a'],
  );
});

test('administer: rejected after a lost answer -> admin-failed-in-doubt', async () => {
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const { client } = fakeCluster([], { creation: { a: [lost, policyViolation] } });
  await assert.rejects(administer(client, ensure, 10_000, open), { key: 'admin-failed-in-doubt' });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { AdminClient } from '../../../src/kafka/admin/admin-client';
import { RetentionWarnings } from '../../../src/kafka/admin/topic-retention';
import type { BrokerRequests } from '../../../src/kafka/connection/broker-requests';
import type { ApiRequest } from '../../../src/kafka/protocol/api-request';
import { WireReader, WireWriter } from '../../../src/kafka/protocol/wire';
import type { Problem } from '../../../src/util/problem';
import { FakeClock } from '../delivery/fake-clock';
import { nextTurn } from '../delivery/fake-writers';

const minute = 60_000;
const day = 86_400_000;

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['Date']);
  clock.tick(100 * day);
});
afterEach(() => clock.reset());

/** Warnings about topics with these configs; `asked` are the topics that the cluster was asked about. */
function warningsWith(configs: Record<string, string> | Error): {
  warnings: RetentionWarnings;
  warned: Problem[];
  asked: string[];
} {
  const warned: Problem[] = [];
  const asked: string[] = [];
  const requests = {
    async send(request: ApiRequest<unknown>) {
      const topic = topicIn(request);
      asked.push(topic);
      if (configs instanceof Error) throw configs;
      const entries = Object.entries(configs).map(([name, value]) => ({ name, value }));
      return [{ errorCode: 0, name: topic, configs: entries }];
    },
  };
  const use: AdminClient['use'] = (run) => run(requests as unknown as BrokerRequests);
  return { warnings: new RetentionWarnings({ use }, (problem) => warned.push(problem)), warned, asked };
}

/** The first resource of a DescribeConfigs request. */
function topicIn(request: ApiRequest<unknown>): string {
  const body = new WireWriter(false);
  request.encode(body, 2);
  const sent = new WireReader(body.bytes(), false);
  sent.int32();
  sent.int8();
  return sent.string();
}

const oneDay = { 'cleanup.policy': 'delete', 'retention.ms': String(day) };

test('retention: timestamp older -> one warning per topic, with age and retention', async () => {
  const { warnings, warned, asked } = warningsWith(oneDay);
  const old = Date.now() - 30 * day;
  for (const topic of ['a', 'a', 'b', 'a']) warnings.check(topic, old);
  await nextTurn();
  for (let left = 100; left > 0; left--) warnings.check('a', old);
  await nextTurn();
  assert.deepEqual(
    warned.map(({ key, params }) => [key, params]),
    ['a', 'b'].map((topic) => ['timestamp-expired', { topic, age: '30 d', retention: '24 h' }]),
  );
  assert.deepEqual(asked, ['a', 'b']);
});

test('retention: young timestamp -> the cluster is not asked; within the retention -> no warning', async () => {
  const { warnings, warned, asked } = warningsWith(oneDay);
  for (const age of [0, -1000, minute - 1]) warnings.check('a', Date.now() - age);
  assert.deepEqual(asked, []);
  for (let left = 100; left > 0; left--) warnings.check('a', Date.now() - day + minute);
  await nextTurn();
  assert.deepEqual([warned, asked], [[], ['a']]);
  // What is known is compared at once.
  warnings.check('a', Date.now() - day - minute);
  assert.equal(warned.length, 1);
});

test('retention: unlimited, or the topic is only compacted -> no warning; changed later -> a warning', async () => {
  const configs: Record<string, string> = { ...oneDay, 'retention.ms': '-1' };
  const compacted = warningsWith({ ...oneDay, 'cleanup.policy': 'compact' });
  const { warnings, warned, asked } = warningsWith(configs);
  for (const one of [warnings, compacted.warnings]) one.check('a', 0);
  await nextTurn();
  configs['retention.ms'] = String(day);
  clock.tick(9 * minute);
  warnings.check('a', 0);
  await nextTurn();
  assert.deepEqual([compacted.warned, warned, asked.length], [[], [], 1]);
  clock.tick(2 * minute);
  warnings.check('a', 0);
  await nextTurn();
  assert.deepEqual([warned.length, asked.length], [1, 2]);
});

test('retention: not permitted to ask, or closed -> no warning, no error', async () => {
  const denied = warningsWith(new Error('TOPIC_AUTHORIZATION_FAILED'));
  denied.warnings.check('a', 0);
  await nextTurn();
  denied.warnings.check('a', 0);
  await nextTurn();
  assert.deepEqual([denied.warned, denied.asked], [[], ['a']]);
  const ended = warningsWith(oneDay);
  ended.warnings.check('a', 0);
  ended.warnings.close();
  ended.warnings.check('b', 0);
  await nextTurn();
  assert.deepEqual([ended.warned, ended.asked], [[], ['a']]);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TopicOffsets } from '../../../src/kafka/admin/offsets/list-offsets';
import { readTopic } from '../../kafka-broker';
import { until } from '../../until';
import { outboxOn } from '../test-outbox';
import { type AdminSetup, setUpAdmin } from './admin-run';

const topic = `changing-${process.pid}-${Date.now()}`;
const keys = 5;

let setup: AdminSetup;

before(async () => {
  setup = await setUpAdmin();
});
after(async () => {
  await setup?.close();
});

test('topic emptied, extended, deleted and created again while kafka-out writes -> no failed record, keys in order', async () => {
  const change = (operation: 'topics.empty' | 'topics.addPartitions' | 'topics.delete', options = {}) =>
    setup.run(operation, { target: topic, options, confirm: topic });
  const create = (partitions: number) =>
    setup.run('topics.ensure', { target: topic, options: { partitions, configs: { 'retention.ms': -1 } } });
  await create(2);
  const { outbox, end } = outboxOn(setup.broker.brokers);
  const answers: Array<Promise<unknown>> = [];
  const load = setInterval(() => {
    for (let count = 0; count < 5; count++) {
      const id = answers.length;
      answers.push(outbox.send(topic, { key: `k${id % keys}`, value: `${id}` }));
    }
  }, 10);
  const moreAcknowledged = async (): Promise<void> => {
    const wanted = outbox.counters.acked + 300;
    await until(() => outbox.counters.acked > wanted, 'more records', 60_000);
  };
  let sentBefore = 0;
  try {
    await moreAcknowledged();
    await change('topics.empty');
    const [emptied] = await setup.run<TopicOffsets[]>('offsets.list', { target: topic });
    assert.ok(emptied?.partitions.every(({ earliest }) => earliest !== '0'));
    await moreAcknowledged();
    await change('topics.addPartitions', { partitions: 4 });
    await moreAcknowledged();
    await change('topics.delete');
    await create(3);
    sentBefore = answers.length;
    await moreAcknowledged();
  } finally {
    clearInterval(load);
  }
  await Promise.all(answers);
  assert.equal(outbox.counters.failed, 0);
  await end();

  // What was acknowledged before the topic was deleted is gone with it.
  const expected = Array.from({ length: answers.length - sentBefore }, (_, at) => sentBefore + at);
  const ids: number[] = [];
  await until(async () => {
    const [listed] = await setup.run<TopicOffsets[]>('offsets.list', { target: topic });
    return (listed?.records ?? 0) >= expected.length;
  }, 'the records in the topic');
  const [listed] = await setup.run<TopicOffsets[]>('offsets.list', { target: topic });
  const last = new Map<string, number>();
  for (const { key, value } of await readTopic(setup.broker.brokers, topic, listed?.records ?? 0)) {
    const id = Number(value);
    if (ids.includes(id)) continue;
    ids.push(id);
    assert.ok(id > (last.get(String(key)) ?? -1), `${id} in order of ${key}`);
    last.set(String(key), id);
  }
  assert.deepEqual(
    expected.filter((id) => !ids.includes(id)),
    [],
  );
});

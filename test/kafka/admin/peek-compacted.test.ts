import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Peeked } from '../../../src/kafka/admin/records/peek';
import { until } from '../../until';
import { type AdminSetup, setUpAdmin } from './admin-run';
import { kafkaTool } from './kafka-tools';

const topic = `compacted-${process.pid}-${Date.now()}`;
const keys = 4;
const rounds = 10;

let setup: AdminSetup;

before(async () => {
  setup = await setUpAdmin();
});
after(async () => {
  await setup?.close();
});

const peek = (options: object = {}): Promise<Peeked> =>
  setup.run('records.peek', { target: topic, options: { format: 'text', ...options } });

const offsetsOf = ({ records }: Peeked): number[] => records.map(({ offset }) => Number(offset));

/** The cleaner's pause between its runs. */
const setPause = (change: object): Promise<unknown> => {
  const options = { resource: 'broker', ...change };
  return setup.run('configs.change', { target: 'default', options, confirm: 'default' });
};

test('records.peek: compacted topic with gaps -> as Kafka’s consumer; last, limit and offsets count what is there', async () => {
  const configs = {
    ...{ 'cleanup.policy': 'compact', 'retention.ms': -1, 'segment.ms': 100 },
    ...{ 'min.cleanable.dirty.ratio': 0.01, 'max.compaction.lag.ms': 100 },
  };
  await setup.run('topics.ensure', { target: topic, options: { partitions: 1, configs } });
  await setPause({ set: { 'log.cleaner.backoff.ms': 200 } });
  try {
    // Of an idempotent producer's last batch, the cleaner leaves the header without records.
    const producer = setup.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let round = 0; round < rounds; round++) {
      for (let key = 0; key < keys; key++) {
        const value = round === 5 && key === 0 ? null : `${round}`;
        await producer.send({ topic, messages: [{ key: `k${key}`, value }] });
      }
    }
    await producer.disconnect();
    // Each append may begin a new segment; only those before the last one are cleaned.
    await until(async () => {
      await setup.producer.send({ topic, messages: [{ key: 'last', value: 'x' }] });
      return (await peek()).records.filter(({ key }) => key !== 'last').length === keys;
    }, 'the cleaner to leave one record of each key');
  } finally {
    await setPause({ unset: ['log.cleaner.backoff.ms'] });
  }
  const all = await peek();
  const [partition] = all.partitions;
  const told = await kafkaTool(
    'ConsoleConsumer',
    setup.broker.brokers,
    ...['--topic', topic, '--from-beginning', '--max-messages', String(all.records.length)],
    ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.offset=true'],
  );
  assert.deepEqual(
    all.records.map(({ offset, key, value }) => `Offset:${offset}\t${key}\t${value}`),
    told.trim().split('\n'),
  );
  assert.equal(all.stopped, 'end');
  assert.equal(partition?.next, partition?.latest);
  const offsets = offsetsOf(all);
  // Four of the first 40 are left.
  assert.ok((offsets[3] ?? 0) >= keys * (rounds - 1));

  assert.deepEqual(offsetsOf(await peek({ last: 3 })), offsets.slice(-3).reverse());
  assert.deepEqual(offsetsOf(await peek({ last: offsets.length + 5 })).sort(ascending), offsets);
  assert.deepEqual(offsetsOf(await peek({ offset: 1 })), offsets);
  const two = await peek({ limit: 2 });
  assert.deepEqual([offsetsOf(two), two.stopped], [offsets.slice(0, 2), 'limit']);
  const rest = await peek({ offset: two.partitions[0]?.next });
  assert.deepEqual(offsetsOf(rest), offsets.slice(2));
  await assert.rejects(setup.run('topics.empty', { target: topic, confirm: topic }), {
    key: 'records-compacted',
  });
});

const ascending = (one: number, other: number): number => one - other;

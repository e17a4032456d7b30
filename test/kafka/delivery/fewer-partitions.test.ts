import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { partitionOf } from '../../../src/kafka/delivery/partitioner';
import { FakeClock } from './fake-clock';
import { settled, writerOf } from './writer-requests';

const partitionsBefore = 6;
const partitionsAfter = 2;
const key = Buffer.from('k4');

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['setTimeout', 'setInterval']);
});
afterEach(() => clock.reset());

test('topic re-created with fewer partitions: records of a key -> in order, those in flight first', async () => {
  const gone = partitionOf(key, partitionsBefore);
  const left = partitionOf(key, partitionsAfter);
  assert.ok(gone >= partitionsAfter);
  let partitions = partitionsBefore;
  const { writer, write, requests, refresh } = writerOf(async () => partitions);
  await refresh();
  for (const value of ['in flight', 'pending']) {
    write({ key, value });
    await settled();
  }
  partitions = partitionsAfter;
  await refresh();
  write({ key, value: 'new' });
  await settled();
  const sent = (): unknown[] => requests.map(({ partition, values }) => [partition, values]);
  assert.equal(writer.partitions, undefined);
  assert.deepEqual(sent(), [[gone, ['in flight']]]);

  requests[0]?.reject(
    Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' }),
  );
  await settled();
  assert.equal(writer.partitions, partitionsAfter);
  assert.deepEqual(sent().slice(1), [[left, ['in flight', 'pending', 'new']]]);
  await writer.close();
});

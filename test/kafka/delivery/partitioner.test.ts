import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, Partitioner, partitionOf } from '../../../src/kafka/delivery/partitioner';
import { toRecord } from '../../../src/kafka/delivery/record/record';

const keyless = toRecord({ value: 'x' }, 0);
const keyed = toRecord({ value: 'x', key: 'a' }, 0);

test('partitioner: keyless records -> one partition until a batch is sent to it', () => {
  const partitioner = new Partitioner(() => false);
  const first = partitioner.choose(keyless, 6);
  for (let i = 0; i < 20; i++) assert.equal(partitioner.choose(keyless, 6), first);
  partitioner.batchSent(first);
  const later = new Set(
    Array.from({ length: 200 }, () => {
      const chosen = partitioner.choose(keyless, 6);
      partitioner.batchSent(chosen);
      return chosen;
    }),
  );
  assert.equal(later.size, 6);
});

test('partitioner: failing partition -> keyless records take another', () => {
  const failing = new Set<number>();
  const partitioner = new Partitioner((partition) => failing.has(partition));
  const first = partitioner.choose(keyless, 3);
  failing.add(first);
  const second = partitioner.choose(keyless, 3);
  assert.notEqual(second, first);
  assert.equal(partitioner.choose(keyless, 3), second);
  for (const partition of [0, 1, 2]) failing.add(partition);
  // Where all fail, one batch gathers in one partition.
  assert.equal(partitioner.choose(keyless, 3), second);
  assert.equal(partitioner.choose(keyless, 3), second);
});

test('partitioner: key or requested partition -> decides, failing or not', () => {
  const healthy = new Partitioner(() => false).choose(keyed, 6);
  const partitioner = new Partitioner(() => true);
  assert.equal(partitioner.choose(keyed, 6), healthy);
  assert.equal(partitioner.choose(toRecord({ value: 'x', key: 'a', partition: 4 }, 0), 6), 4);
});

test('partitioner: partition that no longer exists -> another', () => {
  const partitioner = new Partitioner(() => true);
  for (let tries = 0; partitioner.choose(keyless, 9) < 3 && tries < 1000; tries++) {
    partitioner.batchSent(partitioner.choose(keyless, 9));
  }
  assert.ok(partitioner.choose(keyless, 3) < 3);
});

// The vectors of Kafka's own UtilsTest.testMurmur2.
const vectors: Array<[string, number]> = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

test('murmur2: vectors of the Java client -> its hashes and partitions', () => {
  for (const [text, hash] of vectors) {
    assert.equal(murmur2(Buffer.from(text)), hash, text);
    for (const count of [1, 3, 7])
      assert.equal(partitionOf(Buffer.from(text), count), (hash & 0x7fffffff) % count);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, partitionOf } from '../../../src/kafka/delivery/murmur2';

// The vectors of Kafka's own UtilsTest.testMurmur2.
const vectors: Array<[string, number]> = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

test('murmur2 gives what the Java client gives', () => {
  for (const [text, hash] of vectors) assert.equal(murmur2(Buffer.from(text)), hash, text);
});

test('a key keeps its partition, below the count', () => {
  for (const count of [1, 3, 7]) {
    for (const [text] of vectors) {
      const partition = partitionOf(Buffer.from(text), count);
      assert.ok(partition >= 0 && partition < count);
      assert.equal(partition, partitionOf(Buffer.from(text), count));
    }
  }
  assert.equal(partitionOf(Buffer.from('foobar'), 6), (-790332482 & 0x7fffffff) % 6);
});

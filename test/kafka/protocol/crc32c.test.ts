import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import theirs from 'kafkajs/src/protocol/recordBatch/crc32C';
import { crc32c } from '../../../src/kafka/protocol/crc32c';

test('crc32c: the standard check value', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(0)), 0);
});

test('crc32c: any bytes -> the same as kafkajs', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 3000, size: 'max' }));
  fc.assert(
    fc.property(bytes, fc.nat(8), (all, from) => {
      const part = Buffer.from(all.buffer, all.byteOffset, all.length).subarray(from);
      assert.equal(crc32c(part), theirs(part));
    }),
    { numRuns: 300 },
  );
});

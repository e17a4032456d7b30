import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decompressRecords, maxUnpackedBytes } from '../../../src/kafka/compression/decompress';
import { encodeProduce } from '../../../src/kafka/protocol/produce-request';
import { readBatches, readRecords } from '../../../src/kafka/protocol/record-batch';

const message = { key: Buffer.from('k'), value: Buffer.from('v'), timestamp: '1000' };

/** The batch of a Produce request with these messages. */
async function batchOf(messages: Array<typeof message>): Promise<Buffer> {
  const topicData = [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }];
  const body = await encodeProduce({ acks: -1, timeout: 0, topicData });
  return body.subarray(2 + 2 + 4 + 4 + 2 + 1 + 4 + 8);
}

test('record batch: as kafka-out encodes it -> its records', async () => {
  const messages = [message, { ...message, timestamp: '3000' }];
  const [batch] = readBatches(await batchOf(messages));
  assert.ok(batch);
  assert.deepEqual(
    readRecords(batch, batch.data).map(({ offset, timestamp, value }) => [offset, timestamp, String(value)]),
    [
      [0n, 1000n, 'v'],
      [1n, 3000n, 'v'],
    ],
  );
});

test('record batches: a cut one at the end -> left out; an old format -> an error', async () => {
  const bytes = await batchOf([message]);
  assert.equal(readBatches(Buffer.concat([bytes, bytes.subarray(0, -1)])).length, 1);
  bytes.writeInt8(1, 16);
  assert.throws(() => readBatches(bytes), /old format/);
});

test('record batches: any bytes, or some changed -> records or a RangeError', async () => {
  const valid = await batchOf(Array.from({ length: 5 }, () => message));
  const changed = fc
    .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Buffer.from(valid);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
  const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(changed, any), (bytes) => {
      try {
        for (const batch of readBatches(bytes)) readRecords(batch, batch.data);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 10_000 },
  );
});

test('decompress: more than 64 MB -> an error; damaged or of an unknown format -> an error', async () => {
  const bomb = gzipSync(Buffer.alloc(maxUnpackedBytes + 1));
  await assert.rejects(decompressRecords(1, bomb), /more than 64 MB/);
  for (const compression of [1, 2, 3, 4]) {
    await assert.rejects(decompressRecords(compression, Buffer.from('no compressed data')));
  }
  await assert.rejects(decompressRecords(7, Buffer.alloc(1)), { key: 'compression-unknown' });
});

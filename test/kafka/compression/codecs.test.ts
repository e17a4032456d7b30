import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import type { NodeAPI } from 'node-red';
import { outboxOptions } from '../../../nodes/kafka-out/options';
import { properties } from '../../../nodes/kafka-out/properties';
import { kafkajsCompression, loadCodec, usableCompression } from '../../../src/kafka/compression';
import type { Codec } from '../../../src/kafka/compression/codec';
import { lz4Codec } from '../../../src/kafka/compression/lz4';
import { snappyCodec } from '../../../src/kafka/compression/snappy';
import { zstdCodec } from '../../../src/kafka/compression/zstd';
import { SavedProperties } from '../../../src/node-red/saved-properties';
import type { Problem } from '../../../src/util/problem';

const hasZstd = 'zstdCompress' in zlib;
const codecs: Record<string, Codec> = { snappy: snappyCodec(), lz4: lz4Codec() };
if (hasZstd) codecs.zstd = zstdCodec();

/** Compressible and incompressible bytes, also more than a block of a codec. */
const bytes = fc
  .tuple(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), fc.integer({ min: 1, max: 60 }))
  .map(([parts, times]) => Buffer.concat(Array.from({ length: times }, () => parts).flat()));

for (const [name, codec] of Object.entries(codecs)) {
  test(`${name}: compress, decompress -> the same bytes`, async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (records) => {
        assert.ok(records.equals(await codec.decompress(await codec.compress(records))));
      }),
      { numRuns: 200 },
    );
  });

  test(`${name}: truncated anywhere -> an error`, async () => {
    const records = fc.uint8Array({ minLength: 1, maxLength: 20_000 }).map((all) => Buffer.from(all));
    await fc.assert(
      fc.asyncProperty(records, fc.double({ min: 0, max: 1, noNaN: true }), async (whole, share) => {
        const compressed = await codec.compress(whole);
        const cut = compressed.subarray(0, Math.floor(share * (compressed.length - 1)));
        await assert.rejects(codec.decompress(cut), Error);
      }),
      { numRuns: 200 },
    );
  });

  test(`${name}: another format, also after a valid start -> an error`, async () => {
    const compressed = await codec.compress(Buffer.from('a post '.repeat(1000)));
    const behind = Buffer.concat([compressed.subarray(0, 16), Buffer.alloc(40, 0xfe)]);
    for (const garbage of [Buffer.alloc(0), Buffer.from('{"id":1,"text":"plain"}'), behind]) {
      await assert.rejects(codec.decompress(garbage), Error);
    }
  });
}

test('decompress: any bytes -> bytes or an error', async () => {
  const beginnings = await Promise.all(
    Object.values(codecs).map(async (codec) => (await codec.compress(Buffer.from('x'))).subarray(0, 16)),
  );
  const any = fc.tuple(fc.constantFrom(Buffer.alloc(0), ...beginnings), fc.uint8Array({ maxLength: 200 }));
  await fc.assert(
    fc.asyncProperty(any, async ([beginning, rest]) => {
      for (const codec of Object.values(codecs)) {
        const outcome = await codec
          .decompress(Buffer.concat([beginning, rest]))
          .catch((error: unknown) => error);
        assert.ok(Buffer.isBuffer(outcome) || outcome instanceof Error, String(outcome));
      }
    }),
    { numRuns: 200 },
  );
});

test('snappy: the header of the Java client; a block that states a huge size -> an error', async () => {
  const snappy = snappyCodec();
  const compressed = await snappy.compress(Buffer.alloc(200_000, 'post'));
  assert.equal(compressed.subarray(0, 16).toString('hex'), '82534e41505059000000000100000001');
  await assert.rejects(snappy.decompress(Buffer.from('ffffffff0f00', 'hex')), /Not a Snappy block/);
});

test('lz4: a frame of independent blocks; a truncated frame, or two frames -> an error', async () => {
  const lz4 = lz4Codec();
  const compressed = await lz4.compress(Buffer.alloc(200_000, 'post'));
  assert.equal(compressed.readUInt32LE(0), 0x184d2204);
  // Version 1, independent blocks.
  assert.equal(compressed.readUInt8(4) & 0b1110_0000, 0b0110_0000);
  for (const wrong of [compressed.subarray(0, -4), compressed.subarray(0, 7)]) {
    await assert.rejects(lz4.decompress(wrong), /one complete LZ4 frame/);
  }
  await assert.rejects(lz4.decompress(Buffer.concat([compressed, compressed])), /one complete LZ4 frame/);
});

const context = { id: 'n-out', RED: { settings: { userDir: '/data' } } as NodeAPI, warn: () => {} };
const optionsWith = (compression: string): unknown =>
  outboxOptions(new SavedProperties(properties, { compression }), context);
const isProblem = (key: string, text: RegExp) => (error: Problem) => {
  assert.equal(error.key, key);
  assert.match(error.message, text);
  return true;
};

test('usableCompression: an unknown name -> an error with the known names', () => {
  for (const name of ['zip', 'GZIP', 'toString']) {
    assert.throws(
      () => optionsWith(name),
      isProblem('compression-unknown', /none, gzip, snappy, lz4 or zstd/),
    );
  }
});

if (hasZstd) {
  test('usableCompression: zstd on a Node.js that has it -> zstd', () => {
    assert.equal(usableCompression('zstd'), 'zstd');
  });
} else {
  test('usableCompression: zstd on a Node.js without it -> an error with the required version', () => {
    const sentence = isProblem('compression-zstd-node', /needs Node\.js 22\.15.*lz4, snappy or gzip/);
    assert.throws(() => optionsWith('zstd'), sentence);
  });
}

const withoutLibrary = `
  const assert = require('node:assert/strict');
  require('./src/kafka/cluster');
  const { outboxOptions } = require('./nodes/kafka-out/options');
  const loaded = () => Object.keys(require.cache).filter((path) => /node_modules.(snappy|lz4-napi)/.test(path));
  const { properties } = require('./nodes/kafka-out/properties');
  const { SavedProperties } = require('./src/node-red/saved-properties');
  const context = { id: 'n-out', RED: { settings: { userDir: '/data' } } };
  const use = (compression) => outboxOptions(new SavedProperties(properties, { compression }), context);
  for (const compression of ['none', 'gzip']) assert.equal(use(compression).compression, compression);
  assert.deepEqual(loaded(), []);
  for (const compression of ['snappy', 'lz4']) {
    assert.throws(() => use(compression), ({ key, message }) => {
      console.log(message);
      return key === 'compression-unavailable';
    });
  }
`;

test('a missing native library -> an error for its compression only', async () => {
  // Hides the libraries from their loaders.
  const env = { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: '/no/such/library.node' };
  const cwd = join(__dirname, '../../..');
  const args = ['--import', 'tsx', '-e', withoutLibrary];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 60_000 });
  const [snappy, lz4, ...rest] = stdout.trim().split('\n');
  assert.match(snappy ?? '', /^Compression snappy is not available on \w+-\w+: .*gzip or none/);
  assert.match(lz4 ?? '', /^Compression lz4 is not available/);
  assert.deepEqual(rest, []);
});

test("kafkajsCompression: private numbers; the codecs of Kafka's own numbers stay as they are", () => {
  const table = CompressionCodecs as Record<number, () => unknown>;
  const own = Object.values(CompressionTypes).map(Number).filter(Number.isInteger);
  const before = own.map((number) => table[number]);
  for (const name of ['snappy', 'lz4', 'zstd'] as const) {
    const number = kafkajsCompression(name);
    assert.ok(!own.includes(number) && table[number]);
    assert.equal(number & 0x07, { snappy: 2, lz4: 3, zstd: 4 }[name]);
  }
  const after = own.map((number) => table[number]);
  assert.deepEqual(after, before);
});

test('ARMv6: snappy and lz4 -> an error before their library is loaded', async () => {
  for (const compression of ['snappy', 'lz4'] as const) {
    assert.throws(() => loadCodec(compression, '6'), { key: 'compression-arm6', message: /ARMv7/ });
    assert.ok(loadCodec(compression, '7'));
  }
  // The number may be one.
  assert.throws(() => loadCodec('lz4', 6), { key: 'compression-arm6' });
});

import type { Codec } from './codec';

const magic = 0x184d2204;
// Flags of the descriptor's first byte, and of a block's length (lz4_Frame_format.md of the LZ4 project).
const blockChecksums = 0x10;
const contentSize = 0x08;
const contentChecksum = 0x04;
const dictionaryId = 0x01;
const uncompressedBlock = 0x80000000;

/**
 * LZ4 frames of independent blocks, the only ones that Kafka's Java client and broker read.
 * @throws the error of Node.js where the native library cannot be loaded
 */
export function lz4Codec(): Codec {
  const lz4 = require('lz4-napi') as typeof import('lz4-napi');
  return {
    compress: (records) => lz4.compressFrame(records),
    async decompress(compressed) {
      // The library accepts a frame that ends between two blocks.
      if (frameBytes(compressed) !== compressed.length) throw new Error('Not one complete LZ4 frame');
      return lz4.decompressFrame(compressed);
    },
  };
}

/** The length of the frame at the start of these bytes; NaN where they end before the frame does. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== magic) return Number.NaN;
  const flags = bytes.readUInt8(4);
  const has = (flag: number, size: number): number => (flags & flag ? size : 0);
  let at = 7 + has(contentSize, 8) + has(dictionaryId, 4);
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (length === 0) return at + has(contentChecksum, 4);
    at += (length % uncompressedBlock) + has(blockChecksums, 4);
  }
  return Number.NaN;
}

import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Problem } from '../../util/problem';
import type { Codec } from './codec';

type Transform = (bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void;

// In Node.js from 22.15 and 23.8 on: https://nodejs.org/api/zlib.html#zlibzstdcompressbuffer-options-callback
const { zstdCompress, zstdDecompress } = zlib as { zstdCompress?: Transform; zstdDecompress?: Transform };

/**
 * Zstandard at its usual level (3), which Kafka's Java client takes too.
 * @throws Problem "compression-zstd-node" where this Node.js has none
 */
export function zstdCodec(): Codec {
  if (!zstdCompress || !zstdDecompress)
    throw new Problem('compression-zstd-node', { version: process.versions.node });
  return { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };
}

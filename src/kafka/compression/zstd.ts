import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Problem } from '../../util/problem';
import type { Codec } from './codec';

type Transform = (bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void;

// Since Node.js 22.15 and 23.8: https://nodejs.org/api/zlib.html#zlibzstdcompressbuffer-options-callback
const { zstdCompress, zstdDecompress } = zlib as { zstdCompress?: Transform; zstdDecompress?: Transform };

/**
 * Zstandard at its default level (3), as in Kafka's Java client.
 * @throws Problem "compression-zstd-node" where this Node.js has no zstd
 */
export function zstdCodec(): Codec {
  if (!zstdCompress || !zstdDecompress)
    throw new Problem('compression-zstd-node', { version: process.versions.node });
  return { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };
}

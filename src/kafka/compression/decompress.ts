import { promisify } from 'node:util';
import zlib, { type ZlibOptions } from 'node:zlib';
import { Decompress } from 'fzstd';
import { Problem } from '../../util/problem';
import { type Compression, loadCodec } from './index';

/** What a batch may unpack to. */
export const maxUnpackedBytes = 64 * 1024 * 1024;

type Unpack = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const names: Record<number, Compression> = { 0: 'none', 1: 'gzip', 2: 'snappy', 3: 'lz4', 4: 'zstd' };
const gunzip = promisify(zlib.gunzip) as Unpack;
// Since Node.js 22.15.
const { zstdDecompress } = zlib as { zstdDecompress?: Parameters<typeof promisify>[0] };

/**
 * The records of a batch.
 * @param compression Kafka's number of it
 * @throws RangeError "a batch unpacks to more than 64 MB"; Problem "compression-unavailable"; another Error where the bytes are
 *   damaged
 */
export async function decompressRecords(compression: number, data: Buffer): Promise<Buffer> {
  const name = names[compression];
  if (name === undefined) throw new Problem('compression-unknown', { compression: String(compression) });
  if (name === 'none') return data;
  const records = await unpackers[name](data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw error;
  });
  if (records.length > maxUnpackedBytes) throw tooLarge();
  return records;
}

const options = { maxOutputLength: maxUnpackedBytes };

const unpackers: Record<Exclude<Compression, 'none'>, (data: Buffer) => Promise<Buffer>> = {
  gzip: (data) => gunzip(data, options),
  snappy: (data) => loadCodec('snappy').decompress(data),
  lz4: (data) => loadCodec('lz4').decompress(data),
  zstd: (data) => (zstdDecompress ? (promisify(zstdDecompress) as Unpack)(data, options) : unpackZstd(data)),
};

/** With plain JavaScript, on Node.js without zstd. */
async function unpackZstd(data: Buffer): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((part) => {
    length += part.length;
    if (length > maxUnpackedBytes) throw tooLarge();
    parts.push(part);
  });
  stream.push(data, true);
  return Buffer.concat(parts);
}

const tooLarge = (): RangeError => new RangeError('a batch unpacks to more than 64 MB');

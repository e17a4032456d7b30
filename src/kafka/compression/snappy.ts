import type { Codec } from './codec';

// The header of snappy-java's SnappyOutputStream: name, version and oldest compatible version.
const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const header = Buffer.concat([magic, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
// Snappy refers back at most 64 KB: larger blocks compress no better.
const blockBytes = 65_536;
// The shortest element of the format, three bytes, expands to at most 64.
const mostExpansion = 22;

/**
 * Snappy as Kafka's Java client writes it: a header, then blocks, each after its length. Decompresses the single
 * block of librdkafka too.
 * @throws the error of Node.js where the native library cannot be loaded
 */
export function snappyCodec(): Codec {
  const snappy = require('snappy') as typeof import('snappy');

  const uncompress = async (block: Buffer): Promise<Buffer> => {
    // The library allocates the size that a block states.
    if (statedSize(block) > mostExpansion * block.length) throw new Error('Not a Snappy block');
    return (await snappy.uncompress(block, { asBuffer: true })) as Buffer;
  };

  return {
    async compress(records) {
      const blocks = await Promise.all(split(records).map((part) => snappy.compress(part)));
      return Buffer.concat([header, ...blocks.flatMap((block) => [lengthOf(block), block])]);
    },
    async decompress(compressed) {
      if (!compressed.subarray(0, magic.length).equals(magic)) return uncompress(compressed);
      return Buffer.concat(await Promise.all(blocksOf(compressed).map(uncompress)));
    },
  };
}

function split(records: Buffer): Buffer[] {
  const count = Math.max(1, Math.ceil(records.length / blockBytes));
  return Array.from({ length: count }, (_, index) =>
    records.subarray(index * blockBytes, (index + 1) * blockBytes),
  );
}

function lengthOf(block: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  return length;
}

/** The blocks of a stream. A batch is never empty: a stream that ends after its header is truncated. */
function blocksOf(stream: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let at = header.length;
  do {
    const start = at + 4;
    const end = start <= stream.length ? start + stream.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > stream.length) throw new Error('A Snappy stream is truncated');
    blocks.push(stream.subarray(start, end));
    at = end;
  } while (at < stream.length);
  return blocks;
}

/** The uncompressed size at the start of a block: seven bits per byte, the lowest first. */
function statedSize(block: Buffer): number {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) break;
  }
  return length;
}

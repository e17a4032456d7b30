import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { Problem } from '../../util/problem';
import type { Codec } from './codec';
import { lz4Codec } from './lz4';
import { snappyCodec } from './snappy';
import { zstdCodec } from './zstd';

const types = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** How the records of a batch are compressed. */
export type Compression = keyof typeof types;

export type Added = 'snappy' | 'lz4' | 'zstd';

// The codecs that kafkajs lacks. Each loads at its first use: without its native library only it is missing.
const codecs: Record<Added, () => Codec> = { snappy: snappyCodec, lz4: lz4Codec, zstd: zstdCodec };
const armVersion = (process.config.variables as { arm_version?: unknown }).arm_version;
const loaded: Partial<Record<Added, Codec>> = {};

/** What kafkajs calls to compress; it calls `decompress` only under Kafka's own numbers. */
export type CompressorFactory = () => { compress(encoder: { buffer: Buffer }): Promise<Buffer> };

// kafkajs's table of codecs, which every package with the same copy of kafkajs shares.
const table = CompressionCodecs as Record<number, CompressorFactory>;
// kafkajs looks up a codec by the full number, and writes only the lowest three bits to the batch.
const privateNumbers = 0x100;

/**
 * Checks and loads the compression that a saved property names.
 * @throws Problem "compression-unknown", "compression-zstd-node" or "compression-unavailable"
 */
export function usableCompression(name: string): Compression {
  if (!Object.hasOwn(types, name)) throw new Problem('compression-unknown', { compression: name });
  const compression = name as Compression;
  if (isAdded(compression)) loadCodec(compression);
  return compression;
}

/**
 * The number by which a kafkajs producer compresses. snappy, lz4 and zstd have private numbers, so that no codec
 * of another package compresses our records, and ours none of theirs. Registers nothing that kafkajs reads by.
 */
export function kafkajsCompression(compression: Compression): CompressionTypes {
  const type = types[compression];
  if (!isAdded(compression)) return type;
  table[type + privateNumbers] = () => ({
    compress: async (encoder) => loadCodec(compression).compress(encoder.buffer),
  });
  return type + privateNumbers;
}

const isAdded = (compression: Compression): compression is Added => Object.hasOwn(codecs, compression);

/**
 * A codec that kafkajs lacks.
 * @param arm the version of an ARM processor that Node.js was built for, e.g. "6" (Raspberry Pi Zero); undefined: another one
 * @throws Problem "compression-zstd-node", "compression-arm6" or "compression-unavailable"
 */
export function loadCodec(compression: Added, arm: unknown = armVersion): Codec {
  // npm installs the libraries for ARMv7 there, and loading one ends the process (SIGILL).
  if (String(arm) === '6' && compression !== 'zstd') throw new Problem('compression-arm6', { compression });
  try {
    loaded[compression] ??= codecs[compression]();
    return loaded[compression];
  } catch (error) {
    if (error instanceof Problem) throw error;
    const platform = `${process.platform}-${process.arch}`;
    // The rest of the message is the library's advice on npm.
    const [cause = ''] = String((error as Error).message).split(/\.\s|\n/);
    throw new Problem('compression-unavailable', { compression, platform, cause }, { cause: error });
  }
}

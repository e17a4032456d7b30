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

type Ours = 'snappy' | 'lz4' | 'zstd';

// Loaded when first used: a machine without one of the native libraries goes without that one alone.
const codecs: Record<Ours, () => Codec> = { snappy: snappyCodec, lz4: lz4Codec, zstd: zstdCodec };
const loaded: Partial<Record<Ours, Codec>> = {};

interface KafkajsCodec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

// kafkajs's table of codecs is one for all packages that npm lets share its copy of kafkajs.
const table = CompressionCodecs as Record<number, () => KafkajsCodec>;
// kafkajs looks a codec up by the whole number, and puts its lowest three bits alone on the wire.
const ownNumbers = 0x100;

/**
 * The compression that a saved property names, tried and ready.
 * @throws Problem "compression-unknown", "compression-zstd-node" or "compression-unavailable"
 */
export function usableCompression(name: string): Compression {
  if (!Object.hasOwn(types, name)) throw new Problem('compression-unknown', { compression: name });
  const compression = name as Compression;
  if (isOurs(compression)) load(compression);
  return compression;
}

/**
 * The number by which kafkajs writes with this compression. snappy, lz4 and zstd are written under numbers of
 * our own, so that what another package registers never writes our records, nor ours those of another package.
 */
export function kafkajsCompression(compression: Compression): CompressionTypes {
  const type = types[compression];
  if (!isOurs(compression)) return type;
  registerDecoders();
  table[type + ownNumbers] = () => kafkajsCodec(compression);
  return type + ownNumbers;
}

/**
 * Lets kafkajs's consumers in this process read snappy, lz4 and zstd. Reading goes by Kafka's own numbers, which
 * are filled only where no other package has put a codec of its own.
 */
export function registerDecoders(): void {
  for (const compression of Object.keys(codecs) as Ours[]) {
    const type = types[compression];
    if (!isRegistered(type)) table[type] = () => kafkajsCodec(compression);
  }
}

const isOurs = (compression: Compression): compression is Ours => Object.hasOwn(codecs, compression);

/** kafkajs fills the places of the codecs that it lacks with functions that throw. */
function isRegistered(type: number): boolean {
  try {
    return table[type]?.() !== undefined;
  } catch {
    return false;
  }
}

const kafkajsCodec = (compression: Ours): KafkajsCodec => ({
  compress: async (encoder) => load(compression).compress(encoder.buffer),
  decompress: async (compressed) => load(compression).decompress(compressed),
});

function load(compression: Ours): Codec {
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

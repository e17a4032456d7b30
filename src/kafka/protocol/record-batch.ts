/** A batch of records (https://kafka.apache.org/documentation/#recordbatch). */
export interface RecordBatch {
  baseOffset: bigint;
  /** Of the last record, also of one that compaction has removed. */
  lastOffset: bigint;
  producerId: bigint;
  /** Kafka's number of the compression. */
  compression: number;
  isTransactional: boolean;
  /** It ends a transaction. */
  isControl: boolean;
  baseTimestamp: bigint;
  /** Of all records, where the broker set the time. */
  appendTimestamp?: bigint;
  count: number;
  /** The records, compressed or not. */
  data: Buffer;
}

/** One record; its bytes are part of the batch's. */
export interface BatchRecord {
  offset: bigint;
  /** Epoch ms. */
  timestamp: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Array<[name: string, value: Buffer | null]>;
  /** Of key, value and headers. */
  bytes: number;
}

/** Bytes before a batch's records, and how many of them its length does not include. */
export const batchHeader = 61;
export const uncounted = 12;
/** The version of the format. */
export const magic = 2;
export const compressionBits = 0x07;
const flags = { appendTime: 0x08, transactional: 0x10, control: 0x20 };

/**
 * The complete batches at the start of these bytes.
 * @throws RangeError for a batch of a format before Kafka 0.11, or one that is shorter than its header
 */
export function readBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let at = 0;
  while (bytes.length - at >= batchHeader) {
    const length = bytes.readInt32BE(at + 8);
    const end = at + uncounted + length;
    if (bytes.readInt8(at + 16) !== magic) throw new RangeError('a record batch of an old format');
    if (length < batchHeader - uncounted) throw new RangeError('a record batch is too short');
    if (end > bytes.length) break;
    batches.push(readBatch(bytes.subarray(at, end)));
    at = end;
  }
  return batches;
}

function readBatch(bytes: Buffer): RecordBatch {
  const attributes = bytes.readInt16BE(21);
  const baseOffset = bytes.readBigInt64BE(0);
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(23)),
    producerId: bytes.readBigInt64BE(43),
    compression: attributes & compressionBits,
    isTransactional: (attributes & flags.transactional) !== 0,
    isControl: (attributes & flags.control) !== 0,
    baseTimestamp: bytes.readBigInt64BE(27),
    ...(attributes & flags.appendTime ? { appendTimestamp: bytes.readBigInt64BE(35) } : {}),
    count: bytes.readInt32BE(57),
    data: bytes.subarray(batchHeader),
  };
}

/** The records of a batch. @param data uncompressed @throws RangeError where the bytes end too early */
export function readRecords(
  { baseOffset, baseTimestamp, appendTimestamp, count }: RecordBatch,
  data: Buffer,
): BatchRecord[] {
  const reader = new VarintReader(data);
  // A record has at least seven bytes.
  if (count > data.length / 7) throw new RangeError('a record batch has fewer records than it says');
  return Array.from({ length: count }, () => {
    const length = Number(reader.varint());
    const end = reader.at + length;
    reader.advance(1);
    const timestamp = appendTimestamp ?? baseTimestamp + reader.varint();
    if (appendTimestamp !== undefined) reader.varint();
    const offset = baseOffset + reader.varint();
    const [key, value] = [reader.bytes(), reader.bytes()];
    const headers = Array.from({ length: reader.count() }, (): [string, Buffer | null] => [
      reader.bytes()?.toString('utf8') ?? '',
      reader.bytes(),
    ]);
    if (reader.at !== end) throw new RangeError('a record has another length than it says');
    return { offset, timestamp, key, value, headers, bytes: sizeOf(key, value, headers) };
  });
}

const sizeOf = (key: Buffer | null, value: Buffer | null, headers: BatchRecord['headers']): number =>
  headers.reduce(
    (sum, [name, content]) => sum + Buffer.byteLength(name) + (content?.length ?? 0),
    (key?.length ?? 0) + (value?.length ?? 0),
  );

/** Reads the signed varints of records. */
class VarintReader {
  at = 0;

  constructor(private readonly buffer: Buffer) {}

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.advance(1)] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new RangeError('a varint is too long');
  }

  count(): number {
    const count = Number(this.varint());
    if (count < 0 || count > this.buffer.length) throw new RangeError('a list exceeds the record');
    return count;
  }

  bytes(): Buffer | null {
    const length = Number(this.varint());
    if (length < 0) return null;
    const start = this.advance(length);
    return this.buffer.subarray(start, this.at);
  }

  advance(length: number): number {
    if (length > this.buffer.length - this.at) throw new RangeError('a record ends too early');
    this.at += length;
    return this.at - length;
  }
}

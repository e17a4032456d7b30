import { crc32c } from './crc32c';
import { batchHeader, compressionBits, magic, uncounted } from './record-batch';

type Bytes = Buffer | null;

/** A message whose key, value and headers are bytes, as this package passes it to kafkajs. */
interface ByteMessage {
  key: Bytes;
  value: Bytes;
  headers?: Record<string, Bytes | Bytes[]>;
  /** Epoch milliseconds. */
  timestamp: string;
}

/** The batch of one partition. */
interface Batch {
  partition: number;
  firstSequence: number;
  messages: ByteMessage[];
}

/** The fields from which kafkajs encodes a Produce request. */
export interface ProduceFields {
  acks: number;
  timeout: number;
  transactionalId?: string | null;
  producerId?: unknown;
  producerEpoch?: number;
  /** Kafka's number of the compression in its lowest three bits; 0: none. */
  compression?: number;
  topicData: Array<{ topic: string; partitions: Batch[] }>;
}

/** Compresses the records of a batch. */
type Compress = (records: Buffer) => Promise<Buffer>;

/**
 * Encodes the body of a Produce request of version 3 to 7, outside a transaction, into one buffer of exact size. kafkajs
 * encodes the same bytes, but copies each record seven times, and cannot write a header whose value is null.
 * Format: https://kafka.apache.org/protocol (Produce) and https://kafka.apache.org/documentation/#recordbatch
 * @param compress for a request whose `compression` is not 0
 */
export async function encodeProduce(
  { acks, timeout, producerId, producerEpoch, compression = 0, topicData }: ProduceFields,
  compress?: Compress,
): Promise<Buffer> {
  const sized = topicData.map(({ topic, partitions }) => ({
    topic,
    batches: partitions.map((batch) => new SizedBatch(batch)),
  }));
  if (compress) {
    await Promise.all(sized.flatMap(({ batches }) => batches.map((batch) => batch.compress(compress))));
  }
  let size = 2 + 2 + 4 + 4;
  for (const { topic, batches } of sized) {
    size += 2 + Buffer.byteLength(topic) + 4;
    for (const { bytes } of batches) size += 8 + bytes;
  }
  const writer = new Writer(Buffer.allocUnsafe(size));
  writer.int16(-1);
  writer.int16(acks);
  writer.int32(timeout);
  writer.int32(sized.length);
  const producer = {
    id: BigInt(String(producerId ?? -1)),
    epoch: producerEpoch ?? 0,
    attributes: compression & compressionBits,
  };
  for (const { topic, batches } of sized) {
    writer.int16(Buffer.byteLength(topic));
    writer.text(topic);
    writer.int32(batches.length);
    for (const batch of batches) batch.write(writer, producer);
  }
  return writer.buffer;
}

/** What the batches of a request have in common. */
interface Producer {
  id: bigint;
  epoch: number;
  attributes: number;
}

/** A batch with the lengths of its parts, which precede them. */
class SizedBatch {
  /** Size of the records. */
  private readonly recordBytes: number;
  private compressed?: Buffer;
  private readonly times: number[];
  private readonly first: number;
  private readonly last: number;
  private readonly lengths: number[];

  constructor(private readonly batch: Batch) {
    const { messages } = batch;
    this.times = messages.map(({ timestamp }) => Number(timestamp));
    this.first = this.times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    this.last = this.times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
    this.lengths = messages.map((message, index) => bodyLength(message, this.delta(index), index));
    this.recordBytes = this.lengths.reduce((sum, length) => sum + varintLength(length) + length, 0);
  }

  /** Size of the batch, with its header. */
  get bytes(): number {
    return batchHeader + (this.compressed?.length ?? this.recordBytes);
  }

  async compress(compress: Compress): Promise<void> {
    const writer = new Writer(Buffer.allocUnsafe(this.recordBytes));
    this.writeRecords(writer);
    this.compressed = await compress(writer.buffer);
  }

  write(writer: Writer, { id, epoch, attributes }: Producer): void {
    const { partition, firstSequence, messages } = this.batch;
    writer.int32(partition);
    writer.int32(this.bytes);
    writer.int64(0n); // the broker assigns the offset
    writer.int32(this.bytes - uncounted);
    writer.int32(0);
    writer.int8(magic);
    const crcAt = writer.at;
    writer.int32(0);
    writer.int16(attributes);
    writer.int32(messages.length - 1);
    writer.int64(BigInt(this.first));
    writer.int64(BigInt(this.last));
    writer.int64(id);
    writer.int16(epoch);
    writer.int32(firstSequence);
    writer.int32(messages.length);
    if (this.compressed) writer.raw(this.compressed);
    else this.writeRecords(writer);
    writer.buffer.writeUInt32BE(crc32c(writer.buffer.subarray(crcAt + 4, writer.at)), crcAt);
  }

  private writeRecords(writer: Writer): void {
    this.batch.messages.forEach((message, index) => {
      writer.varint(this.lengths[index] as number);
      writeBody(writer, message, this.delta(index), index);
    });
  }

  private delta(index: number): number {
    return (this.times[index] as number) - this.first;
  }
}

function bodyLength(
  { key, value, headers = {} }: ByteMessage,
  timeDelta: number,
  offsetDelta: number,
): number {
  let count = 0;
  let length =
    1 + varintLength(timeDelta) + varintLength(offsetDelta) + bytesLength(key) + bytesLength(value);
  for (const name of Object.keys(headers)) {
    for (const one of values(headers[name] as Bytes | Bytes[])) {
      const nameLength = Buffer.byteLength(name);
      length += varintLength(nameLength) + nameLength + bytesLength(one);
      count++;
    }
  }
  return length + varintLength(count);
}

function writeBody(
  writer: Writer,
  { key, value, headers = {} }: ByteMessage,
  timeDelta: number,
  offsetDelta: number,
): void {
  writer.int8(0);
  writer.varint(timeDelta);
  writer.varint(offsetDelta);
  writer.bytes(key);
  writer.bytes(value);
  const all = Object.keys(headers).flatMap((name) =>
    values(headers[name] as Bytes | Bytes[]).map((one) => ({ name, one })),
  );
  writer.varint(all.length);
  for (const { name, one } of all) {
    writer.varint(Buffer.byteLength(name));
    writer.text(name);
    writer.bytes(one);
  }
}

const values = (value: Bytes | Bytes[]): Bytes[] => (Array.isArray(value) ? value : [value]);

const bytesLength = (bytes: Bytes): number => (bytes ? varintLength(bytes.length) + bytes.length : 1);

/** Zigzag: small numbers of either sign need few bytes. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function varintLength(value: number): number {
  let length = 1;
  for (let rest = zigzag(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

class Writer {
  at = 0;

  constructor(readonly buffer: Buffer) {}

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  text(value: string): void {
    this.at += this.buffer.write(value, this.at);
  }

  varint(value: number): void {
    let rest = zigzag(value);
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.at++] = (rest % 0x80) | 0x80;
    this.buffer[this.at++] = rest;
  }

  bytes(bytes: Bytes): void {
    this.varint(bytes ? bytes.length : -1);
    if (bytes) this.raw(bytes);
  }

  raw(bytes: Buffer): void {
    this.at += bytes.copy(this.buffer, this.at);
  }
}

import type { OutRecord } from './record/record';

/** The partitions of a record without a key. */
export interface KeylessChoice {
  mayTake?: (partition: number) => boolean;
  preferred?: number;
}

/**
 * Chooses a record's partition: the requested one, by key as the Java client does, or without a key one
 * that is kept until a batch has been sent to it (sticky, KIP-480), then another.
 */
export class Partitioner {
  private sticky?: number;
  /** The latest record that was given a partition, and the latest in any other partition. */
  private latest?: { order: number; partition: number };
  private latestElsewhere = 0;

  /** @param avoid whether keyless records should take another partition (as KIP-794 does) */
  constructor(private readonly avoid: (partition: number) => boolean) {}

  /**
   * @param keyless what a record without a key may take, and what it takes if that works
   * @returns a partition below `count`, or the requested one even if it does not exist
   */
  choose(record: OutRecord, count: number, keyless: KeylessChoice = {}): number {
    const decided = decidedPartition(record, count);
    if (decided !== undefined) return decided;
    const { mayTake = () => true, preferred } = keyless;
    if (preferred !== undefined && mayTake(preferred) && !this.avoid(preferred)) return preferred;
    const { sticky } = this;
    const fits = sticky !== undefined && sticky < count && mayTake(sticky);
    if (fits && !this.avoid(sticky)) return sticky;
    const allowed = Array.from({ length: count }, (_, partition) => partition).filter(mayTake);
    const good = allowed.filter((one) => !this.avoid(one));
    // Where all partitions are to be avoided, moving would only split the batch.
    if (fits && good.length === 0) return sticky;
    this.sticky = anyOf(good) ?? anyOf(allowed) ?? Math.floor(Math.random() * count);
    return this.sticky;
  }

  /** A batch was sent to this partition: the next keyless record may take another. */
  batchSent(partition: number): void {
    if (this.sticky === partition) this.sticky = undefined;
  }

  /** A record was given its partition. @param order of acceptance */
  given(order: number, partition: number): void {
    const { latest } = this;
    if (latest && order < latest.order) return;
    if (latest && latest.partition !== partition) this.latestElsewhere = latest.order;
    this.latest = { order, partition };
  }

  /** Whether a later record was given to another partition than this one. */
  isOvertaken(order: number, partition: number): boolean {
    const { latest } = this;
    return (
      latest !== undefined && order < (latest.partition === partition ? this.latestElsewhere : latest.order)
    );
  }
}

const anyOf = (partitions: number[]): number | undefined =>
  partitions[Math.floor(Math.random() * partitions.length)];

/** The partition that a record requests or that follows from its key; undefined without either. */
export function decidedPartition({ partition, key }: OutRecord, count: number): number | undefined {
  return partition ?? (key ? partitionOf(key, count) : undefined);
}

/** The partition of a key among `count`, as the Java client's default partitioner chooses it. */
export function partitionOf(key: Buffer, count: number): number {
  return (murmur2(key) & 0x7fffffff) % count;
}

/**
 * The 32-bit MurmurHash2 with the seed of Kafka's Java client, so that a key has the same partition whichever
 * client writes it (org.apache.kafka.common.utils.Utils.murmur2).
 * @returns a signed 32-bit integer
 */
export function murmur2(bytes: Buffer): number {
  const length = bytes.length;
  const multiplier = 0x5bd1e995;
  let hash = 0x9747b28c ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const left = length - at;
  if (left >= 3) hash ^= bytes.readUInt8(at + 2) << 16;
  if (left >= 2) hash ^= bytes.readUInt8(at + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ bytes.readUInt8(at), multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

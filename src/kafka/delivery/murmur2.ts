/**
 * The 32-bit MurmurHash2 with the seed that Kafka's Java client uses, so that a key lands in the same
 * partition whoever wrote it (org.apache.kafka.common.utils.Utils.murmur2).
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

/** The partition of a key among `count`, as the Java client's default partitioner chooses it. */
export function partitionOf(key: Buffer, count: number): number {
  return (murmur2(key) & 0x7fffffff) % count;
}

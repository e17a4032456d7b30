import { partitionOf } from './murmur2';
import type { OutRecord } from './record';

/**
 * Chooses partitions for the records of one topic: the one asked for, by key as the Java client does, or
 * without a key one that is kept until a batch has left for it (sticky, KIP-480), then another.
 */
export class Partitioner {
  private sticky?: number;

  /** @param avoid tells the partitions that keyless records had better not wait for (as KIP-794 does) */
  constructor(private readonly avoid: (partition: number) => boolean) {}

  /** @returns a partition below `count`, or the one asked for even if there is none such */
  choose(record: OutRecord, count: number): number {
    if (record.partition !== undefined) return record.partition;
    if (record.key) return partitionOf(record.key, count);
    const { sticky } = this;
    const fits = sticky !== undefined && sticky < count;
    if (fits && !this.avoid(sticky)) return sticky;
    const good = Array.from({ length: count }, (_, partition) => partition).filter((one) => !this.avoid(one));
    // With nowhere better to go the batch is not torn apart.
    if (fits && good.length === 0) return sticky;
    this.sticky = good[Math.floor(Math.random() * good.length)] ?? Math.floor(Math.random() * count);
    return this.sticky;
  }

  /** A batch has left for this partition: the next keyless record may go elsewhere. */
  left(partition: number): void {
    if (this.sticky === partition) this.sticky = undefined;
  }
}

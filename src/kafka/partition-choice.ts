import { partitionOf } from './murmur2';
import type { OutRecord } from './record';

/**
 * Chooses partitions for the records of one topic: the one asked for, by key as the Java client does, or
 * without a key one that is kept until a batch has left for it (sticky, KIP-480), then another.
 */
export class PartitionChoice {
  private sticky?: number;

  /** @param isFailing tells the partitions that keyless records had better avoid */
  constructor(private readonly isFailing: (partition: number) => boolean) {}

  /** @returns a partition below `count`, or the one asked for even if there is none such */
  choose(record: OutRecord, count: number): number {
    if (record.partition !== undefined) return record.partition;
    if (record.key) return partitionOf(record.key, count);
    if (this.sticky === undefined || this.sticky >= count) this.sticky = this.pick(count);
    return this.sticky;
  }

  /** A batch has left for this partition: the next keyless record may go elsewhere. */
  left(partition: number): void {
    if (this.sticky === partition) this.sticky = undefined;
  }

  private pick(count: number): number {
    const all = Array.from({ length: count }, (_, partition) => partition);
    const good = all.filter((partition) => !this.isFailing(partition));
    const among = good.length > 0 ? good : all;
    return among[Math.floor(Math.random() * among.length)] ?? 0;
  }
}

import type { OpenTopic } from '../open-topics';
import { decidedPartition } from '../partitioner';
import type { AcceptedRecord } from './accepted-record';
import type { Backlog, Lane, TopicBacklog } from './backlog';
import { type Copies, partitionOnDisk } from './copies';
import type { QueueHost } from './queue-host';

/**
 * Moves records from memory to disk only: all unsent ones of a partition together. A record leaves memory when it is
 * synced; until then it can go back to its writer.
 */
export class Eviction {
  /** The records that leave memory once they are synced, and where they will be; in order for each lane. */
  private readonly leaving = new Map<AcceptedRecord, Lane>();
  private leavingBytes = 0;

  /**
   * @param queue `leftMemory`: a record has left memory; `partitionWhenReadBack`: the partition, of so many, that a keyless
   *   record takes when it is read back
   */
  constructor(
    private readonly backlog: Backlog,
    private readonly host: QueueHost,
    private readonly copies: Pick<Copies, 'copyTopic'>,
    private readonly queue: {
      leftMemory(accepted: AcceptedRecord): void;
      partitionWhenReadBack(accepted: AcceptedRecord, count: number): number | undefined;
    },
  ) {}

  /**
   * Moves records, those of the longest waiting partition first, until memory is down to a share of its limit.
   * @param targetBytes of the records that stay
   */
  relieve(targetBytes: number): void {
    for (const group of this.unsentByPartition()) {
      if (this.host.total.counts.waitingBytes - this.leavingBytes <= targetBytes) break;
      if (!this.evict(group)) break;
    }
    this.host.prune();
  }

  /** Moves all unsent records, or those of one topic. */
  evictAll(topic?: string): void {
    for (const group of this.unsentByPartition()) {
      if (topic === undefined || group[0]?.topic === topic) this.evict(group);
    }
    this.host.prune();
  }

  /** A record that was written to disk leaves memory when it is synced. */
  leave(accepted: AcceptedRecord, lane: Lane): void {
    lane.tail++;
    this.leaving.set(accepted, lane);
    this.leavingBytes += accepted.record.bytes;
    if (accepted.synced) this.synced(accepted);
  }

  /** A record is synced: if it leaves, it is only on disk from now on. */
  synced(accepted: AcceptedRecord): void {
    const lane = this.leaving.get(accepted)?.current;
    if (!lane) return;
    this.stay(accepted, lane);
    lane.add(accepted.seq as number);
    this.host.leftMemory(accepted);
    this.queue.leftMemory(accepted);
  }

  /** The records of this lane that are still being written go to the writer: nothing older of it is on disk only. */
  promote(lane: Lane): void {
    for (const [accepted, { current }] of this.leaving) if (current === lane) this.toWriter(accepted, lane);
  }

  /**
   * The records whose partition was not decided and that are still being written: each goes to the writer, or behind those
   * of its partition on disk. Without a key it goes to the partition that it would have when it is read back, or stays: after
   * a crash it must not come behind newer records of another one.
   */
  promoteUndecided(backlog: TopicBacklog, { writer }: OpenTopic): void {
    const count = writer?.partitions;
    if (!writer || count === undefined) return;
    for (const [accepted, { current }] of this.leaving) {
      if (current !== backlog.undecided) continue;
      const partition = decidedPartition(accepted.record, count);
      const lane = partition === undefined ? undefined : backlog.lanes.get(partition);
      if (lane) {
        backlog.undecided.tail--;
        lane.tail++;
        this.leaving.set(accepted, lane);
      } else {
        const taken = partition ?? this.queue.partitionWhenReadBack(accepted, count);
        const isFree = taken !== undefined && !backlog.lanes.has(taken) && !writer.avoids(taken);
        if (partition === undefined && !isFree) return;
        this.toWriter(accepted, current, taken);
      }
    }
  }

  /** Nothing is written to disk any more: all that leave go to their writers. */
  returnToWriters(): void {
    for (const [accepted, { current }] of this.leaving) this.toWriter(accepted, current);
  }

  private toWriter(accepted: AcceptedRecord, lane: Lane, partition?: number): void {
    this.stay(accepted, lane);
    const bound = this.backlog.get(accepted.topic)?.bound.get(accepted.seq as number);
    this.host.write(accepted, { assigned: bound ?? partition });
  }

  private stay(accepted: AcceptedRecord, lane: Lane): void {
    lane.tail--;
    this.leaving.delete(accepted);
    this.leavingBytes -= accepted.record.bytes;
  }

  /** @returns false where the disk is full */
  private evict(group: AcceptedRecord[]): boolean {
    const [first] = group;
    if (!first) return true;
    const partitions = group.map(partitionOnDisk);
    // Newer records will follow these on disk: no older one may be written after them.
    if (!this.copies.copyTopic(first.topic, new Set(partitions))) return false;
    const backlog = this.backlog.make(first.topic);
    group.forEach((accepted, index) => {
      if (!canLeave(accepted)) return;
      const partition = partitions[index];
      const { record, seq = 0 } = accepted;
      const isKeyless = record.partition === undefined && !record.key;
      if (isKeyless && partition !== undefined) backlog.bound.set(seq, partition);
      this.host.withdraw(accepted);
      this.leave(accepted, backlog.lane(partition));
    });
    return true;
  }

  /** The records in memory by topic and partition, where some can leave; the longest waiting first. */
  private unsentByPartition(): AcceptedRecord[][] {
    const groups = new Map<string, AcceptedRecord[]>();
    for (const accepted of this.host.records) {
      if (this.leaving.has(accepted)) continue;
      const key = `${accepted.pending?.partition ?? ''}/${accepted.topic}`;
      const group = groups.get(key);
      if (group) group.push(accepted);
      else groups.set(key, [accepted]);
    }
    return [...groups.values()].filter((group) => group.some(canLeave));
  }
}

/** Not a record that was sent, nor one that has just come from disk, unless its partition is stuck. */
function canLeave({ pending, fromDisk, open }: AcceptedRecord): boolean {
  if (pending?.sent) return false;
  const { partition } = pending ?? {};
  return !fromDisk || partition === undefined || open.writer?.isStuck(partition) === true;
}

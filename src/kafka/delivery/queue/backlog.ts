import type { DiskLog } from '../../disk-queue/disk-log';
import { framesOf } from '../../disk-queue/frames';
import { decidedPartition } from '../partitioner';
import type { OutRecord } from '../record/record';
import { topicOf } from '../record/stored-record';

/** What a backlog needs to know of a topic's writer. */
export interface Partitions {
  /** undefined while the number is not known. */
  readonly partitions: number | undefined;
  /** Whether a keyless record should rather take another partition. */
  avoids(partition: number): boolean;
}

/** How far the records on disk were read: all below this sequence number. */
export interface Walk {
  position: number;
}

/**
 * The records of one partition, or of the partitions not decided yet, that are only on disk: those between `first` and
 * `last` that were not handed over. `tail` counts those that are still being written, which are in memory.
 */
export class Lane {
  /** The lowest sequence number that may not have been handed over. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  tail = 0;
  /** Records that the present walk has come past are only on disk again: it must not hand over younger ones. */
  returned = false;
  private mergedInto?: Lane;

  constructor(private readonly walk: Readonly<Walk>) {}

  /** This lane, or the one that has taken over its records. */
  get current(): Lane {
    return this.mergedInto?.current ?? this;
  }

  /** Some of its records are only on disk. */
  get onDisk(): boolean {
    return this.first <= this.last;
  }

  get empty(): boolean {
    return !this.onDisk && this.tail === 0;
  }

  /** A record is only on disk. */
  add(seq: number): void {
    if (seq < this.walk.position) this.returned = true;
    this.first = Math.min(this.first, seq);
    this.last = Math.max(this.last, seq);
  }

  /** All up to this one were handed over. */
  passed(seq: number): void {
    this.first = Math.max(this.first, seq + 1);
  }

  /** Whether some of its records on disk are older than those of a walk from this one on. */
  hasOlder(from: number): boolean {
    return this.onDisk && (this.first < from || this.returned);
  }

  has(seq: number): boolean {
    return seq >= this.first && seq <= this.last;
  }

  /** Gives all of its records to another lane. */
  mergeInto(other: Lane): void {
    if (this.onDisk) {
      other.add(this.first);
      other.add(this.last);
    }
    other.tail += this.tail;
    this.mergedInto = other;
  }
}

/** The records of one topic that are only on disk. */
export class TopicBacklog {
  /** Records without a decided partition: keyless ones, and all while the number of partitions is not known. */
  readonly undecided: Lane;
  readonly lanes = new Map<number, Lane>();
  /** Keyless records that must stay in the partition they had: later ones may be in others already. */
  readonly bound = new Map<number, number>();
  /** The number of partitions by which keys were assigned to lanes. */
  private count?: number;

  constructor(private readonly walk: Readonly<Walk>) {
    this.undecided = new Lane(walk);
  }

  get empty(): boolean {
    return this.undecided.empty && this.lanes.size === 0;
  }

  /** @param partition undefined: not decided */
  lane(partition: number | undefined): Lane {
    if (partition === undefined) return this.undecided;
    let lane = this.lanes.get(partition);
    if (!lane) {
      lane = new Lane(this.walk);
      this.lanes.set(partition, lane);
    }
    return lane;
  }

  /** Which lane the record belongs to, if it was not handed over. */
  laneOf(seq: number, partition: number | undefined): Lane | undefined {
    if (this.undecided.has(seq)) return this.undecided;
    const lane = partition === undefined ? undefined : this.lanes.get(partition);
    return lane?.has(seq) ? lane : undefined;
  }

  /** Whether there is a partition that works and has no records on disk. */
  hasFreePartition(writer: Partitions): boolean {
    for (let one = 0; one < (writer.partitions ?? 0); one++) {
      if (!this.lanes.has(one) && !writer.avoids(one)) return true;
    }
    return false;
  }

  /** Forgets the lanes in which nothing is left. */
  prune(): void {
    for (const [partition, lane] of this.lanes) if (lane.empty) this.lanes.delete(partition);
    if (this.empty) this.bound.clear();
  }

  /** Forgets what is on disk only. */
  forgetOnDisk(): void {
    for (const lane of this.lanes.values()) lane.mergeInto(this.undecided);
    this.lanes.clear();
    this.undecided.first = Number.POSITIVE_INFINITY;
    this.undecided.last = Number.NEGATIVE_INFINITY;
  }

  /** With another number of partitions a key has another lane: then all are undecided again. */
  update(count: number): void {
    if (this.count !== count && this.count !== undefined && this.lanes.size > 0) {
      for (const lane of this.lanes.values()) lane.mergeInto(this.undecided);
      this.lanes.clear();
    }
    this.count = count;
  }
}

/** Where a new record goes: to the writer, or behind those on disk (`partition` undefined: not decided). */
export type Place =
  | { behind: false; mayTake?: (partition: number) => boolean }
  | { behind: true; partition?: number };

const direct: Place = { behind: false };

/** Which records are only on disk, by topic and partition; it decides which new records must follow them. */
export class Backlog {
  /** The drain's; at minus infinity between two walks. */
  readonly walk: Walk = { position: Number.NEGATIVE_INFINITY };
  private readonly topics = new Map<string, TopicBacklog>();
  /** False while it is not known what is on disk. */
  known = true;

  get empty(): boolean {
    return this.topics.size === 0;
  }

  get all(): Iterable<[string, TopicBacklog]> {
    return this.topics;
  }

  get(topic: string): TopicBacklog | undefined {
    return this.topics.get(topic);
  }

  make(topic: string): TopicBacklog {
    let backlog = this.topics.get(topic);
    if (!backlog) {
      backlog = new TopicBacklog(this.walk);
      this.topics.set(topic, backlog);
    }
    return backlog;
  }

  /**
   * Where a new record goes. It must follow its partition's records on disk, and all of its topic's records there whose
   * partition is not decided; a keyless one may take any partition that has none.
   */
  placeOf(topic: string, record: OutRecord, writer: Partitions | undefined): Place {
    const backlog = this.topics.get(topic);
    if (!backlog) return this.known ? direct : { behind: true };
    const count = writer?.partitions;
    if (count !== undefined) backlog.update(count);
    if (!this.known || !backlog.undecided.empty || count === undefined) return { behind: true };
    const partition = decidedPartition(record, count);
    if (partition !== undefined) return backlog.lanes.has(partition) ? { behind: true, partition } : direct;
    if (!writer || !backlog.hasFreePartition(writer)) return { behind: true };
    return { behind: false, mayTake: (one) => !backlog.lanes.has(one) };
  }

  /** Forgets the topics and lanes in which nothing is left. */
  prune(topic: string): void {
    const backlog = this.topics.get(topic);
    backlog?.prune();
    if (backlog?.empty) this.topics.delete(topic);
  }

  /** Finds what is on disk again; the partitions are not decided. */
  async find(log: Pick<DiskLog, 'read'>, isInMemory: (seq: number) => boolean): Promise<void> {
    for await (const { seq, content } of framesOf(log)) {
      if (!isInMemory(seq)) this.make(topicOf(content)).undecided.add(seq);
    }
  }

  clear(): void {
    this.topics.clear();
  }

  /** Forgets what is on disk only; records that are still being written stay. */
  forgetOnDisk(): void {
    for (const [topic, backlog] of [...this.topics]) {
      backlog.forgetOnDisk();
      if (backlog.empty) this.topics.delete(topic);
    }
  }
}

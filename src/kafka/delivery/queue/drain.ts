import type { DiskLog, StoredFrame } from '../../disk-queue/disk-log';
import type { OpenTopic } from '../open-topics';
import { decidedPartition } from '../partitioner';
import { decodeRecord, type StoredRecord, topicOf } from '../record/stored-record';
import type { Backlog, Lane, TopicBacklog } from './backlog';
import type { Eviction } from './eviction';
import { PartitionWindows } from './partition-windows';
import type { QueueHost } from './queue-host';

/** What a drain needs of its queue. */
export interface DrainedQueue {
  readonly log: Pick<DiskLog, 'read' | 'isPending' | 'numberOnDisk'>;
  readonly backlog: Backlog;
  readonly eviction: Pick<Eviction, 'promote' | 'promoteUndecided'>;
  /** The highest sequence number that is known to be on disk. */
  readonly lastSynced: number;
  inMemory(seq: number): boolean;
  handOver(stored: StoredRecord, seq: number, open: OpenTopic, partition: number): void;
  noteDamage(): void;
  unreadable(seq: number, topic: string): void;
}

const readBytes = 1_000_000;
const pollMs = 250;

/**
 * Reads records back from disk and hands them over to their topics' writers, in order. A partition that takes no more is
 * left behind: its records are skipped, and a later walk begins at its first one. So the walk begins at the lowest record
 * of all partitions that take records, and every partition remembers what was handed over.
 */
export class Drain {
  private running?: Promise<void>;
  private closed = false;
  private held = 0;
  private onWake?: () => void;
  /** The lanes that were left behind in this walk. */
  private readonly behind = new Set<Lane>();
  private readonly topicsBehind = new Set<string>();
  private clusterId?: string;
  /** What walks have achieved. */
  private steps = 0;
  /** Where this walk began. */
  private from = 0;
  readonly windows: PartitionWindows;

  /** @param memoryLimit bytes; half of it is for records that come back */
  constructor(
    private readonly queue: DrainedQueue,
    private readonly host: QueueHost,
    memoryLimit: number,
  ) {
    this.windows = new PartitionWindows(memoryLimit / 2, (seq) => queue.log.numberOnDisk(seq));
  }

  /** Something has changed: there may be records to hand over. */
  wake(): void {
    this.onWake?.();
    if (this.closed || this.running || this.queue.backlog.empty) return;
    // It begins in the next microtask: what it calls may wake it again at once.
    this.running = Promise.resolve()
      .then(() => this.run())
      .catch(() => {})
      .finally(() => {
        this.running = undefined;
      });
  }

  /** No record is handed over until the function it returns is called. */
  async hold(): Promise<() => void> {
    this.held++;
    this.wake();
    await this.running;
    return () => {
      this.held--;
      this.wake();
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.onWake?.();
    await this.running;
  }

  private get stopped(): boolean {
    return this.closed || this.held > 0;
  }

  private async run(): Promise<void> {
    while (!this.stopped && !this.queue.backlog.empty) {
      const from = this.start();
      const before = this.steps;
      if (from !== undefined) await this.walk(from);
      // Where a walk achieves nothing, the next one waits until something is different.
      if (this.steps === before) await this.change();
    }
  }

  /** The lowest record of the lanes that take records; undefined if none does. */
  private start(): number | undefined {
    if (this.host.paused || !this.queue.backlog.known) return undefined;
    if (this.host.clusterId === undefined) {
      // A topic's writer tells it.
      for (const [topic] of this.queue.backlog.all) this.host.openTopic(topic);
      return undefined;
    }
    let from: number | undefined;
    const offer = (lane: Lane): void => {
      if (lane.onDisk || lane.tail > 0) from = Math.min(from ?? lane.first, lane.first);
    };
    for (const [topic, backlog] of [...this.queue.backlog.all]) {
      const usable = this.usableTopic(topic);
      if (!usable) continue;
      const { open, count } = usable;
      backlog.update(count);
      if (this.windows.anyTakes(open, count)) offer(backlog.undecided);
      for (const [partition, lane] of backlog.lanes) {
        if (this.windows.readiness(open, partition) === 'ready') offer(lane);
      }
    }
    return from;
  }

  /** An open topic whose number of partitions is known, on a cluster that is the present one. */
  private usableTopic(topic: string): { open: OpenTopic; count: number } | undefined {
    const open = this.host.openTopic(topic);
    const { partitions: count, unconfirmed } = open?.writer ?? {};
    return open && count !== undefined && !unconfirmed ? { open, count } : undefined;
  }

  private async walk(from: number): Promise<void> {
    this.behind.clear();
    this.topicsBehind.clear();
    this.clusterId = this.host.clusterId;
    this.from = from;
    for (const [, { undecided, lanes }] of this.queue.backlog.all) {
      for (const lane of [undecided, ...lanes.values()]) lane.returned = false;
    }
    const { walk } = this.queue.backlog;
    walk.position = from;
    try {
      let end = 0;
      for (let next: number | undefined = Number.isFinite(from) ? from : undefined; next !== undefined; ) {
        // What is synced before the read begins is covered by it.
        end = this.queue.lastSynced;
        const page = await this.queue.log.read(next, readBytes);
        this.queue.noteDamage();
        for (const frame of page.frames) {
          walk.position = frame.seq;
          if (!(await this.offer(frame))) return;
          walk.position = frame.seq + 1;
        }
        next = page.next;
      }
      this.finish(end);
    } finally {
      walk.position = Number.NEGATIVE_INFINITY;
    }
  }

  /** What a walk came past and did not leave behind is handed over. @param end the last record that it covered */
  private finish(end: number): void {
    for (const [topic, backlog] of [...this.queue.backlog.all]) {
      if (this.topicsBehind.has(topic)) continue;
      for (const lane of [backlog.undecided, ...backlog.lanes.values()]) {
        // Nothing at or above `first` was left: it was settled, damaged, or is of another cluster.
        const isPassed = lane.onDisk && lane.first >= this.from && lane.last <= end;
        if (!isPassed || lane.returned || this.behind.has(lane)) continue;
        this.steps++;
        lane.first = lane.last + 1;
      }
      const usable = this.usableTopic(topic);
      if (usable) this.promote(usable.open, backlog, usable.count);
      this.queue.backlog.prune(topic);
    }
    this.host.changed();
  }

  /** Records that are still being written go to the writer at once where nothing older is on disk only. */
  private promote(open: OpenTopic, backlog: TopicBacklog, count: number): void {
    if (backlog.undecided.onDisk) return;
    backlog.prune();
    if (backlog.undecided.tail > 0) this.queue.eviction.promoteUndecided(backlog, open);
    for (const [partition, lane] of backlog.lanes) {
      const takes = partition < count && this.windows.readiness(open, partition) === 'ready';
      if (!lane.onDisk && takes && backlog.undecided.empty) this.queue.eviction.promote(lane);
    }
  }

  /** @returns false where the walk ends */
  private async offer({ seq, content }: StoredFrame): Promise<boolean> {
    if (this.queue.inMemory(seq) || !this.queue.log.isPending(seq)) return true;
    const topic = topicOf(content);
    const backlog = this.queue.backlog.get(topic);
    if (!backlog || this.topicsBehind.has(topic)) return true;
    const stored = decodeRecord(content);
    if (!stored) {
      this.queue.unreadable(seq, topic);
      return true;
    }
    for (;;) {
      if (this.stopped || this.host.paused || this.host.clusterId !== this.clusterId) return false;
      const usable = this.usableTopic(topic);
      if (!usable) {
        this.topicsBehind.add(topic);
        return true;
      }
      const { open, count } = usable;
      backlog.update(count);
      const decided = this.decided(stored, backlog.bound.get(seq), count);
      const lane = backlog.laneOf(seq, decided);
      if (!lane || this.behind.has(lane)) return true;
      // Older records are on disk, which this walk does not come past; undecided ones may take any partition.
      if (backlog.undecided.hasOlder(this.from)) {
        this.topicsBehind.add(topic);
        return true;
      }
      if (lane.hasOlder(this.from)) {
        this.behind.add(lane);
        return true;
      }
      const partition = decided ?? this.windows.choose(open, backlog, count, seq, stored.preferred);
      if (partition === undefined) {
        // No partition takes it: nothing of the topic may overtake it.
        this.topicsBehind.add(topic);
        return true;
      }
      const isBehind = (): boolean => this.isBehind(backlog.lanes.get(partition), lane, seq);
      const readiness = isBehind() ? 'stuck' : this.windows.readiness(open, partition);
      if (readiness === 'stuck') {
        this.leaveBehind(backlog, lane, partition, seq);
        return true;
      }
      if (readiness === 'ready' && this.host.makeRoom(stored.record.bytes)) {
        // To make room, older records may have gone to disk again.
        if (backlog.undecided.hasOlder(this.from) || lane.hasOlder(this.from) || isBehind()) continue;
        this.handOver(open, backlog, lane, stored, seq, partition);
        return true;
      }
      await this.change();
    }
  }

  /** Whether older records of the partition's own lane are on disk. */
  private isBehind(own: Lane | undefined, lane: Lane, seq: number): boolean {
    return own !== undefined && (this.behind.has(own) || (own !== lane && own.onDisk && own.first < seq));
  }

  /** The requested partition, the one it had, or that of its key; one that is gone counts only if it was requested. */
  private decided(
    { record, assigned }: StoredRecord,
    bound: number | undefined,
    count: number,
  ): number | undefined {
    const had = bound ?? assigned;
    const isThere = had !== undefined && had < count;
    return record.partition === undefined && isThere ? had : decidedPartition(record, count);
  }

  private handOver(
    open: OpenTopic,
    backlog: TopicBacklog,
    lane: Lane,
    stored: StoredRecord,
    seq: number,
    partition: number,
  ): void {
    this.steps++;
    lane.passed(seq);
    const own = backlog.lanes.get(partition);
    if (own?.first === seq) own.passed(seq);
    backlog.bound.delete(seq);
    this.windows.handedOver(open.name, partition, stored.record.bytes);
    this.queue.handOver(stored, seq, open, partition);
  }

  /** The partition takes no more: its records stay on disk, from this one on. */
  private leaveBehind(backlog: TopicBacklog, lane: Lane, partition: number, seq: number): void {
    const own = backlog.lane(partition);
    if (lane !== own) {
      own.add(seq);
      lane.passed(seq);
    } else own.passed(seq - 1);
    this.behind.add(own);
  }

  /** Resolves when something has changed, or after a quarter of a second. */
  private async change(): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      timer.unref();
      this.onWake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.onWake = undefined;
  }
}

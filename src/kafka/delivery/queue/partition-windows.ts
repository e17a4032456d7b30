import type { OpenTopic } from '../open-topics';
import type { AcceptedRecord } from './accepted-record';
import type { TopicBacklog } from './backlog';

/** Bytes of one partition that are with its writer, at most: one request in flight, and the next. */
const maxWindowBytes = 3_000_000;
/** What a record in memory takes beside its own bytes, about: small ones take most of it. */
const overheadBytes = 1000;
/** So many keyless records in a row take the same partition. */
const blockRecords = 100;
/** Partitions come back one after the other when brokers start. */
const recoveryMs = 15_000;
/** What can be done with a partition's next record. */
type Readiness = 'ready' | 'full' | 'stuck';

/** How much of each partition's records may be with its writer, and which partitions work. */
export class PartitionWindows {
  /** Since when partitions did not work for keyless records, by topic and partition. */
  private readonly brokenSince = new Map<string, number>();
  /** Bytes handed over and not answered, by topic and partition. */
  private readonly handed = new Map<string, number>();

  /**
   * @param bytesOfTopic bytes that all partitions of a topic share
   * @param numberOnDisk a record's number that later processes see too
   */
  constructor(
    private readonly bytesOfTopic: number,
    private readonly numberOnDisk: (seq: number) => number,
  ) {}

  handedOver(topic: string, partition: number, bytes: number): void {
    const key = `${partition}/${topic}`;
    this.handed.set(key, (this.handed.get(key) ?? 0) + bytes + overheadBytes);
  }

  /** A record that was handed over is answered, or withdrawn. */
  returned(accepted: AcceptedRecord): void {
    const { handedTo, topic, record } = accepted;
    if (handedTo === undefined) return;
    accepted.handedTo = undefined;
    const key = `${handedTo}/${topic}`;
    const left = (this.handed.get(key) ?? 0) - record.bytes - overheadBytes;
    if (left > 0) this.handed.set(key, left);
    else this.handed.delete(key);
  }

  readiness({ name, writer }: OpenTopic, partition: number): Readiness {
    if (!writer || writer.isStuck(partition)) return 'stuck';
    const handed = this.handed.get(`${partition}/${name}`) ?? 0;
    const window = Math.min(maxWindowBytes, this.bytesOfTopic / (writer.partitions ?? 1));
    return handed < window ? 'ready' : 'full';
  }

  /** The partition of a keyless record by its place on disk. */
  partitionOf(seq: number, count: number): number {
    return Math.floor(this.numberOnDisk(seq) / blockRecords) % count;
  }

  /** Whether any partition takes records now. */
  anyTakes(open: OpenTopic, count: number): boolean {
    for (let one = 0; one < count; one++) if (this.readiness(open, one) === 'ready') return true;
    return false;
  }

  /**
   * A partition for a keyless record, undefined while there is none: the preferred one, or the one that follows from its
   * place on disk. So it takes the same one after a crash, not another with later records; only where that does not work
   * for long, another one that works and has no older records on disk.
   * @param preferred the partition that it had before
   */
  choose(
    open: OpenTopic,
    backlog: TopicBacklog,
    count: number,
    seq: number,
    preferred: number = this.partitionOf(seq, count),
  ): number | undefined {
    const first = preferred % count;
    for (let step = 0; step < count; step++) {
      const partition = (first + step) % count;
      const lane = backlog.lanes.get(partition);
      const isFree = !lane?.onDisk || lane.first > seq;
      const works = isFree && this.readiness(open, partition) !== 'stuck';
      const key = `${partition}/${open.name}`;
      if (works) {
        this.brokenSince.delete(key);
        return partition;
      }
      const since = this.brokenSince.get(key) ?? performance.now();
      this.brokenSince.set(key, since);
      if (step === 0 && performance.now() - since < recoveryMs) return undefined;
    }
    return undefined;
  }
}

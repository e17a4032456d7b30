import type { Cause, Counters, RecordCounters } from './counters';
import type { OpenTopic } from './open-topics';
import type { DiskQueue } from './queue/disk-queue';
import type { Health } from './topic-health';

/** The state and counters of one topic, since it was opened. */
export interface TopicReport extends Omit<Counters, 'restored' | 'damaged' | 'discarded'> {
  topic: string;
  /** Pending records on disk, which may be in memory too; `waiting` counts those in memory. */
  onDisk: number;
  state: Health['state'];
  lastCause?: Cause;
}

/** The state and counters of an outbox. A closed topic stays in the totals but not in the list. */
export interface OutboxReport extends Counters {
  state: Health['state'];
  paused: boolean;
  /** Bytes of pending records. */
  memoryLimit: number;
  /** Acknowledged records per second, over the last few seconds, to one decimal. */
  rate: number;
  /** `host:port` of each unreachable broker. */
  brokersAway: string[];
  lastCause?: Cause;
  /** Pending records on disk, which may be in memory too. */
  onDisk: number;
  /** Bytes of all files of the queue. */
  diskBytes: number;
  /** Bytes; 0 without a queue on disk. */
  diskLimit: number;
  topics: TopicReport[];
}

/** What a report reads from the outbox itself. */
interface OutboxState {
  readonly health: Health;
  readonly paused: boolean;
  readonly acknowledgedPerSecond: number;
  readonly brokersAway: string[];
}

/** A snapshot: later records do not change it. */
export function reportOn(
  { health, paused, acknowledgedPerSecond, brokersAway }: OutboxState,
  memoryLimit: number,
  { counts, lastCause }: RecordCounters,
  topics: OpenTopic[],
  queue: DiskQueue | undefined,
): OutboxReport {
  const { fileBytes = 0, limit = 0 } = queue?.log.stats ?? {};
  return {
    state: health.state,
    paused,
    ...counts,
    memoryLimit,
    rate: Math.round(acknowledgedPerSecond * 10) / 10,
    brokersAway,
    lastCause,
    onDisk: queue?.records ?? 0,
    diskBytes: fileBytes,
    diskLimit: limit,
    topics: topics.map(({ name, health, counters }) => {
      const { in: accepted, acked, failed, waiting, waitingBytes, retries } = counters.counts;
      const onDisk = queue?.onDisk.get(name) ?? 0;
      const counts = { in: accepted, acked, failed, waiting, waitingBytes, onDisk, retries };
      return { topic: name, state: health.state, ...counts, lastCause: counters.lastCause };
    }),
  };
}

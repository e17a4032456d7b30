import type { Cause, Counters, RecordCounters } from './counters';
import type { OpenTopic } from './open-topics';
import type { Health } from './topic-writer';

/** The counters of one topic, since it was opened. */
export interface TopicReport extends Counters {
  topic: string;
  state: Health['state'];
  lastCause?: Cause;
}

/** All that can be told of an outbox. A topic that was let go counts on in the totals, and is listed no more. */
export interface OutboxReport extends Counters {
  state: Health['state'];
  paused: boolean;
  /** Bytes that may wait. */
  memoryLimit: number;
  /** Records acknowledged a second, over the last few seconds, to one decimal. */
  rate: number;
  /** `host:port` each. */
  brokersAway: string[];
  lastCause?: Cause;
  topics: TopicReport[];
}

/** What a report tells of the outbox itself. */
interface Subject {
  readonly health: Health;
  readonly paused: boolean;
  readonly acknowledgedPerSecond: number;
  readonly brokersAway: string[];
}

/** Puts a report together; what it holds does not change any more. */
export function reportOn(
  { health, paused, acknowledgedPerSecond, brokersAway }: Subject,
  memoryLimit: number,
  { counters, lastCause }: RecordCounters,
  topics: OpenTopic[],
): OutboxReport {
  return {
    state: health.state,
    paused,
    ...counters,
    memoryLimit,
    rate: Math.round(acknowledgedPerSecond * 10) / 10,
    brokersAway,
    lastCause,
    topics: topics.map(({ name, health, tally }) => ({
      topic: name,
      state: health.state,
      ...tally.counters,
      lastCause: tally.lastCause,
    })),
  };
}

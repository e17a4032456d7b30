import { Problem } from '../../util/problem';
import type { BrokerRequests } from '../connection/broker-requests';
import type { AdminClient } from './admin-client';
import { describedResources } from './configs/describe-configs';

// A clock may be a little behind; no useful retention is shorter.
const youngMs = 60_000;
const maxAgeMs = 10 * 60_000;
const maxTopics = 1000;

interface KnownTopic {
  /** undefined: not known, or the user may not know it. */
  retentionMs?: number;
  /** Milliseconds of `performance.now()` when it was last read. */
  readAt: number;
  reading: boolean;
  warned: boolean;
  /** The oldest timestamp since it was last read, epoch milliseconds. */
  oldest: number;
}

/**
 * Warns once per topic of a record whose timestamp is older than the topic's retention: Kafka acknowledges it, and deletes
 * it. Asks the cluster only when a timestamp is over a minute old, at most every ten minutes. A user without the
 * permission DescribeConfigs gets no warning.
 */
export class RetentionWarnings {
  private readonly topics = new Map<string, KnownTopic>();
  private closed = false;

  /** @param warn called with a Problem "timestamp-expired" */
  constructor(
    private readonly admin: Pick<AdminClient, 'use'>,
    private readonly warn: (problem: Problem) => void,
  ) {}

  /** Call it for each acknowledged record. @param timestamp of the record in Kafka, epoch milliseconds */
  check(topic: string, timestamp: number): void {
    if (Date.now() - timestamp < youngMs || this.closed) return;
    const known = this.known(topic);
    if (known.warned) return;
    known.oldest = Math.min(known.oldest, timestamp);
    if (!known.reading && performance.now() - known.readAt > maxAgeMs) void this.read(topic, known);
    if (!known.reading) this.compare(topic, known);
  }

  /** No more warnings. */
  close(): void {
    this.closed = true;
  }

  private known(topic: string): KnownTopic {
    const found = this.topics.get(topic);
    if (found) return found;
    const [first] = this.topics.keys();
    if (first !== undefined && this.topics.size >= maxTopics) this.topics.delete(first);
    const known: KnownTopic = {
      readAt: Number.NEGATIVE_INFINITY,
      reading: false,
      warned: false,
      oldest: Number.POSITIVE_INFINITY,
    };
    this.topics.set(topic, known);
    return known;
  }

  private async read(topic: string, known: KnownTopic): Promise<void> {
    known.reading = true;
    // The record is in Kafka: an error here is none of its own.
    known.retentionMs = await this.admin
      .use((requests) => topicRetention(requests, topic))
      .catch(() => undefined);
    known.reading = false;
    known.readAt = performance.now();
    this.compare(topic, known);
  }

  private compare(topic: string, known: KnownTopic): void {
    const { retentionMs = Number.POSITIVE_INFINITY } = known;
    const age = Date.now() - known.oldest;
    known.oldest = Number.POSITIVE_INFINITY;
    if (this.closed || age <= retentionMs) return;
    known.warned = true;
    const params = { topic, age: shortDuration(age), retention: shortDuration(retentionMs) };
    this.warn(new Problem('timestamp-expired', params));
  }
}

/** How long a topic keeps a record, in milliseconds; Infinity where that does not depend on the record's age. */
async function topicRetention(requests: BrokerRequests, topic: string): Promise<number> {
  const [described] = await describedResources(requests, [topic], 'topic');
  const configOf = (wanted: string): string =>
    described?.configs.find(({ name }) => name === wanted)?.value ?? '';
  const retentionMs = Number.parseInt(configOf('retention.ms'), 10);
  return retentionMs >= 0 && configOf('cleanup.policy').includes('delete')
    ? retentionMs
    : Number.POSITIVE_INFINITY;
}

/** Two days or more in days, …; the symbols are the same in all languages. */
function shortDuration(ms: number): string {
  const units: Array<[symbol: string, ms: number]> = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ];
  const [symbol, size] = units.find(([, size]) => ms >= 2 * size) ?? ['s', 1000];
  return `${Math.floor(ms / size)} ${symbol}`;
}

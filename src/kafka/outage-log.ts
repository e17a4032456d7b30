import { Problem } from '../util/problem';
import type { ErrorSource } from './errors';

/** The state of one topic. */
export interface TopicState {
  topic: string;
  /** Connected. */
  healthy: boolean;
  /** Since when Kafka has answered nothing for its records, or the topic cannot be written; and why. */
  failure?: TopicFailure;
  /** How many records wait. */
  waiting(): number;
}

export interface TopicFailure {
  /** Milliseconds of `performance.now()`. */
  since: number;
  source: ErrorSource;
  problem: Problem;
}

/** Receives the lines of the log. */
export interface OutageListener {
  /** An outage lasts: at its beginning, for a new cause or topic, and every ten minutes. */
  warn(problem: Problem): void;
  /** An outage is over: how long it took, and how many records waited. */
  over(problem: Problem): void;
}

// Longer than the election of a leader; with a check every second, the warning comes within ten seconds.
const thresholdMs = 7000;
const repeatMs = 10 * 60_000;
// A new cause or topic during an outage: those that follow each other share a line.
const newCauseMs = 60_000;
// This process was busy, or the machine slept: answers may have arrived that are not read yet.
const lateCheckMs = 3000;
// A connection that is too slow for its records recovers again and again: then only longer outages count.
const flappingEnds = 3;
const flappingThresholdMs = 60_000;
const maxTopics = 5;

/**
 * Reports the outages of one cluster to the log: one warning when records have waited for some seconds, however many
 * nodes and topics they are of, and one line at the end. An outage is of the cluster (unreachable, or the login is
 * rejected) or of topics (Kafka answers, but does not accept their records).
 */
export class OutageLog {
  private readonly ofCluster = new Outage();
  private readonly ofTopics = new Outage();
  private checkedAt?: number;
  /** When the last outages ended. */
  private ends: number[] = [];

  /**
   * @param brokers the cluster's address, for the sentences
   * @param now milliseconds of a monotonic clock
   */
  constructor(
    private readonly brokers: string,
    private readonly listener: OutageListener,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Call it every second. @param states all open topics; none: outages are forgotten without a line */
  check(states: TopicState[]): void {
    const now = this.now();
    const isLate = this.checkedAt !== undefined && now - this.checkedAt > lateCheckMs;
    this.checkedAt = now;
    if (isLate && states.length > 0) return;
    this.ends = this.ends.filter((end) => now - end < repeatMs);
    const threshold = this.ends.length < flappingEnds ? thresholdMs : flappingThresholdMs;
    const isOld = ({ failure }: TopicState): boolean =>
      failure !== undefined && now - failure.since >= threshold;
    const isHealthy = (state: TopicState): boolean => state.healthy && !isOld(state);
    const isAnswered = ({ failure }: TopicState): boolean => failure?.source === 'answer';
    const old = states.filter(isOld);

    const unanswered = longestFirst(old.filter((state) => !isAnswered(state)));
    const [first] = unanswered;
    if (first?.failure) {
      const { source, problem } = first.failure;
      if (this.ofCluster.update(unanswered, [source], now)) {
        const key = source === 'login' ? 'outage-login' : 'outage-connection';
        this.listener.warn(new Problem(key, { ...this.facts(this.ofCluster, now), cause: problem }));
      }
    } else if (states.every((state) => isHealthy(state) || isAnswered(state))) {
      // While a broker is down, failed connections and answers of the others take turns.
      const isOver = states.every(isHealthy) || now - this.ofCluster.seenAt >= thresholdMs;
      if (isOver) this.end(this.ofCluster, states.length > 0, 'outage-over', now);
    }

    const unaccepted = longestFirst(old.filter(isAnswered));
    const [longest] = unaccepted;
    if (longest?.failure) {
      if (this.ofTopics.update(unaccepted, unaccepted.map(nameOf), now)) {
        const topics = listed(unaccepted.map(nameOf));
        const { problem } = longest.failure;
        this.listener.warn(
          new Problem('outage-topics', { ...this.facts(this.ofTopics, now), topics, cause: problem }),
        );
      }
    } else {
      const affected = states.filter(({ topic }) => this.ofTopics.reported.has(topic));
      if (affected.every(isHealthy)) this.end(this.ofTopics, affected.length > 0, 'outage-topics-over', now);
    }
  }

  /** @param known whether an open topic shows that it is over: a closed one shows nothing */
  private end(outage: Outage, known: boolean, key: 'outage-over' | 'outage-topics-over', now: number): void {
    if (outage.active && known) {
      const { most } = outage;
      this.ends.push(now);
      this.listener.over(
        new Problem(key, { ...this.facts(outage, now), topics: listed([...outage.reported]), most }),
      );
    }
    outage.end();
  }

  private facts({ since, waiting }: Outage, now: number): Record<string, string | number | Problem> {
    return { brokers: this.brokers, duration: duration(now - since), waiting };
  }
}

/** One outage, between its first warning and its end. */
class Outage {
  since = Number.POSITIVE_INFINITY;
  /** How many records waited at the last check. */
  waiting = 0;
  /** The most that waited at any check. */
  most = 0;
  /** The causes or topics that the log has named. */
  readonly reported = new Set<string>();
  /** When it was last checked and not over. */
  seenAt = Number.NEGATIVE_INFINITY;
  private reportedAt = Number.NEGATIVE_INFINITY;

  get active(): boolean {
    return this.reported.size > 0;
  }

  /** @param names what a warning would name @returns whether a warning is due; it counts as given */
  update(failing: TopicState[], names: string[], now: number): boolean {
    this.since = Math.min(this.since, ...failing.map(({ failure }) => failure?.since ?? now));
    this.waiting = failing.reduce((sum, state) => sum + state.waiting(), 0);
    this.most = Math.max(this.most, this.waiting);
    this.seenAt = now;
    const isNew = names.some((name) => !this.reported.has(name));
    if (now - this.reportedAt < (isNew ? newCauseMs : repeatMs)) return false;
    for (const name of names) this.reported.add(name);
    this.reportedAt = now;
    return true;
  }

  end(): void {
    this.since = Number.POSITIVE_INFINITY;
    this.most = 0;
    this.reported.clear();
    this.reportedAt = Number.NEGATIVE_INFINITY;
  }
}

const nameOf = ({ topic }: TopicState): string => topic;

const longestFirst = (states: TopicState[]): TopicState[] =>
  states.sort((a, b) => (a.failure?.since ?? 0) - (b.failure?.since ?? 0));

/** Names in quotes: each once, a few of many. */
function listed(topics: string[]): string {
  const names = [...new Set(topics)].map((topic) => `“${topic}”`);
  const more = names.length > maxTopics ? ' …' : '';
  return names.slice(0, maxTopics).join(', ') + more;
}

/** A time as a sentence: seconds, minutes, or hours and minutes. */
function duration(ms: number): Problem {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return new Problem('duration-seconds', { seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return new Problem('duration-minutes', { minutes });
  return new Problem('duration-hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

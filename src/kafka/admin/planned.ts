import type { BrokerRequests } from '../connection/broker-requests';
import type { TopicChanges } from './topic-changes';

/** What an operation is going to change, validated by the broker where it can. */
export interface Planned {
  /** What the operation answers, but for `dryRun`. */
  answer: Record<string, unknown>;
  /**
   * Carries it out. It may be called again after a failed attempt.
   * @param changes records what is done
   * @param signal nothing is sent after it
   * @returns what differs from `answer` afterwards
   */
  apply(
    requests: BrokerRequests,
    changes: TopicChanges,
    signal: AbortSignal,
  ): Promise<Record<string, unknown> | undefined>;
}

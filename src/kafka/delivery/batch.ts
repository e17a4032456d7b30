import type { IHeaders, Message } from 'kafkajs';
import { Problem } from '../../util/problem';
import type { ClassifiedError } from '../errors';
import { batchRetryWaits } from '../retry-policy';
import type { PendingRecord } from './pending-record';
import type { Acknowledgement } from './topic-producer';

/**
 * The records of one Produce request to one partition, in order. A batch whose outcome is unknown is retried
 * with exactly the same records: an idempotent producer's sequence numbers fit no other batch.
 */
export class Batch {
  /** An attempt has failed and the batch is retried. */
  retried = false;
  /** The wait before the next retry, in milliseconds. */
  readonly nextRetry = batchRetryWaits();
  private outcomeUnknown = false;

  constructor(private records: PendingRecord[]) {}

  get pending(): PendingRecord[] {
    return this.records.filter((pending) => !pending.answered);
  }

  /** The oldest record without an answer. */
  get oldest(): PendingRecord | undefined {
    return this.records.find((pending) => !pending.answered);
  }

  get size(): number {
    return this.records.length;
  }

  get bytes(): number {
    return this.records.reduce((sum, { record }) => sum + record.bytes, 0);
  }

  /** Leaves out the records that have expired, unless the outcome of an earlier attempt is unknown. */
  dropExpired(): void {
    if (!this.outcomeUnknown) this.records = this.pending;
  }

  /** Marks the records as in flight. @returns them as kafkajs sends them */
  attempt(partition: number): Message[] {
    for (const pending of this.records) pending.attempt();
    return this.records.map(({ record: { key, value, headers, timestamp } }) => ({
      key,
      value,
      // kafkajs's type does not have the null that Kafka allows.
      headers: headers as IHeaders | undefined,
      timestamp: String(timestamp),
      partition,
    }));
  }

  attemptFailed({ outcomeUnknown, problem }: ClassifiedError): void {
    this.outcomeUnknown ||= outcomeUnknown;
    for (const pending of this.records) pending.attemptFailed(problem, outcomeUnknown);
  }

  /** @param acknowledgement undefined where Kafka has the records but their offsets are unknown */
  acknowledge(topic: string, partition: number, acknowledgement?: Acknowledgement): void {
    const { baseOffset = '-1', logAppendTime = -1 } = acknowledgement ?? {};
    const base = baseOffset === '-1' ? undefined : BigInt(baseOffset);
    this.records.forEach((pending, index) => {
      pending.acknowledge({
        topic,
        partition,
        ...(base === undefined ? {} : { offset: String(base + BigInt(index)) }),
        timestamp: logAppendTime >= 0 ? logAppendTime : pending.record.timestamp,
      });
    });
  }

  reject({ problem }: ClassifiedError): void {
    for (const pending of this.records) {
      pending.fail(new Problem(problem.key, { ...problem.params, bytes: pending.record.bytes }));
    }
  }

  /** The batch as two, in order; neither has been attempted. */
  halves(): [Batch, Batch] {
    const middle = Math.ceil(this.records.length / 2);
    return [new Batch(this.records.slice(0, middle)), new Batch(this.records.slice(middle))];
  }
}

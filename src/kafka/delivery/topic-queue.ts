import { Problem } from '../../util/problem';
import type { PendingRecord } from './pending-record';

/** What a queue writes to once its topic is open. */
export interface RecordWriter {
  write(pending: PendingRecord): void;
}

/** The records of a topic that cannot be opened yet, in order. Their delivery timeout runs. */
export class TopicQueue {
  private records: PendingRecord[] = [];

  /** @param cause why the topic is not open, for the error of a record that expires */
  constructor(private readonly cause: Problem) {}

  add(pending: PendingRecord): void {
    this.records.push(pending);
  }

  /** Hands all records to the topic's writer. */
  writeTo(writer: RecordWriter): void {
    for (const pending of this.records.splice(0)) if (!pending.answered) writer.write(pending);
  }

  /** Forgets the records that were withdrawn. */
  prune(): void {
    this.records = this.records.filter((pending) => !pending.answered);
  }

  /** Fails the records whose delivery timeout has expired. @param now milliseconds of `performance.now()` */
  expire(now: number): void {
    const firstPending = this.records.findIndex(({ deadline }) => deadline > now);
    for (const pending of this.records.splice(0, firstPending < 0 ? this.records.length : firstPending)) {
      const seconds = Math.round(pending.timeouts.deliveryTimeout / 1000);
      pending.fail(new Problem('not-delivered', { seconds, cause: this.cause }));
    }
  }

  /** Fails all records. @returns how many */
  close(): number {
    const records = this.records.splice(0).filter((pending) => !pending.answered);
    for (const pending of records) pending.fail(new Problem('closed-before-ack', { cause: this.cause }));
    return records.length;
  }
}

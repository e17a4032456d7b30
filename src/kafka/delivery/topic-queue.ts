import { Problem } from '../../util/problem';
import { type Delivery, type DeliveryTimeouts, PendingRecord, type RecordOwner } from './pending-record';
import type { OutRecord } from './record/record';

/** What a queue writes to once its topic is open. */
export interface RecordWriter {
  write(
    record: OutRecord,
    owner: RecordOwner,
    timeouts: DeliveryTimeouts,
    acceptedAt: number,
  ): Pick<PendingRecord, 'answer'>;
}

/** The records of a topic that cannot be opened yet, in order. Their delivery timeout runs. */
export class TopicQueue {
  private readonly records: PendingRecord[] = [];

  /** @param cause why the topic is not open, for the error of a record that expires */
  constructor(private readonly cause: Problem) {}

  /** Adds a record. @returns its answer: that of the writer later, or a Problem if it expires first */
  add(record: OutRecord, owner: RecordOwner, timeouts: DeliveryTimeouts): Promise<Delivery> {
    const pending = new PendingRecord(record, owner, timeouts, performance.now());
    this.records.push(pending);
    return pending.answer;
  }

  /** Hands all records to the topic's writer. */
  writeTo(writer: RecordWriter): void {
    for (const pending of this.records.splice(0)) {
      const { record, owner, timeouts, acceptedAt } = pending;
      writer.write(record, owner, timeouts, acceptedAt).answer.then(
        (delivery) => pending.acknowledge(delivery),
        (problem) => pending.fail(problem),
      );
    }
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
    const records = this.records.splice(0);
    for (const pending of records) pending.fail(new Problem('closed-before-ack', { cause: this.cause }));
    return records.length;
  }
}

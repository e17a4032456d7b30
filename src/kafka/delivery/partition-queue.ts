import type { Message } from 'kafkajs';
import { sleep } from '../../util/sleep';
import { type ClassifiedError, classifyError } from '../errors';
import { Batch } from './batch';
import type { PendingRecord } from './pending-record';
import type { Acknowledgement } from './topic-producer';

/** What happened to the requests of one partition. */
export type PartitionEvent =
  /** A new batch leaves the queue. */
  | { type: 'batch-sent' }
  | { type: 'acknowledged' }
  /** An attempt failed and is retried; `thrown` is what the producer threw. */
  | { type: 'retrying'; error: ClassifiedError; thrown: unknown }
  /** Records of unknown outcome have expired: the producer's sequence numbers no longer fit. */
  | { type: 'sequence-lost' }
  /** Nothing is pending. */
  | { type: 'idle' };

/** What a queue needs, and whom it reports to. */
export interface PartitionQueueOptions {
  readonly topic: string;
  readonly partition: number;
  /** Ends the waits between retries. */
  readonly closing: AbortSignal;
  /** A refusal of all records is retried like an outage. */
  readonly waitsForAcceptance: boolean;
  /** Sends one request to the partition; resolves with the acknowledgement of exactly these records. */
  send(messages: Message[]): Promise<Acknowledgement>;
  /** Called with each event. Where it returns a promise, the queue sends nothing until that settles. */
  onEvent(event: PartitionEvent): void | Promise<void>;
}

// A broker with default settings rejects a request over 1,048,588 bytes.
const maxBatchBytes = 1_000_000;
// A connection of a few kilobytes per second still carries this much before a request times out.
const minBatchBytes = 16_000;
// kafkajs builds a batch in quadratic time.
const maxBatchRecords = 2000;
const overdueMs = 1000;
/** An acknowledgement within this time doubles the batch limit again. */
const fastAcknowledgementMs = 2000;

/**
 * The records of one partition, in order, with one request in flight. Records that arrive meanwhile go with
 * the next batch. After each attempt there are four next steps: acknowledge, retry, split or reject. A batch
 * is split only after a rejection (to find the rejected record) or after a timeout for which the client was
 * replaced (a slow connection may never carry so much at once); a batch of unknown outcome is otherwise
 * retried as it was.
 */
export class PartitionQueue {
  private waiting: PendingRecord[] = [];
  private waitingBytes = 0;
  /** Batches cut from the queue, in order: the first is in flight or being retried, the others were split off. */
  private batches: Batch[] = [];
  private inFlight = false;
  /** Bytes of the next batch: halved when a request times out, doubled by each fast acknowledgement. */
  private batchLimit = maxBatchBytes;
  private running = false;
  private batchSentAt?: number;
  /** When Kafka last acknowledged or rejected a batch. */
  private answeredAt = 0;
  private endLinger?: () => void;

  constructor(private readonly options: PartitionQueueOptions) {}

  push(pending: PendingRecord): void {
    this.waiting.push(pending);
    this.waitingBytes += pending.record.bytes;
    if (this.full) this.endLinger?.();
    if (this.running) return;
    this.running = true;
    // Records that arrive in this turn of the event loop share the first request.
    setImmediate(() => void this.run());
  }

  /** All records without an answer, in order. */
  get pending(): PendingRecord[] {
    const unanswered = this.waiting.filter((pending) => !pending.answered);
    return [...this.batches.flatMap((batch) => batch.pending), ...unanswered];
  }

  /**
   * The oldest record without an answer, and since when Kafka has answered nothing for this partition
   * (milliseconds of `performance.now()`; a record that lingers does not wait for Kafka).
   */
  get oldest(): { record: PendingRecord; since: number } | undefined {
    const inBatch = this.batches.find((batch) => batch.oldest)?.oldest;
    const record = inBatch ?? this.waiting.find((pending) => !pending.answered);
    return record && { record, since: Math.max(record.due, this.answeredAt) };
  }

  /** The batch has been in flight for so long that keyless records should take another partition. */
  get overdue(): boolean {
    return this.batchSentAt !== undefined && performance.now() - this.batchSentAt > overdueMs;
  }

  /** Takes all records out of the queue, in order, except those of a request in flight. */
  withdraw(): PendingRecord[] {
    const kept = this.inFlight ? this.batches.splice(0, 1) : [];
    const withdrawn = this.pending;
    this.batches = kept;
    this.waiting = [];
    this.waitingBytes = 0;
    return withdrawn;
  }

  /** Forgets the waiting records that are answered or withdrawn. */
  prune(): void {
    this.waiting = this.waiting.filter((pending) => !pending.answered);
    this.waitingBytes = this.waiting.reduce((sum, { record }) => sum + record.bytes, 0);
  }

  private get full(): boolean {
    return this.waitingBytes >= this.batchLimit || this.waiting.length >= maxBatchRecords;
  }

  private async run(): Promise<void> {
    while (this.batches.length > 0 || this.waiting.length > 0) {
      if (this.batches.length === 0) await this.cutBatch();
      const [batch] = this.batches;
      if (batch) await this.deliver(batch);
      if (this.batches.length === 0) this.batchSentAt = undefined;
    }
    this.running = false;
    await this.options.onEvent({ type: 'idle' });
  }

  private async cutBatch(): Promise<void> {
    await this.linger();
    let count = 0;
    let bytes = 0;
    for (const { record } of this.waiting) {
      if (count === maxBatchRecords || (count > 0 && bytes + record.bytes > this.batchLimit)) break;
      bytes += record.bytes;
      count++;
    }
    this.waitingBytes -= bytes;
    const batch = new Batch(this.waiting.splice(0, count));
    batch.dropExpired();
    if (batch.size === 0) return;
    this.batches.push(batch);
    this.batchSentAt = performance.now();
    await this.options.onEvent({ type: 'batch-sent' });
  }

  private async linger(): Promise<void> {
    const wait = (this.waiting[0]?.due ?? 0) - performance.now();
    if (wait <= 0 || this.full) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.endLinger = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endLinger = undefined;
  }

  /** One attempt at the first batch, and the next step after it. */
  private async deliver(batch: Batch): Promise<void> {
    batch.dropExpired();
    if (batch.pending.length === 0) {
      this.batches.shift();
      // kafkajs reports only its last failure: an earlier attempt of its own may have used sequence numbers.
      if (batch.retried) await this.options.onEvent({ type: 'sequence-lost' });
      return;
    }
    let acknowledgement: Acknowledgement;
    try {
      acknowledgement = await this.attempt(batch);
    } catch (thrown) {
      await this.attemptFailed(batch, classifyError(thrown, this.options.topic), thrown);
      return;
    }
    this.acknowledge(batch, acknowledgement);
  }

  private async attempt(batch: Batch): Promise<Acknowledgement> {
    const sentAt = performance.now();
    this.inFlight = true;
    try {
      const acknowledgement = await this.options.send(batch.attempt(this.options.partition));
      if (performance.now() - sentAt < fastAcknowledgementMs) {
        this.batchLimit = Math.min(this.batchLimit * 2, maxBatchBytes);
      }
      return acknowledgement;
    } finally {
      this.inFlight = false;
    }
  }

  private acknowledge(batch: Batch, acknowledgement?: Acknowledgement): void {
    this.batches.shift();
    this.answeredAt = performance.now();
    void this.options.onEvent({ type: 'acknowledged' });
    batch.acknowledge(this.options.topic, this.options.partition, acknowledgement);
  }

  private async attemptFailed(batch: Batch, error: ClassifiedError, thrown: unknown): Promise<void> {
    if (error.alreadyWritten) return this.acknowledge(batch);
    batch.attemptFailed(error);
    const waits = error.action === 'reject-all' && this.options.waitsForAcceptance;
    if (error.action !== 'retry' && !waits) return this.reject(batch, error);
    batch.retried = true;
    await this.options.onEvent({ type: 'retrying', error, thrown });
    // The listener may have withdrawn the records.
    if (this.batches[0] !== batch) return;
    if (error.replace === 'now' && this.lowerBatchLimit(batch)) this.split(batch);
    else await sleep(batch.nextRetry(), this.options.closing);
  }

  /** Rejects all records of the batch, or splits it to find the one that the broker rejects. */
  private async reject(batch: Batch, error: ClassifiedError): Promise<void> {
    this.answeredAt = performance.now();
    // A batch rejected at its first attempt is not in the log and has used no sequence numbers.
    if (batch.retried) await this.options.onEvent({ type: 'sequence-lost' });
    if (error.action === 'reject-all' || batch.size === 1) {
      this.batches.shift();
      batch.reject(error);
    } else this.split(batch);
  }

  /** @returns whether the batch is to be split for the new limit */
  private lowerBatchLimit(batch: Batch): boolean {
    if (batch.size === 1 || batch.bytes <= minBatchBytes) return false;
    this.batchLimit = Math.max(minBatchBytes, Math.min(this.batchLimit, batch.bytes) / 2);
    return true;
  }

  private split(batch: Batch): void {
    this.batches.splice(0, 1, ...batch.halves());
  }
}

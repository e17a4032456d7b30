import type { Message } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { type ClassifiedError, classifyError } from '../errors';
import type { PendingRecord } from './pending-record';
import type { Acknowledgement } from './topic-producer';

/** What a queue needs of its topic. */
export interface PartitionEvents {
  readonly topic: string;
  /** Aborted when the topic's writer closes: no more waiting. */
  readonly closing: AbortSignal;
  /** Sends one request; resolves with the acknowledgement of exactly this batch. */
  send(partition: number, messages: Message[]): Promise<Acknowledgement>;
  /** An attempt failed with what was thrown; the client may be replaced for it. */
  failed(partition: number, verdict: ClassifiedError, thrown: unknown): void;
  /** An attempt succeeded. */
  succeeded(partition: number): void;
  /** Sequence numbers are in doubt: go on with a new client. */
  resetProducer(): void;
  /** Nothing waits for the partition any more. */
  drained(partition: number): void;
  /** The partition may be gone: true if these records were taken back to be given other partitions. */
  reroute(partition: number, batch: PendingRecord[]): Promise<boolean>;
  /** A batch has left for this partition. */
  left(partition: number): void;
}

// A request over 1,048,588 bytes is refused by a broker with default settings.
const batchBytes = 1_000_000;
// What a line of a few kilobytes a second still carries before a request times out.
const leastBatchBytes = 16_000;
// kafkajs gathers a batch in quadratic time.
const batchRecords = 2000;
const firstWaitMs = 100;
const longestWaitMs = 2000;
const overdueMs = 1000;
const soonMs = 2000;

/**
 * The records of one partition, in order, with one request in flight: what gathers while it is out goes
 * with the next. A batch whose outcome is in doubt is sent again as it was, never merged or reordered, and split
 * only where no answer came in time, by a new client: a slow line may never carry so much at once.
 */
export class PartitionQueue {
  private waiting: PendingRecord[] = [];
  private bytes = 0;
  /** Bytes of the next batch: halved when no answer came in time, doubled by each that came soon. */
  private limit = batchBytes;
  private inFlight: PendingRecord[] = [];
  private running = false;
  private leftAt?: number;
  private endLinger?: () => void;

  constructor(
    readonly partition: number,
    private readonly lane: PartitionEvents,
  ) {}

  push(entry: PendingRecord): void {
    this.waiting.push(entry);
    this.bytes += entry.record.bytes;
    if (this.full) this.endLinger?.();
    if (this.running) return;
    this.running = true;
    // What arrives in this turn of the event loop shares the first request.
    setImmediate(() => void this.run());
  }

  /** All that has no answer yet. */
  entries(): PendingRecord[] {
    return [...this.inFlight, ...this.waiting].filter((entry) => !entry.answered);
  }

  /** Its batch has been out for so long that a record which may go elsewhere should. */
  get overdue(): boolean {
    return this.leftAt !== undefined && performance.now() - this.leftAt > overdueMs;
  }

  /** Empties the queue of what has not been sent. */
  takeAll(): PendingRecord[] {
    const all = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    return all;
  }

  private get full(): boolean {
    return this.bytes >= this.limit || this.waiting.length >= batchRecords;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.linger();
      const batch = this.take();
      if (batch.length === 0) continue;
      this.inFlight = batch;
      this.leftAt = performance.now();
      this.lane.left(this.partition);
      await this.deliver(batch);
      this.inFlight = [];
      this.leftAt = undefined;
    }
    this.running = false;
    this.lane.drained(this.partition);
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

  private take(): PendingRecord[] {
    let count = 0;
    let bytes = 0;
    for (const { record } of this.waiting) {
      if (count === batchRecords || (count > 0 && bytes + record.bytes > this.limit)) break;
      bytes += record.bytes;
      count++;
    }
    this.bytes -= bytes;
    return this.waiting.splice(0, count).filter((entry) => !entry.answered);
  }

  private async deliver(batch: PendingRecord[]): Promise<void> {
    let entries = batch;
    let outcomeUnknown = false;
    let attempted = false;
    for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
      if (!outcomeUnknown) entries = entries.filter((entry) => !entry.answered);
      if (entries.every((entry) => entry.answered)) {
        // Given up, and it may lie in the log, for kafkajs tells the last failure only, also of those that it tried
        // again: the next batch must not use its sequence numbers.
        if (attempted) this.lane.resetProducer();
        return;
      }
      try {
        const messages = entries.map((entry) => toMessage(entry, this.partition));
        for (const entry of entries) entry.attempt();
        const sentAt = performance.now();
        const acknowledgement = await this.lane.send(this.partition, messages);
        if (performance.now() - sentAt < soonMs) this.limit = Math.min(this.limit * 2, batchBytes);
        this.acknowledge(entries, acknowledgement);
        return;
      } catch (error) {
        const verdict = classifyError(error, this.lane.topic);
        if (verdict.code === 'DUPLICATE_SEQUENCE_NUMBER') {
          this.acknowledge(entries, { baseOffset: '-1', logAppendTime: -1 });
          return;
        }
        outcomeUnknown ||= verdict.outcomeUnknown;
        for (const entry of entries) entry.attemptFailed(verdict.problem, verdict.outcomeUnknown);
        if (verdict.action !== 'retry') {
          // What was refused at once is not in the log, and has used no sequence numbers.
          if (attempted) this.lane.resetProducer();
          await this.refused(entries, verdict);
          return;
        }
        attempted = true;
        this.lane.failed(this.partition, verdict, error);
        if (verdict.replace === 'now' && this.lowerLimit(entries)) {
          await this.deliverHalves(entries);
          return;
        }
        if (gone.has(verdict.code) && (await this.lane.reroute(this.partition, entries))) return;
        await sleep(wait * (0.8 + Math.random() * 0.4), this.lane.closing);
      }
    }
  }

  private acknowledge(entries: PendingRecord[], ack: Acknowledgement): void {
    const base = ack.baseOffset === '-1' ? undefined : BigInt(ack.baseOffset);
    this.lane.succeeded(this.partition);
    entries.forEach((entry, index) => {
      entry.acknowledge({
        topic: this.lane.topic,
        partition: this.partition,
        ...(base === undefined ? {} : { offset: String(base + BigInt(index)) }),
        timestamp: ack.logAppendTime >= 0 ? ack.logAppendTime : entry.record.timestamp,
      });
    });
  }

  /** A definite no: all of it, or the one record that is found by halving. */
  private async refused(entries: PendingRecord[], verdict: ClassifiedError): Promise<void> {
    if (verdict.action === 'reject-all' || entries.length === 1) {
      for (const entry of entries) entry.fail(withSize(verdict.problem, entry));
      return;
    }
    await this.deliverHalves(entries);
  }

  /** Sends less at once from now on. @returns whether this batch is to be split for it */
  private lowerLimit(entries: PendingRecord[]): boolean {
    const bytes = entries.reduce((sum, { record }) => sum + record.bytes, 0);
    if (entries.length === 1 || bytes <= leastBatchBytes) return false;
    this.limit = Math.max(leastBatchBytes, Math.min(this.limit, bytes) / 2);
    return true;
  }

  private async deliverHalves(entries: PendingRecord[]): Promise<void> {
    const middle = Math.ceil(entries.length / 2);
    await this.deliver(entries.slice(0, middle));
    await this.deliver(entries.slice(middle));
  }
}

const gone = new Set(['NO_ACKNOWLEDGEMENT', 'UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']);

function withSize(problem: Problem, entry: PendingRecord): Problem {
  return new Problem(problem.key, { ...problem.params, bytes: entry.record.bytes });
}

function toMessage({ record }: PendingRecord, partition: number): Message {
  return {
    key: record.key,
    value: record.value,
    headers: record.headers,
    timestamp: String(record.timestamp),
    partition,
  };
}

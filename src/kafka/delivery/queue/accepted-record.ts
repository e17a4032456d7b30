import type { Problem } from '../../../util/problem';
import type { OpenTopic } from '../open-topics';
import type { AnswerListener, Delivery, PendingRecord } from '../pending-record';
import type { OutRecord } from '../record/record';
import type { Kind } from '../record/stored-record';

/** What the queue on disk keeps of a message beside its record. */
export interface Origin {
  msgid?: string;
  valueKind: Kind;
  keyKind: Kind;
}

/** Who learns what became of a record. */
export interface AnswerReceiver {
  recordAcknowledged(accepted: AcceptedRecord, delivery: Delivery): void;
  recordFailed(accepted: AcceptedRecord, problem: Problem): void;
}

interface Settle<T> {
  resolve(value: T): void;
  reject(problem: Problem): void;
}

/** A record that is in memory, from its acceptance (or its return from disk) until it is answered or only on disk. */
export class AcceptedRecord implements AnswerListener {
  /** With a topic's writer; undefined while paused, or while it is written to disk only. */
  pending?: PendingRecord;
  /** Its sequence number on disk; undefined: it is not there. */
  seq?: number;
  /** The partition that it has there; undefined: decided when it is read back. */
  partitionThere?: number;
  /** The record on disk is synced. */
  synced = false;
  /** It came from disk: its message is gone. */
  fromDisk = false;
  /** The partition to which it was handed over when it came from disk. */
  handedTo?: number;
  /** Resolves with the delivery; never settles if the record is only on disk later. */
  readonly answer: Promise<Delivery>;
  private answerSettle?: Settle<Delivery>;
  private isAnswered = false;
  private safePromise?: Promise<unknown>;
  private safeSettle?: Settle<void>;

  /**
   * @param order numbers the records of a node in order of acceptance
   * @param acceptedAt milliseconds of `performance.now()`
   * @param acceptedTime epoch milliseconds
   */
  constructor(
    readonly order: number,
    readonly open: OpenTopic,
    readonly record: OutRecord,
    readonly origin: Origin,
    readonly acceptedAt: number,
    readonly acceptedTime: number,
    private readonly receiver: AnswerReceiver,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.answerSettle = { resolve, reject };
    });
    // A caller that waits handles the rejection; where `safe` has rejected, no caller may.
    this.answer.catch(() => {});
  }

  get settledOrOnDisk(): boolean {
    return this.isAnswered || this.seq !== undefined;
  }

  get topic(): string {
    return this.open.name;
  }

  /**
   * Resolves when the record is acknowledged or synced to disk, whichever is first; rejects if it has failed before. Read
   * it when the record is accepted.
   */
  get safe(): Promise<unknown> {
    if (this.isAnswered) return this.answer;
    this.safePromise ??= new Promise<void>((resolve, reject) => {
      if (this.synced) resolve();
      else this.safeSettle = { resolve, reject };
    });
    return this.safePromise;
  }

  /** The record on disk is synced. */
  recordSynced(): void {
    this.synced = true;
    this.safeSettle?.resolve();
    this.safeSettle = undefined;
  }

  acknowledged(delivery: Delivery): void {
    this.isAnswered = true;
    this.receiver.recordAcknowledged(this, delivery);
    this.answerSettle?.resolve(delivery);
    this.safeSettle?.resolve();
  }

  failed(problem: Problem): void {
    this.isAnswered = true;
    this.receiver.recordFailed(this, problem);
    this.answerSettle?.reject(problem);
    this.safeSettle?.reject(problem);
  }
}

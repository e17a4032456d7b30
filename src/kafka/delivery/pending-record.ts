import type { Problem } from '../../util/problem';
import type { OutRecord } from './record/record';

/** Where an acknowledged record is. */
export interface Delivery {
  topic: string;
  partition: number;
  /** Decimal; undefined where the broker acknowledged without an offset. */
  offset?: string;
  /** Epoch milliseconds. */
  timestamp: number;
}

/** Time limits of a record. */
export interface DeliveryTimeouts {
  /** Milliseconds until it expires. */
  deliveryTimeout: number;
  /** Milliseconds it may wait for other records to share its request. */
  linger: number;
}

/** The node that a record belongs to: it can fail all of its records, and learns when one is sent again. */
export interface RecordOwner {
  retried(): void;
}

/** Learns the one answer of a record. */
export interface AnswerListener {
  acknowledged(delivery: Delivery): void;
  failed(problem: Problem): void;
}

let created = 0;

/** An accepted record until its one answer: acknowledged, or failed. */
export class PendingRecord {
  /** Numbers all records in the order in which they were made. */
  readonly order = ++created;
  /** The partition that it was given; undefined: not yet. */
  partition?: number;
  /** A partition that was chosen for it before; it takes another one where that does not exist. */
  assigned?: number;
  /** Without a key: whether it may take this partition. */
  mayTake?: (partition: number) => boolean;
  /** Without a key: the partition that it should take where that works, of so many. */
  prefers?: (count: number) => number | undefined;
  /** When it expires, in milliseconds of `performance.now()`. */
  deadline: number;
  /** Until when it may linger, likewise. */
  readonly due: number;
  private attempted = false;
  private listener?: AnswerListener;
  private inFlight = false;
  private attemptUnknown = false;
  /** Why the last attempt failed. */
  lastProblem?: Problem;

  /**
   * @param acceptedAt milliseconds of `performance.now()`. The system's clock would not do: a small computer may start with
   *   one that is years behind. Nor does this clock run while a laptop sleeps, when nothing can be sent either
   * @param listener called once, with the answer
   */
  constructor(
    readonly record: OutRecord,
    readonly owner: RecordOwner,
    public timeouts: DeliveryTimeouts,
    readonly acceptedAt: number,
    listener: AnswerListener,
  ) {
    this.deadline = acceptedAt + timeouts.deliveryTimeout;
    this.due = acceptedAt + timeouts.linger;
    this.listener = listener;
  }

  get answered(): boolean {
    return this.listener === undefined;
  }

  /** A request with it was sent. */
  get sent(): boolean {
    return this.attempted;
  }

  /** It may be in the log: a request with it is in flight, or failed without a definite answer. */
  get outcomeUnknown(): boolean {
    return this.inFlight || this.attemptUnknown;
  }

  /** A record that would never expire does so from now on. @param deliveryTimeout milliseconds from now */
  limitDelivery(deliveryTimeout: number): void {
    if (this.deadline < Number.POSITIVE_INFINITY) return;
    this.timeouts = { ...this.timeouts, deliveryTimeout };
    this.deadline = performance.now() + deliveryTimeout;
  }

  /** A request with this record is sent. */
  attempt(): void {
    if (this.attempted) this.owner.retried();
    this.attempted = true;
    this.inFlight = true;
  }

  /** The request failed. @param outcomeUnknown the record may have been written */
  attemptFailed(problem: Problem, outcomeUnknown: boolean): void {
    this.inFlight = false;
    this.attemptUnknown ||= outcomeUnknown;
    this.lastProblem = problem;
  }

  acknowledge(delivery: Delivery): void {
    this.takeListener()?.acknowledged(delivery);
  }

  fail(problem: Problem): void {
    this.takeListener()?.failed(problem);
  }

  /** It is delivered in another way, or later: no answer is given. What is in flight goes on. */
  withdraw(): void {
    this.takeListener();
  }

  private takeListener(): AnswerListener | undefined {
    const { listener } = this;
    this.listener = undefined;
    return listener;
  }
}

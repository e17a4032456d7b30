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

/** An accepted record until its one answer: acknowledged, or failed. */
export class PendingRecord {
  /** Called once, with the answer. */
  private settle?: { resolve(delivery: Delivery): void; reject(problem: Problem): void };
  /** When it expires, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  /** Until when it may linger, likewise. */
  readonly due: number;
  private attempted = false;
  private inFlight = false;
  private attemptUnknown = false;
  /** Why the last attempt failed. */
  lastProblem?: Problem;
  readonly answer: Promise<Delivery>;

  /**
   * @param acceptedAt milliseconds of `performance.now()`. The system's clock would not do: a small computer may start with
   *   one that is years behind. Nor does this clock run while a laptop sleeps, when nothing can be sent either
   */
  constructor(
    readonly record: OutRecord,
    readonly owner: RecordOwner,
    readonly timeouts: DeliveryTimeouts,
    readonly acceptedAt: number,
  ) {
    this.deadline = acceptedAt + timeouts.deliveryTimeout;
    this.due = acceptedAt + timeouts.linger;
    this.answer = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  get answered(): boolean {
    return this.settle === undefined;
  }

  /** It may be in the log: a request with it is in flight, or failed without a definite answer. */
  get outcomeUnknown(): boolean {
    return this.inFlight || this.attemptUnknown;
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
    this.settle?.resolve(delivery);
    this.settle = undefined;
  }

  fail(problem: Problem): void {
    this.settle?.reject(problem);
    this.settle = undefined;
  }
}

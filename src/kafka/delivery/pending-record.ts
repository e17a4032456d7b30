import type { Problem } from '../../util/problem';
import type { OutRecord } from './record';

/** Where an acknowledged record lies. */
export interface Delivery {
  topic: string;
  partition: number;
  /** Decimal; absent where the broker acknowledged without telling. */
  offset?: string;
  /** Epoch milliseconds. */
  timestamp: number;
}

/** How long a record may wait. */
export interface DeliveryTimeouts {
  /** Milliseconds until it is given up. */
  deliveryTimeout: number;
  /** Milliseconds it may wait for others to share its request. */
  linger: number;
}

/** Whose records they are: who may give them up together, and is told when one is sent again. */
export interface RecordOwner {
  retried(): void;
}

/** A record that was accepted and waits for its one answer: acknowledged, or failed. */
export class PendingRecord {
  /** Called once, with the answer. */
  private settle?: { resolve(delivery: Delivery): void; reject(problem: Problem): void };
  readonly deadline: number;
  readonly due: number;
  private attempted = false;
  private out = false;
  private unknown = false;
  /** What the last attempt failed with. */
  lastProblem?: Problem;
  readonly answer: Promise<Delivery>;

  /**
   * @param now milliseconds of `performance.now()`, which the setting of the system's clock does not change: a small
   *   computer starts with a clock that is years behind, and a laptop that sleeps does not try
   */
  constructor(
    readonly record: OutRecord,
    readonly owner: RecordOwner,
    readonly timeouts: DeliveryTimeouts,
    now: number,
  ) {
    this.deadline = now + timeouts.deliveryTimeout;
    this.due = now + timeouts.linger;
    this.answer = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  get answered(): boolean {
    return this.settle === undefined;
  }

  /** It was, or is, part of a request whose outcome is not known. */
  get outcomeUnknown(): boolean {
    return this.out || this.unknown;
  }

  /** A request with this record leaves. */
  attempt(): void {
    if (this.attempted) this.owner.retried();
    this.attempted = true;
    this.out = true;
  }

  /** The request has failed; with `outcomeUnknown` the record may have been written all the same. */
  attemptFailed(problem: Problem, outcomeUnknown: boolean): void {
    this.out = false;
    this.unknown ||= outcomeUnknown;
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

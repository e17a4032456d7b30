import type { Problem } from '../problem';
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
export interface Patience {
  /** Milliseconds until it is given up. */
  deliveryTimeout: number;
  /** Milliseconds it may wait for others to share its request. */
  linger: number;
}

/** Whose records they are: who may give them up together, and is told when one is sent again. */
export interface Owner {
  retried(): void;
}

/** A record that was accepted and waits for its one answer: acknowledged, or failed. */
export class Waiting {
  /** Called once, with the answer. */
  private settle?: { resolve(delivery: Delivery): void; reject(problem: Problem): void };
  readonly deadline: number;
  readonly due: number;
  /** It was part of a request whose outcome is not known. */
  inDoubt = false;
  private attempted = false;
  /** What the last attempt failed with. */
  lastProblem?: Problem;
  readonly answer: Promise<Delivery>;

  constructor(
    readonly record: OutRecord,
    readonly owner: Owner,
    readonly patience: Patience,
    now: number,
  ) {
    this.deadline = now + patience.deliveryTimeout;
    this.due = now + patience.linger;
    this.answer = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  get answered(): boolean {
    return this.settle === undefined;
  }

  /** A request with this record leaves. */
  attempt(): void {
    if (this.attempted) this.owner.retried();
    this.attempted = true;
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

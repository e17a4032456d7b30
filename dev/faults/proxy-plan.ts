export interface FaultOptions {
  /** Hit every n-th matching request [1]. */
  every?: number;
  /** Which requests, by Kafka's API key, e.g. 0 for Produce, or "any" [0]. */
  apiKey?: number | 'any';
}

/** The active fault; FaultProxy documents the kinds. */
export interface Fault extends Required<FaultOptions> {
  kind: 'cutBeforeResponse' | 'cutMidRequest' | 'resetMidResponse' | 'delay' | 'refuse';
  /** The delay of `delay`. */
  ms: number;
}

/** Counters since the proxy was started. */
export interface Counts {
  connections: number;
  /** Whole requests from clients, by API key. */
  requests: Record<number, number>;
  /** Injected faults: connections cut, reset or refused, responses dropped, requests delayed. */
  faults: number;
}

/** Decides which requests the active fault hits, and counts. */
export class FaultPlan {
  readonly counts: Counts = { connections: 0, requests: {}, faults: 0 };
  #fault: Fault | undefined;
  #matching = 0;

  set(fault: Fault | undefined): void {
    if (fault && !(Number.isInteger(fault.every) && fault.every >= 1))
      throw new Error(`every is ${fault.every}: it must be a positive integer.`);
    this.#fault = fault;
    this.#matching = 0;
  }

  get refuses(): boolean {
    return this.#fault?.kind === 'refuse';
  }

  /** Counts a request and returns the fault that hits it. */
  next(apiKey: number): Fault | undefined {
    const { requests } = this.counts;
    requests[apiKey] = (requests[apiKey] ?? 0) + 1;
    const fault = this.#fault;
    if (!fault || (fault.apiKey !== 'any' && fault.apiKey !== apiKey)) return undefined;
    return ++this.#matching % fault.every === 0 ? fault : undefined;
  }

  /** A fault that was assigned to a request no longer applies once another fault has replaced it. */
  isActive(fault: Fault | undefined): fault is Fault {
    return fault !== undefined && fault === this.#fault;
  }

  countFault(): void {
    this.counts.faults++;
  }
}

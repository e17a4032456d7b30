export interface FaultOptions {
  /** Every nth such request is hit; 1 (each) unless told otherwise. */
  every?: number;
  /** Which requests, by Kafka's API key, e.g. 0 for Produce; "any" for all. */
  apiKey?: number | 'any';
}

/** One fault in force; what each kind does stands with the methods of proxy.ts. */
export interface Fault extends Required<FaultOptions> {
  kind: 'cutBeforeResponse' | 'cutMidRequest' | 'resetMidResponse' | 'delay' | 'refuse';
  /** For how long `hold` holds. */
  ms: number;
}

/** What a proxy has seen and done since it was started. */
export interface Counts {
  connections: number;
  /** Whole requests that came from clients, by API key. */
  requests: Record<number, number>;
  /** How often a fault was done: a cut, a reset, an answer withheld, a request held, a connection refused. */
  faults: number;
}

/** Decides which request is hit, and counts. */
export class FaultPlan {
  readonly counts: Counts = { connections: 0, requests: {}, faults: 0 };
  #fault: Fault | undefined;
  #matching = 0;

  set(fault: Fault | undefined): void {
    if (fault && !(Number.isInteger(fault.every) && fault.every >= 1))
      throw new Error(`every is ${fault.every}: it must be a whole number from 1.`);
    this.#fault = fault;
    this.#matching = 0;
  }

  get refuses(): boolean {
    return this.#fault?.kind === 'refuse';
  }

  /** Counts a request, and returns the fault that hits it. */
  next(apiKey: number): Fault | undefined {
    const { requests } = this.counts;
    requests[apiKey] = (requests[apiKey] ?? 0) + 1;
    const fault = this.#fault;
    if (!fault || (fault.apiKey !== 'any' && fault.apiKey !== apiKey)) return undefined;
    return ++this.#matching % fault.every === 0 ? fault : undefined;
  }

  /** A fault that waits for an answer is off when it is replaced in the meantime. */
  isActive(fault: Fault | undefined): fault is Fault {
    return fault !== undefined && fault === this.#fault;
  }

  done(): void {
    this.counts.faults++;
  }
}

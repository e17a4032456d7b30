/** Faults for the next requests, in order. */
export class FaultQueue<Fault> {
  private readonly waiting: Fault[] = [];

  /** The number of faults that no request has had yet. */
  get size(): number {
    return this.waiting.length;
  }

  add(fault: Fault, times: number): void {
    for (let count = 0; count < times; count++) this.waiting.push(fault);
  }

  /** The next fault; it stays in the queue until `shift`. */
  peek(): Fault | undefined {
    return this.waiting[0];
  }

  shift(): Fault | undefined {
    return this.waiting.shift();
  }

  clear(): void {
    this.waiting.length = 0;
  }
}

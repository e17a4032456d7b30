const windowMs = 5000;
const stepMs = 500;

/** Events per second over the last five seconds, or since the first of them if that is less. */
export class Rate {
  private readonly steps: Array<{ at: number; count: number }> = [];

  /** Counts one event now. */
  add(): void {
    const now = performance.now();
    const last = this.steps.at(-1);
    if (last && now - last.at < stepMs) {
      last.count++;
      return;
    }
    this.steps.push({ at: now, count: 1 });
    this.forget(now);
  }

  /** 0 when there was no event for five seconds. */
  get perSecond(): number {
    const now = performance.now();
    this.forget(now);
    const [first] = this.steps;
    if (!first) return 0;
    const all = this.steps.reduce((sum, { count }) => sum + count, 0);
    return all / Math.max(1, (now - first.at) / 1000);
  }

  private forget(now: number): void {
    while (this.steps[0] && now - this.steps[0].at >= windowMs) this.steps.shift();
  }
}

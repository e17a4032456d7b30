/** At most `count` requests in any time of `windowMs`. */
export interface RequestLimit {
  count: number;
  windowMs: number;
}

/**
 * Counts requests against a limit that slides: fewer than X allows, so that X never has to answer 429. It survives a restart
 * with `times`.
 */
export class RequestBudget {
  readonly count: number;
  readonly windowMs: number;
  private reset = 0;

  /**
   * @param times of earlier requests, epoch ms, in ascending order; changed in place
   * @param changed called after each request
   */
  constructor(
    { count, windowMs }: RequestLimit,
    readonly times: number[] = [],
    private readonly changed: () => void = () => {},
  ) {
    this.count = count;
    this.windowMs = windowMs;
  }

  /** Until the next request is allowed, ms; 0: now. @param now epoch ms */
  waitMs(now: number): number {
    this.forget(now);
    const oldest = this.times.length < this.count ? undefined : this.times[this.times.length - this.count];
    const untilMs = oldest === undefined ? 0 : oldest + this.windowMs + 1 - now;
    return Math.max(0, untilMs, Math.min(this.reset - now, this.windowMs));
  }

  /** Counts a request. */
  spend(now: number): void {
    this.forget(now);
    this.times.push(now);
    this.changed();
  }

  /** Allows no request before X counts from 0, epoch ms. */
  limitTo(until: number): void {
    this.reset = Math.max(this.reset, until);
  }

  /** A time that is not in the window, or ahead because the clock was set back, does not count. */
  private forget(now: number): void {
    const kept = this.times.filter((time) => time > now - this.windowMs && time <= now);
    this.times.splice(0, this.times.length, ...kept);
  }
}

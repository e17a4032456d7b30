import type { XFailure } from './failure';

/** How the connection that failed had gone. */
export interface ConnectionHistory {
  /** X had accepted it. */
  opened: boolean;
  /** It brought a message or a keep-alive. */
  delivered: boolean;
  /** For how long it was open, ms. */
  livedMs: number;
}

const tcpStepMs = 250;
const tcpLimitMs = 16_000;
const httpStartMs = 5_000;
const httpLimitMs = 320_000;
const rateStartMs = 60_000;
const rateLimitMs = 900_000;
const steadyMs = 10_000;
const emptyLimit = 4;

/**
 * How long to wait before the next try, by cause, with X's numbers ("Handling disconnections"): at once
 * after a connection that had been working, then 250 ms more each time up to 16 s; after HTTP errors 5 s
 * doubling up to 320 s; after 429 a minute doubling, or until X's own time if that is later.
 */
export class ReconnectBackoff {
  private drops = 0;
  private empty = 0;
  private http = 0;
  private rate = 0;

  /**
   * @param scale shortens the waits for tests
   * @param random adds up to a tenth, so that many clients do not come back together
   */
  constructor(
    private readonly scale = 1,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns the wait in ms, or undefined when only the person can help */
  next(failure: XFailure, history: ConnectionHistory): number | undefined {
    if (failure.retry === 'never') return undefined;
    if (history.delivered) {
      this.http = this.rate = this.empty = 0;
      // A connection that breaks again and again after its first message must not be a working one.
      if (history.livedMs >= steadyMs * this.scale) this.drops = 0;
    } else if (this.drops === 0) {
      this.drops = 1;
    }
    const asked = failure.notBefore === undefined ? 0 : failure.notBefore - Date.now();
    return Math.max(this.own(failure, history), asked) * this.scale;
  }

  private own(failure: XFailure, history: ConnectionHistory): number {
    if (failure.retry === 'rate-limit') return this.doubling(rateStartMs, rateLimitMs, this.rate++);
    // Accepted and closed empty a few times: the service is ill, so it gets the service's longer waits.
    const ill = history.opened && !history.delivered && ++this.empty > emptyLimit;
    if (failure.retry === 'http' || ill) return this.doubling(httpStartMs, httpLimitMs, this.http++);
    return Math.min(tcpLimitMs, tcpStepMs * this.drops++ * this.jitter());
  }

  private doubling(startMs: number, limitMs: number, tries: number): number {
    return Math.min(limitMs, startMs * 2 ** tries * this.jitter());
  }

  private jitter(): number {
    return 1 + this.random() / 10;
  }
}

import type { XFailure } from './failure';

/** How far the failed connection got. */
export interface ConnectionHistory {
  /** X accepted it. */
  opened: boolean;
  /** It delivered a message or a keep-alive. */
  delivered: boolean;
  /** How long it was open, ms. */
  openMs: number;
}

const tcpStepMs = 250;
const tcpMaxMs = 16_000;
const httpFirstMs = 5_000;
const httpMaxMs = 320_000;
const rateFirstMs = 60_000;
const rateMaxMs = 900_000;
const steadyMs = 10_000;
const maxEmptyConnections = 4;

/**
 * The wait before the next attempt, by cause, with X's numbers ("Handling disconnections"): none after a
 * connection that worked, then 250 ms more each time up to 16 s; after HTTP errors 5 s, doubling up to
 * 320 s; after 429 one minute, doubling, or until X's own time if that is later.
 */
export class ReconnectBackoff {
  private drops = 0;
  private emptyConnections = 0;
  private httpFailures = 0;
  private rateLimits = 0;

  /**
   * @param scale factor that shortens the waits in tests
   * @param random 0 to 1; adds up to a tenth, so that many clients do not reconnect at once
   */
  constructor(
    private readonly scale = 1,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns the wait in ms; undefined where only a person can fix the cause */
  next(failure: XFailure, history: ConnectionHistory): number | undefined {
    if (failure.retry === 'never') return undefined;
    if (history.delivered) {
      this.httpFailures = this.rateLimits = this.emptyConnections = 0;
      // A connection that always breaks after its first message does not work either.
      if (history.openMs >= steadyMs * this.scale) this.drops = 0;
    } else if (this.drops === 0) {
      this.drops = 1;
    }
    const untilMs = failure.notBefore === undefined ? 0 : failure.notBefore - Date.now();
    return Math.max(this.byCause(failure, history), untilMs) * this.scale;
  }

  private byCause(failure: XFailure, history: ConnectionHistory): number {
    if (failure.retry === 'rate-limit') return this.doubling(rateFirstMs, rateMaxMs, this.rateLimits++);
    // Several connections accepted and closed without a byte: a fault of the service, so its longer waits.
    const faulty = history.opened && !history.delivered && ++this.emptyConnections > maxEmptyConnections;
    if (failure.retry === 'http' || faulty) {
      return this.doubling(httpFirstMs, httpMaxMs, this.httpFailures++);
    }
    return Math.min(tcpMaxMs, tcpStepMs * this.drops++ * this.jitter());
  }

  private doubling(firstMs: number, maxMs: number, retries: number): number {
    return Math.min(maxMs, firstMs * 2 ** retries * this.jitter());
  }

  private jitter(): number {
    return 1 + this.random() / 10;
  }
}

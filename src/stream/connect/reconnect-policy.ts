import type { XFailure } from '../x/failure';

/** How far a failed connection got. */
export interface ConnectionHistory {
  /**
   * It delivered a message other than an error, or a keep-alive, and was open for at least 60 s. Only then has the stream
   * worked, and only then do the waits begin again.
   */
  healthy: boolean;
  /** X has served this App before, in this process or an earlier one. */
  served: boolean;
}

/** What follows a failure. */
export type NextAttempt =
  | { waitMs: number }
  /** A person must fix the cause. `retryMs`: until an attempt all the same, because some causes end by themselves. */
  | { failed: true; retryMs?: number };

/** Shortest age of a healthy connection, ms. */
export const healthyMs = 60_000;

const linear = { stepMs: 250, maxMs: 16_000 };
const server = { firstMs: 5_000, maxMs: 320_000 };
const rateLimit = { firstMs: 60_000, maxMs: 900_000 };
const provisioningMs = 60_000;
const failedRetryMs = 15 * 60_000;
const shortEnds = 3;

/**
 * When to connect next, by the cause of the last failure. X's page "Handling disconnections" has the numbers.
 *
 * | row | cause | next attempt |
 * |---|---|---|
 * | 1 | a healthy connection ends | immediately |
 * | 2 | no HTTP answer: DNS, TCP, TLS, proxy, timeout | 250 ms, 250 ms more each time, at most 16 s |
 * | 3 | a connection ends before it is healthy | like 2 three times, then like 4 |
 * | 4 | 5xx, 408, 3xx, 2xx but 200, not the X API | 5 s, doubled, at most 320 s; not before Retry-After |
 * | 5 | 429, 420: rate limit | 60 s, doubled, at most 15 min; not before X's own time |
 * | 6 | too many connections | 1 s after the stale connection was ended (StaleConnections), else like 5 |
 * | 7 | provisioning | 60 s |
 * | 8 | no rules | immediately, after a sync of the rules; twice in a row: like 4 |
 * | 9 | credentials, access, caps | failed; every 15 min for caps, and where X has served this App before |
 *
 * Waits are up to a tenth longer, so that many clients do not reconnect at once.
 */
export class ReconnectPolicy {
  private networkFailures = 0;
  private shortConnections = 0;
  private serverFailures = 0;
  private rateLimits = 0;
  private noRules = 0;

  /** @param random 0 to 1 */
  constructor(private readonly random: () => number = Math.random) {}

  /** Decides about the next attempt. @param now epoch ms */
  next(failure: XFailure, history: ConnectionHistory, now = Date.now()): NextAttempt {
    if (history.healthy) this.reset();
    if (failure.policy !== 'rules') this.noRules = 0;
    const waitMs = this.waitMs(failure, history);
    if (waitMs === undefined) {
      const mayEnd = failure.policy === 'cap' || history.served;
      return { failed: true, retryMs: mayEnd ? this.jittered(failedRetryMs) : undefined };
    }
    return { waitMs: Math.max(waitMs, (failure.notBefore ?? now) - now) };
  }

  private waitMs({ policy }: XFailure, { healthy }: ConnectionHistory): number | undefined {
    switch (policy) {
      case 'ended':
        if (healthy) return 0;
        return ++this.shortConnections > shortEnds ? this.server() : this.linear();
      case 'network':
        return this.linear();
      case 'server':
        return this.server();
      case 'rate-limit':
      case 'connections':
        return this.doubled(rateLimit, this.rateLimits++);
      case 'provisioning':
        return this.jittered(provisioningMs);
      case 'rules':
        return ++this.noRules > 1 ? this.server() : 0;
      default:
        return undefined;
    }
  }

  private reset(): void {
    this.networkFailures = 0;
    this.shortConnections = 0;
    this.serverFailures = 0;
    this.rateLimits = 0;
    this.noRules = 0;
  }

  private linear(): number {
    return this.jittered(Math.min(linear.maxMs, linear.stepMs * ++this.networkFailures));
  }

  private server(): number {
    return this.doubled(server, this.serverFailures++);
  }

  private doubled({ firstMs, maxMs }: { firstMs: number; maxMs: number }, retries: number): number {
    return this.jittered(Math.min(maxMs, firstMs * 2 ** retries));
  }

  private jittered(ms: number): number {
    return ms * (1 + this.random() / 10);
  }
}

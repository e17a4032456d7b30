import { HttpError } from './http';
import { tooManyRequests } from './problems';

const WINDOW = 15 * 60_000;

/** Counts requests per window of 15 minutes, like X, and provides X's rate limit headers. */
export class RateLimit {
  private used = 0;
  private resetAt = 0;

  constructor(private readonly limit: number) {}

  /** Counts one request and returns the rate limit headers. @throws HttpError 429 if none is left */
  take(): Record<string, string> {
    const now = Date.now();
    if (now >= this.resetAt) {
      this.used = 0;
      this.resetAt = now + WINDOW;
    }
    if (this.used >= this.limit) throw new HttpError(429, tooManyRequests(), this.headers());
    this.used++;
    return this.headers();
  }

  headers(remaining = Math.max(0, this.limit - this.used)): Record<string, string> {
    return {
      'x-rate-limit-limit': String(this.limit),
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(Math.ceil((this.resetAt || Date.now() + WINDOW) / 1000)),
    };
  }
}

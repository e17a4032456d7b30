import { HttpError } from './http';
import { type Body, tooManyRequests } from './problems';

const FIFTEEN_MINUTES = 15 * 60_000;

export interface RateLimitOptions {
  /** X's clock, epoch milliseconds. */
  now: () => number;
  /** Called for each request above the limit. */
  onReject?: () => void;
  /** The window [15 min]. */
  windowMs?: number;
  /** The response above the limit [429 Too Many Requests]. */
  status?: number;
  body?: () => Body | string;
}

/** Counts requests per window, like X, and provides X's rate limit headers. */
export class RateLimit {
  private used = 0;
  private resetAt = 0;

  constructor(
    private readonly limit: number,
    private readonly options: RateLimitOptions,
  ) {}

  /** Counts one request and returns the rate limit headers. @throws HttpError 429 if none is left */
  take(): Record<string, string> {
    const { now, onReject, windowMs = FIFTEEN_MINUTES, status = 429, body = tooManyRequests } = this.options;
    if (now() >= this.resetAt) {
      this.used = 0;
      this.resetAt = now() + windowMs;
    }
    if (this.used >= this.limit) {
      onReject?.();
      throw new HttpError(status, body(), this.headers());
    }
    this.used++;
    return this.headers();
  }

  headers(remaining = Math.max(0, this.limit - this.used)): Record<string, string> {
    const { now, windowMs = FIFTEEN_MINUTES } = this.options;
    return {
      'x-rate-limit-limit': String(this.limit),
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(Math.ceil((this.resetAt || now() + windowMs) / 1000)),
    };
  }
}

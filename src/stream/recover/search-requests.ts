import type { RequestBudget } from '../state/request-budget';
import type { SearchEndpoint } from './search-query';

/** An answer of search. */
export interface SearchAnswer {
  /** The parsed body. */
  body: unknown;
  /** Epoch ms before which X accepts no further request. */
  notBefore?: number;
}

/** What an error of a request may have. */
interface RequestError {
  /** HTTP status, where X has answered. */
  status?: number;
  /** Epoch ms before which X accepts no request. */
  notBefore?: number;
  /** The row of the reconnect policy: see x/failure-kinds.ts. */
  policy?: string;
}

export interface SearchRequestOptions {
  /** @returns rejects with an error that may have `status`, `notBefore` and `policy` */
  request(path: `tweets/search/${SearchEndpoint}`, query: Record<string, string>): Promise<SearchAnswer>;
  /** X's limits; all of an endpoint apply. */
  budgets: Record<SearchEndpoint, RequestBudget[]>;
  /** Nothing more is requested, or sent to nodes. */
  stopped(): boolean;
  /** Resolves when X can be reached and the nodes can receive posts, or where `stopped` has become true. */
  ready(): Promise<void>;
  /** May resolve earlier where `stopped` has become true. */
  sleep(ms: number): Promise<void>;
}

/** X's windows have 15 minutes; a wait for one that is further ahead is invalid. */
const longestWaitMs = 16 * 60_000;
const firstRateLimitMs = 60_000;
const firstServerErrorMs = 5000;
const maxAttempts = 5;
/** Rules in a row whose requests fail without an answer of X's own: then the others would fail too. */
const maxFailuresInRow = 3;

/** Sends requests to search: within X's limits, and again after an error that ends by itself. */
export class SearchRequests {
  /** Requests sent, with those that failed. */
  sent = 0;
  /** Endpoints that X does not let this App use now, and why. */
  private readonly blocked = new Map<SearchEndpoint, unknown>();
  private readonly failures: Record<SearchEndpoint, number> = { recent: 0, all: 0 };
  private readonly notBefore: Record<SearchEndpoint, number> = { recent: 0, all: 0 };

  constructor(private readonly options: SearchRequestOptions) {}

  /** @returns undefined where it was stopped; rejects with the last error */
  async get(endpoint: SearchEndpoint, query: Record<string, string>): Promise<SearchAnswer | undefined> {
    if (this.blocked.has(endpoint)) throw this.blocked.get(endpoint);
    for (let attempt = 1; ; attempt++) {
      if (!(await this.turn(endpoint))) return undefined;
      try {
        const answer = await this.send(endpoint, query);
        this.failures[endpoint] = 0;
        if (answer.notBefore !== undefined) this.notBefore[endpoint] = answer.notBefore;
        return answer;
      } catch (error) {
        const waitMs = this.waitAfter(endpoint, error, attempt);
        if (waitMs === undefined) throw error;
        await this.sleep(waitMs);
      }
    }
  }

  /** Waits until X accepts a request. @returns false where it was stopped */
  private async turn(endpoint: SearchEndpoint): Promise<boolean> {
    const { budgets, stopped, ready } = this.options;
    for (;;) {
      await ready();
      if (stopped()) return false;
      const now = Date.now();
      const untilMs = Math.min(this.notBefore[endpoint] - now, longestWaitMs);
      const waitMs = Math.max(untilMs, ...budgets[endpoint].map((budget) => budget.waitMs(now)));
      if (waitMs <= 0) return true;
      if (untilMs > 0) this.notBefore[endpoint] = now + untilMs;
      await this.sleep(waitMs);
    }
  }

  private send(endpoint: SearchEndpoint, query: Record<string, string>): Promise<SearchAnswer> {
    const now = Date.now();
    for (const budget of this.options.budgets[endpoint]) budget.spend(now);
    this.sent++;
    return this.options.request(`tweets/search/${endpoint}`, query);
  }

  /** How long to wait before the same request, ms; undefined: it fails. */
  private waitAfter(endpoint: SearchEndpoint, error: unknown, attempt: number): number | undefined {
    const { status, notBefore, policy } = Object(error) as RequestError;
    const rateLimited = status === 429 || status === 420 || policy === 'rate-limit';
    const forAll = status === 401 || status === 402 || status === 403 || policy === 'cap';
    if (forAll) this.blocked.set(endpoint, error);
    // What X says of the query is said of this rule alone.
    const ofRule = status !== undefined && status < 500 && status !== 408 && !rateLimited;
    if (forAll || ofRule) return undefined;
    if (attempt >= maxAttempts) {
      if (++this.failures[endpoint] >= maxFailuresInRow) this.blocked.set(endpoint, error);
      return undefined;
    }
    const firstMs = rateLimited ? firstRateLimitMs : firstServerErrorMs;
    const untilMs = notBefore === undefined ? 0 : notBefore - Date.now();
    const waitMs = untilMs > 0 ? untilMs : firstMs * 2 ** (attempt - 1);
    return Math.min(waitMs, longestWaitMs);
  }

  private async sleep(ms: number): Promise<void> {
    if (!this.options.stopped()) await this.options.sleep(ms);
  }
}

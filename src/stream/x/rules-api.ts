import type { TwitterResponse } from 'twitter-api-v2';
import type { XApp } from './app';
import { userAgent, XClient } from './client';
import { failureOf, XFailure } from './failure';
import {
  type ActiveRule,
  activeRules,
  isForeignAnswer,
  parseAnswer,
  type RejectedRule,
  type RulesAnswer,
  rejectionReason,
  type StreamRule,
  sortBatch,
} from './rules-answer';

const path = 'tweets/search/stream/rules';
const requestTimeoutMs = 20_000;
const batchSize = 100;

/** The rules that X has for one App ("Filtered stream: rules"). All methods reject with an XFailure. */
export class RulesApi {
  private readonly client;

  constructor(app: XApp) {
    this.client = new XClient(app);
  }

  /** Cancels open requests. The owner must call it. */
  close(): void {
    this.client.close();
  }

  /** All rules, of all pages. */
  async list(): Promise<ActiveRule[]> {
    const rules: ActiveRule[] = [];
    let page: string | undefined;
    do {
      const answer = await this.request('GET', undefined, { max_results: 1000, pagination_token: page });
      if (isForeignAnswer(answer)) throw notTheApi(this.client.host);
      rules.push(...activeRules(answer));
      const next = answer.meta?.next_token;
      page = typeof next === 'string' && next !== page ? next : undefined;
    } while (page);
    return rules;
  }

  /** Adds rules. X may reject a batch for one bad rule without naming it: then each half is tried. */
  async add(rules: StreamRule[]): Promise<{ active: ActiveRule[]; rejected: RejectedRule[] }> {
    const active: ActiveRule[] = [];
    const rejected: RejectedRule[] = [];
    const pending: StreamRule[][] = [];
    for (let at = 0; at < rules.length; at += batchSize) pending.push(rules.slice(at, at + batchSize));
    for (let batch = pending.shift(); batch; batch = pending.shift()) {
      const answer = await this.post({ add: batch.map(({ value, tag }) => ({ value, tag })) });
      const sorted = sortBatch(batch, answer);
      active.push(...sorted.active);
      rejected.push(...sorted.rejected);
      const { unanswered } = sorted;
      if (unanswered.length === 0) continue;
      if (unanswered.length < batch.length) pending.push(unanswered);
      else if (batch.length > 1) pending.push(...halves(batch));
      else rejected.push(...unanswered.map((rule) => ({ ...rule, reason: rejectionReason(answer) })));
    }
    return { active, rejected };
  }

  /** Deletes rules by id; `list` still has those that X did not delete. */
  async delete(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.post({ delete: { ids } });
  }

  /** Resolves with the answer also where X rejects the rules in it, whatever the status. */
  private async post(body: object): Promise<RulesAnswer> {
    try {
      return await this.request('POST', body);
    } catch (error) {
      const answer = error instanceof RequestRejected ? error.answer : undefined;
      if (answer) return answer;
      throw error;
    }
  }

  private async request(method: 'GET' | 'POST', body?: object, query = {}): Promise<RulesAnswer> {
    const { prefix, host } = this.client;
    const common = {
      prefix,
      timeout: requestTimeoutMs,
      forceParseMode: 'text',
      headers: { 'user-agent': userAgent },
      fullResponse: true,
    } as const;
    let response: TwitterResponse<unknown>;
    try {
      response = await this.client.use<TwitterResponse<unknown>>((api) =>
        method === 'GET'
          ? api.v2.get(path, query, common)
          : // Below a base URL with a path, the library would choose a form-encoded body.
            api.v2.post(path, body, { ...common, forceBodyMode: 'json' }),
      );
    } catch (error) {
      const failure = failureOf(error, host);
      const answer = parseAnswer((error as { data?: unknown }).data);
      throw failure.status === 400 || failure.status === 422 ? new RequestRejected(failure, answer) : failure;
    }
    // The library resolves with a redirect as with an answer; X sends no redirects.
    const answer = response.headers.location === undefined ? parseAnswer(response.data) : undefined;
    if (!answer) throw notTheApi(host);
    return answer;
  }
}

/** X rejected a request for its content, not for its credentials. */
class RequestRejected extends XFailure {
  constructor(
    failure: XFailure,
    readonly answer: RulesAnswer | undefined,
  ) {
    super(failure.kind, failure.params, failure);
  }
}

const notTheApi = (host: string): XFailure =>
  new XFailure('not-the-api', { host }, { reason: 'not the X API', foreign: true });

function halves<T>(list: T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

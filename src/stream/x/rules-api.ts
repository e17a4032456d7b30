import type { RequestBudget } from '../state/request-budget';
import type { XApp } from './app';
import { XClient } from './client';
import { notTheApi, XFailure } from './failure';
import {
  type ActiveRule,
  activeRules,
  isForeignAnswer,
  isOverCap,
  parseAnswer,
  type RejectedRule,
  type RulesAnswer,
  rejectionReason,
  rulesCounts,
  type StreamRule,
  sortBatch,
} from './rules-answer';

const path = 'tweets/search/stream/rules';
const batchSize = 100;
/** Requests more than batches, to find the rules of a batch that X rejects without naming them. */
const maxExtraPosts = 20;

/** The requests about rules that X allows an App, shared by all that send them. */
export interface RuleBudgets {
  reads: RequestBudget;
  writes: RequestBudget;
}

/** How many rules X allows the App, and how many it has. */
export interface RuleCounts {
  cap: number;
  used: number;
}

/** What X did with added rules. `counts`: set where the App has as many rules as X allows it, if X says so. */
export interface AddedRules {
  active: ActiveRule[];
  rejected: RejectedRule[];
  counts?: RuleCounts;
}

/** The rules that X has for one App ("Filtered stream: rules"). All methods reject with an XFailure. */
export class RulesApi {
  private readonly client;

  /** @param budgets without them, requests are not counted */
  constructor(
    app: XApp,
    private readonly budgets?: RuleBudgets,
  ) {
    this.client = new XClient(app);
  }

  /** Cancels open requests. The owner must call it. */
  close(): void {
    this.client.close();
  }

  /** The failure of a request that was not answered in time. Call it before `close`. */
  timeoutFailure(seconds: number): XFailure {
    return this.client.timeoutFailure(seconds);
  }

  /** All rules, of all pages. */
  async list(): Promise<ActiveRule[]> {
    const rules: ActiveRule[] = [];
    let page: string | undefined;
    do {
      const answer = await this.request('GET', path, undefined, {
        max_results: 1000,
        pagination_token: page,
      });
      if (isForeignAnswer(answer)) throw this.foreign(answer);
      rules.push(...activeRules(answer));
      const next = answer.meta?.next_token;
      page = typeof next === 'string' && next !== page ? next : undefined;
    } while (page);
    return rules;
  }

  /**
   * Adds rules. X may reject a batch for one bad rule without naming it: then each half is tried. Where the App's cap is
   * the reason, only as many as fit are tried.
   */
  async add(rules: StreamRule[]): Promise<AddedRules> {
    const active: ActiveRule[] = [];
    const rejected: RejectedRule[] = [];
    const pending: StreamRule[][] = [];
    let extraPosts = 0;
    for (let at = 0; at < rules.length; at += batchSize) pending.push(rules.slice(at, at + batchSize));
    for (let batch = pending.shift(); batch; batch = pending.shift()) {
      const answer = await this.post({ add: batch.map(({ value, tag }) => ({ value, tag })) });
      const sorted = sortBatch(batch, answer);
      active.push(...sorted.active);
      rejected.push(...sorted.rejected);
      const { unanswered } = sorted;
      if (unanswered.length === 0) continue;
      if (isOverCap(answer)) {
        const reason = rejectionReason(answer);
        const rest = await this.addUpToCap([...unanswered, ...pending.flat()], reason);
        return {
          active: [...active, ...rest.active],
          rejected: [...rejected, ...rest.rejected],
          counts: rest.counts,
        };
      }
      extraPosts++;
      if (unanswered.length < batch.length) pending.push(unanswered);
      else if (batch.length > 1 && extraPosts < maxExtraPosts) pending.push(...halves(batch));
      else rejected.push(...unanswered.map((rule) => ({ ...rule, reason: rejectionReason(answer) })));
    }
    return { active, rejected };
  }

  /** Deletes rules by id; `list` still has those that X did not delete. */
  async delete(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.post({ delete: { ids } });
  }

  /**
   * Validates rules at X without adding them.
   * @returns `active`: the valid ones, also those that the App has already
   */
  async validate(rules: StreamRule[]): Promise<AddedRules> {
    const active: ActiveRule[] = [];
    const rejected: RejectedRule[] = [];
    for (let at = 0; at < rules.length; at += batchSize) {
      const batch = rules.slice(at, at + batchSize);
      const answer = await this.post(
        { add: batch.map(({ value, tag }) => ({ value, tag })) },
        { dry_run: 'true' },
      );
      const sorted = sortBatch(batch, answer);
      active.push(...sorted.active);
      rejected.push(...sorted.rejected);
      const reason = rejectionReason(answer);
      rejected.push(...sorted.unanswered.map((rule) => ({ ...rule, reason, overCap: isOverCap(answer) })));
    }
    return { active, rejected };
  }

  /** How many rules the App may have and has; undefined where X does not say. */
  async counts(): Promise<RuleCounts | undefined> {
    try {
      return rulesCounts(await this.request('GET', `${path}/counts`));
    } catch (error) {
      // A gateway may lack this endpoint; what makes all requests fail is reported by the others.
      if (error instanceof XFailure && error.status !== undefined) return undefined;
      throw error;
    }
  }

  /** One more request, with the rules that fit. */
  private async addUpToCap(rules: StreamRule[], reason: RejectedRule['reason']): Promise<AddedRules> {
    const counts = await this.counts();
    const room = Math.max(0, Math.min(batchSize, counts ? counts.cap - counts.used : 0));
    const fitting = rules.slice(0, room);
    const rest = rules.slice(room);
    const over = (list: StreamRule[]): RejectedRule[] =>
      list.map((rule) => ({ ...rule, reason, overCap: true }));
    if (fitting.length === 0) return { active: [], rejected: over(rest), counts };
    const answer = await this.post({ add: fitting.map(({ value, tag }) => ({ value, tag })) });
    const sorted = sortBatch(fitting, answer);
    const rejected = [...sorted.rejected, ...over([...sorted.unanswered, ...rest])];
    return { active: sorted.active, rejected, counts };
  }

  /** Resolves with the answer also where X rejects the rules in it, whatever the status. */
  private async post(body: object, query: Record<string, string> = {}): Promise<RulesAnswer> {
    try {
      return await this.request('POST', path, body, query);
    } catch (error) {
      const rejected = error instanceof XFailure && (error.status === 400 || error.status === 422);
      const answer = rejected || isOverCapFailure(error) ? answerOf(error) : undefined;
      if (answer) return answer;
      throw error;
    }
  }

  private async request(
    method: 'GET' | 'POST',
    requested: string,
    body?: object,
    query: Record<string, string | number | undefined> = {},
  ): Promise<RulesAnswer> {
    this.spend(method);
    const { status, body: text } = await this.client.request({ method, path: requested, body, query });
    const answer = status === 200 ? parseAnswer(text) : undefined;
    if (!answer) throw this.foreign(text, status);
    return answer;
  }

  private spend(method: 'GET' | 'POST'): void {
    const budget = method === 'GET' ? this.budgets?.reads : this.budgets?.writes;
    if (!budget) return;
    const now = Date.now();
    const waitMs = budget.waitMs(now);
    if (waitMs > 0) {
      const params = { host: this.client.host, count: budget.count, minutes: budget.windowMs / 60_000 };
      throw new XFailure('request-budget', params, { reason: 'request budget', notBefore: now + waitMs });
    }
    budget.spend(now);
  }

  private foreign(body: unknown, status = 200): XFailure {
    return notTheApi(this.client.host, status, body);
  }
}

const answerOf = (error: unknown): RulesAnswer | undefined => parseAnswer(bodyOf((error as XFailure).body));

const bodyOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));

const isOverCapFailure = (error: unknown): boolean =>
  error instanceof XFailure && (error.status ?? 0) >= 400 && isOverCap(error.body);

function halves<T>(list: T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

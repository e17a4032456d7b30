import type { XApp } from '../x/app';
import type { ActiveRule, RejectedRule } from '../x/rules-answer';
import { type RuleBudgets, type RuleCounts, RulesApi } from '../x/rules-api';
import {
  applyPlan,
  planRules,
  type RulePlan,
  type RuleRequest,
  type RuleTable,
  ruleTable,
} from './rule-sync';

export interface RuleKeeperOptions {
  app: XApp;
  budgets: RuleBudgets;
  /** The values that this package added to the App; survives a restart. */
  own: Set<string>;
  /** Called after `own` has changed. */
  onOwnChanged(): void;
  /** What the nodes need now. */
  requests(): RuleRequest[];
}

/** Keeps the App's rules at X as the nodes need them. One sync at a time. */
export class RuleKeeper {
  table?: RuleTable;
  private listed?: ActiveRule[];
  private listedAt = Number.NEGATIVE_INFINITY;
  private rejected: RejectedRule[] = [];
  private counts?: RuleCounts;
  private last: Promise<unknown> = Promise.resolve();
  private api?: RulesApi;

  constructor(private readonly options: RuleKeeperOptions) {}

  /**
   * Brings the rules in line. Without a change it sends no request while the list is young enough.
   * @param maxAgeMs of the last list
   * @returns rejects with an XFailure where X cannot be used; a rule that X rejects is in the table instead
   */
  sync(maxAgeMs: number): Promise<RuleTable> {
    const sync = this.last.then(() => this.run(maxAgeMs));
    this.last = sync.catch(() => {});
    return sync;
  }

  /** Cancels open requests: the running sync rejects. */
  close(): void {
    this.api?.close();
  }

  private async run(maxAgeMs: number): Promise<RuleTable> {
    const requests = this.options.requests();
    if (this.listed && performance.now() - this.listedAt < maxAgeMs) {
      const plan = planRules(this.listed, requests, this.options.own);
      if (this.needsNothing(plan)) return this.keep(requests, this.listed, plan.active);
    }
    const api = new RulesApi(this.options.app, this.options.budgets);
    this.api = api;
    try {
      return await this.bringInLine(api, requests);
    } finally {
      api.close();
      this.api = undefined;
    }
  }

  private async bringInLine(api: RulesApi, requests: RuleRequest[]): Promise<RuleTable> {
    const { own, onOwnChanged } = this.options;
    this.listed = await api.list();
    this.listedAt = performance.now();
    const plan = planRules(this.listed, requests, own);
    try {
      const { rules, rejected, counts } = await applyPlan(plan, this.listed, own, api);
      this.rejected = rejected;
      this.counts = counts;
      return this.keep(requests, [...rules.values()], plan.active);
    } catch (error) {
      // What X has done is unknown.
      this.listed = undefined;
      throw error;
    } finally {
      onOwnChanged();
    }
  }

  /** Rules that X rejected are tried again with the next list only. */
  private needsNothing({ missing, retagged, stale }: RulePlan): boolean {
    const rejected = new Set(this.rejected.map(({ value }) => value));
    return retagged.length + stale.length === 0 && missing.every(({ value }) => rejected.has(value));
  }

  private keep(requests: RuleRequest[], listed: ActiveRule[], active: Map<string, ActiveRule>): RuleTable {
    this.listed = listed;
    const rules = new Map(listed.map((rule) => [rule.id, rule]));
    this.table = ruleTable(requests, rules, active, this.rejected, this.counts);
    return this.table;
  }
}

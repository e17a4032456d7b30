import { Problem } from '../../util/problem';
import type { ActiveRule, RejectedRule, StreamRule } from '../x/rules-answer';
import type { AddedRules, RuleCounts } from '../x/rules-api';

/** own: leave foreign rules alone; exact: delete them; app: use the App's rules as they are. */
export type RulesMode = 'own' | 'exact' | 'app';

/** The rules that one node needs. */
export interface RuleRequest {
  /** Id of the node; its rules without a tag are tagged with it. */
  node: string;
  mode: RulesMode;
  rules: StreamRule[];
}

/** The App's rules after a sync. */
export interface RuleTable {
  /** Every rule of the App by id. */
  rules: Map<string, ActiveRule>;
  /** The ids of each node's rules; a node in the mode "app" has all. */
  byNode: Map<string, Set<string>>;
  /** For each node the rules that X rejected. */
  rejected: Map<string, Problem[]>;
}

/** What changes the App's rules into those that the nodes need. */
export interface RulePlan {
  /** The listed rules that nodes need, by value. */
  active: Map<string, ActiveRule>;
  missing: StreamRule[];
  /** Ids of rules with another tag than theirs: X can neither change a tag nor have a value twice. */
  retagged: string[];
  /** Ids of own rules that no node needs any more. */
  stale: string[];
}

/** The requests of a sync. */
export interface RuleChanges {
  add(rules: StreamRule[]): Promise<AddedRules>;
  delete(ids: string[]): Promise<void>;
}

const tagPrefix = 'node-red:';

/**
 * Compares the App's rules with those that the nodes need. Own rules are those whose value this package added, and those
 * tagged with a node's id. The same value twice is one rule. While a node has the mode "app", no rule is deleted, whatever
 * the other nodes' modes.
 * @param own the values that this package added
 */
export function planRules(listed: ActiveRule[], requests: RuleRequest[], own: ReadonlySet<string>): RulePlan {
  const desired = desiredRules(requests);
  const modes = new Set(requests.map(({ mode }) => mode));
  const ownTags = new Set(requests.map(({ node }) => tagOf(node)));
  const mayDelete = ({ value, tag }: ActiveRule): boolean =>
    !modes.has('app') && (own.has(value) || ownTags.has(tag) || modes.has('exact'));

  const plan: RulePlan = { active: new Map(), missing: [], retagged: [], stale: [] };
  for (const rule of listed) {
    const wanted = desired.get(rule.value);
    if (!wanted || plan.active.has(rule.value)) {
      if (mayDelete(rule)) plan.stale.push(rule.id);
    } else if (!sameTag(wanted.tag, rule.tag) && mayDelete(rule)) plan.retagged.push(rule.id);
    else plan.active.set(rule.value, rule);
  }
  plan.missing = [...desired.values()].filter(({ value }) => !plan.active.has(value));
  return plan;
}

/**
 * Adds and deletes rules at X. All are added before any is deleted, so that the stream is never without a rule; only
 * those with another tag are deleted first.
 * @param own gets the values that were added, loses those that were deleted
 * @returns the App's rules afterwards, and the ones that X rejected; rejects with an XFailure where X cannot be used
 */
export async function applyPlan(
  plan: RulePlan,
  listed: ActiveRule[],
  own: Set<string>,
  changes: RuleChanges,
): Promise<{ rules: Map<string, ActiveRule>; rejected: RejectedRule[]; counts?: RuleCounts }> {
  const { active } = plan;
  const rules = new Map(listed.map((rule) => [rule.id, rule]));
  const add = async (missing: StreamRule[]): Promise<AddedRules> => {
    if (missing.length === 0) return { active: [], rejected: [] };
    const result = await changes.add(missing);
    for (const rule of result.active) {
      active.set(rule.value, rule);
      if (!rules.has(rule.id)) own.add(rule.value);
      rules.set(rule.id, rule);
    }
    return result;
  };
  const remove = async (ids: string[]): Promise<void> => {
    await changes.delete(ids);
    for (const id of ids) {
      const value = rules.get(id)?.value;
      rules.delete(id);
      if (value !== undefined && ![...rules.values()].some((rule) => rule.value === value)) own.delete(value);
    }
  };

  await remove(plan.retagged);
  let added = await add(plan.missing);
  // X may have one of the added rules already, in another spelling.
  const activeIds = new Set([...active.values()].map(({ id }) => id));
  const stale = plan.stale.filter((id) => !activeIds.has(id));
  await remove(stale);
  // The deletion may have made room under the App's cap of rules.
  if (added.rejected.length > 0 && stale.length > 0) added = await add(added.rejected);
  return { rules, rejected: added.rejected, counts: added.counts };
}

/** The table of a plan that is carried out, or that needs nothing. */
export function ruleTable(
  requests: RuleRequest[],
  rules: Map<string, ActiveRule>,
  active: Map<string, ActiveRule>,
  rejected: RejectedRule[],
  counts?: RuleCounts,
): RuleTable {
  const rejections = new Map(rejected.map((rule) => [rule.value, rule]));
  const table: RuleTable = { rules, byNode: new Map(), rejected: new Map() };
  for (const request of requests) {
    const values = request.mode === 'app' ? [] : request.rules.map(({ value }) => value.trim());
    const ids = values.map((value) => active.get(value)?.id).filter((id) => id !== undefined);
    table.byNode.set(request.node, new Set(request.mode === 'app' ? rules.keys() : ids));
    const missing = values.map((value) => rejections.get(value)).filter((rule) => rule !== undefined);
    table.rejected.set(request.node, rejectionProblems(missing, counts));
  }
  return table;
}

/** One problem for each rejected rule; one for all that the App's cap keeps out. */
export function rejectionProblems(rejected: RejectedRule[], counts?: RuleCounts): Problem[] {
  const problems = rejected
    .filter(({ overCap }) => !overCap)
    .map(({ value, reason }) => new Problem('rule-refused', { rule: value, reason }));
  const over = rejected.filter(({ overCap }) => overCap);
  const [first] = over;
  if (!first) return problems;
  const params = { rule: first.value, count: over.length };
  problems.push(
    counts
      ? new Problem('rule-cap', { ...params, cap: counts.cap })
      : new Problem('rule-cap-unknown', { ...params, reason: first.reason || new Problem('rule-no-reason') }),
  );
  return problems;
}

/** The tag of a node's rules that have none of their own. */
export const tagOf = (node: string): string => `${tagPrefix}${node}`;

/** Tags of two nodes count as the same: nodes may share a rule, and one of them may be removed. */
const sameTag = (one: string, other: string): boolean =>
  one === other || (one.startsWith(tagPrefix) && other.startsWith(tagPrefix));

function desiredRules(requests: RuleRequest[]): Map<string, StreamRule> {
  const desired = new Map<string, StreamRule>();
  for (const { node, mode, rules } of requests) {
    if (mode === 'app') continue;
    for (const rule of rules) {
      const value = rule.value.trim();
      if (value && !desired.has(value)) desired.set(value, { value, tag: rule.tag.trim() || tagOf(node) });
    }
  }
  return desired;
}

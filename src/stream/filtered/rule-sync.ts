import { createHash } from 'node:crypto';
import { Problem } from '../../util/problem';
import type { XApp } from '../x/app';
import type { ActiveRule, RejectedRule, StreamRule } from '../x/rules-answer';
import type { RulesApi } from '../x/rules-api';

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

const tagPrefix = 'node-red:';

// Ids of the rules that this process added, by App: they outlive the nodes, which a redeploy replaces.
const added = new Map<string, Set<string>>();

/**
 * Brings the App's rules at X in line with the nodes: adds missing rules, deletes own rules that no node
 * needs any more. Own rules are those that this process added, and those tagged with a node's id. The same
 * value twice is one rule. While a node has the mode "app", no rule is deleted, whatever the other nodes'
 * modes.
 * @param api the caller closes it
 * @throws XFailure where X cannot be used; a rule that X rejects is in the table instead
 */
export async function syncRules(api: RulesApi, app: XApp, requests: RuleRequest[]): Promise<RuleTable> {
  const own = addedFor(app);
  const desired = desiredRules(requests);
  const listed = await api.list();
  const modes = new Set(requests.map(({ mode }) => mode));
  const ownTags = new Set(requests.map(({ node }) => tagOf(node)));
  const mayDelete = ({ id, tag }: ActiveRule): boolean =>
    !modes.has('app') && (own.has(id) || ownTags.has(tag) || modes.has('exact'));

  const active = new Map<string, ActiveRule>();
  const retagged: string[] = [];
  let stale: string[] = [];
  for (const rule of listed) {
    const wanted = desired.get(rule.value);
    if (!wanted || active.has(rule.value)) {
      if (mayDelete(rule)) stale.push(rule.id);
    } else if (!sameTag(wanted.tag, rule.tag) && mayDelete(rule)) retagged.push(rule.id);
    else active.set(rule.value, rule);
  }

  const listedIds = new Set(listed.map(({ id }) => id));
  const add = async (rules: StreamRule[]): Promise<RejectedRule[]> => {
    const result = await api.add(rules);
    for (const rule of result.active) {
      active.set(rule.value, rule);
      if (!listedIds.has(rule.id)) own.add(rule.id);
    }
    return result.rejected;
  };

  // X can neither change a tag nor have a value twice, so these are deleted first. All others are added
  // before any is deleted, so that the stream is never without a rule.
  await api.delete(retagged);
  const missing = [...desired.values()].filter(({ value }) => !active.has(value));
  const firstRejected = await add(missing);
  // X may have one of the added rules already, in another spelling.
  const activeIds = new Set([...active.values()].map(({ id }) => id));
  stale = stale.filter((id) => !activeIds.has(id));
  await api.delete(stale);
  // The deletion may have made room under the App's cap of rules.
  const rejected = firstRejected.length > 0 && stale.length > 0 ? await add(firstRejected) : firstRejected;

  const deleted = new Set([...retagged, ...stale]);
  for (const id of deleted) own.delete(id);
  const rules = new Map(listed.filter(({ id }) => !deleted.has(id)).map((rule) => [rule.id, rule]));
  for (const rule of active.values()) rules.set(rule.id, rule);
  return ruleTable(requests, rules, active, rejected);
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

function ruleTable(
  requests: RuleRequest[],
  rules: Map<string, ActiveRule>,
  active: Map<string, ActiveRule>,
  rejected: RejectedRule[],
): RuleTable {
  const problems = new Map(
    rejected.map(({ value, reason }) => [value, new Problem('rule-refused', { rule: value, reason })]),
  );
  const table: RuleTable = { rules, byNode: new Map(), rejected: new Map() };
  for (const request of requests) {
    const values = request.mode === 'app' ? [] : request.rules.map(({ value }) => value.trim());
    const ids = values.map((value) => active.get(value)?.id).filter((id) => id !== undefined);
    table.byNode.set(request.node, new Set(request.mode === 'app' ? rules.keys() : ids));
    table.rejected.set(
      request.node,
      values.map((value) => problems.get(value)).filter((problem) => problem !== undefined),
    );
  }
  return table;
}

function addedFor(app: XApp): Set<string> {
  const name = 'bearerToken' in app ? app.bearerToken : app.apiKey;
  const key = createHash('sha256').update(`${app.baseUrl}\n${name}`).digest('hex');
  const ids = added.get(key) ?? new Set();
  added.set(key, ids);
  return ids;
}

import { createHash } from 'node:crypto';
import { Problem } from '../../util/problem';
import type { XApp } from '../x/app';
import type { HeldRule, RefusedRule, Rule, RulesApi } from '../x/rules-api';

/** own: foreign rules are left alone; exact: they are deleted; app: the App's rules as they are. */
export type RulesMode = 'own' | 'exact' | 'app';

/** What one node wants X to match. */
export interface RuleRequest {
  /** Id of the node; its rules without a tag are tagged with it. */
  node: string;
  mode: RulesMode;
  rules: Rule[];
}

/** What X holds after a sync. */
export interface RuleTable {
  /** Every rule of the App by id. */
  all: Map<string, HeldRule>;
  /** The ids that belong to a node; a node in the mode "app" has all. */
  byNode: Map<string, Set<string>>;
  /** For each node the rules that X refused. */
  refused: Map<string, Problem[]>;
}

const tagStart = 'node-red:';

// Ids of rules that this process added, by App: they outlive the nodes that a redeploy makes anew.
const added = new Map<string, Set<string>>();

/**
 * Brings the rules of the nodes to X: adds what is missing, deletes those of ours that nobody wants any
 * more. Ours are those this process added, and those tagged with a node's id. The same value twice is
 * one rule. While a node has the mode "app", no rule is deleted, whatever another node's mode says.
 * @param api closed by the caller
 * @throws XFailure where X cannot be asked; a rule that X refuses is in the table instead
 */
export async function syncRules(api: RulesApi, app: XApp, wishes: RuleRequest[]): Promise<RuleTable> {
  const ours = addedBy(app);
  const wanted = wantedRules(wishes);
  const listed = await api.list();
  const modes = new Set(wishes.map(({ mode }) => mode));
  const ownTags = new Set(wishes.map(({ node }) => tagOf(node)));
  const mayGo = ({ id, tag }: HeldRule): boolean =>
    !modes.has('app') && (ours.has(id) || ownTags.has(tag) || modes.has('exact'));

  const held = new Map<string, HeldRule>();
  const retagged: string[] = [];
  let stale: string[] = [];
  for (const rule of listed) {
    const desired = wanted.get(rule.value);
    if (!desired || held.has(rule.value)) {
      if (mayGo(rule)) stale.push(rule.id);
    } else if (!sameTag(desired.tag, rule.tag) && mayGo(rule)) retagged.push(rule.id);
    else held.set(rule.value, rule);
  }

  const known = new Set(listed.map(({ id }) => id));
  const add = async (rules: Rule[]): Promise<RefusedRule[]> => {
    const answer = await api.add(rules);
    for (const rule of answer.held) {
      held.set(rule.value, rule);
      if (!known.has(rule.id)) ours.add(rule.id);
    }
    return answer.refused;
  };

  // A tag cannot be changed, and X takes no value twice. All else is added before it is deleted, so
  // that the stream is never without a rule.
  await api.delete(retagged);
  const missing = [...wanted.values()].filter(({ value }) => !held.has(value));
  const refused = await add(missing);
  // X may hold one of them already, written otherwise.
  const kept = new Set([...held.values()].map(({ id }) => id));
  stale = stale.filter((id) => !kept.has(id));
  await api.delete(stale);
  // There may be room now under the App's cap of rules.
  const still = refused.length > 0 && stale.length > 0 ? await add(refused) : refused;

  const gone = new Set([...retagged, ...stale]);
  for (const id of gone) ours.delete(id);
  const all = new Map(listed.filter(({ id }) => !gone.has(id)).map((rule) => [rule.id, rule]));
  for (const rule of held.values()) all.set(rule.id, rule);
  return tableOf(wishes, all, held, still);
}

/** The tag of a node's rules that have none of their own. */
export const tagOf = (node: string): string => `${tagStart}${node}`;

/** Which node's tag it is does not matter: nodes may share a rule, and one of them may go. */
const sameTag = (one: string, other: string): boolean =>
  one === other || (one.startsWith(tagStart) && other.startsWith(tagStart));

function wantedRules(wishes: RuleRequest[]): Map<string, Rule> {
  const wanted = new Map<string, Rule>();
  for (const { node, mode, rules } of wishes) {
    if (mode === 'app') continue;
    for (const rule of rules) {
      const value = rule.value.trim();
      if (value && !wanted.has(value)) wanted.set(value, { value, tag: rule.tag.trim() || tagOf(node) });
    }
  }
  return wanted;
}

function tableOf(
  wishes: RuleRequest[],
  all: Map<string, HeldRule>,
  held: Map<string, HeldRule>,
  refused: RefusedRule[],
): RuleTable {
  const reasons = new Map(refused.map(({ value, reason }) => [value, reason]));
  const table: RuleTable = { all, byNode: new Map(), refused: new Map() };
  for (const { node, mode, rules } of wishes) {
    const values = mode === 'app' ? [] : rules.map(({ value }) => value.trim());
    const ids = values.map((value) => held.get(value)?.id).filter((id) => id !== undefined);
    table.byNode.set(node, new Set(mode === 'app' ? all.keys() : ids));
    table.refused.set(
      node,
      values
        .filter((value) => reasons.has(value))
        .map((rule) => new Problem('rule-refused', { rule, reason: reasons.get(rule) ?? '' })),
    );
  }
  return table;
}

function addedBy(app: XApp): Set<string> {
  const name = 'bearerToken' in app ? app.bearerToken : app.apiKey;
  const key = createHash('sha256').update(`${app.baseUrl}\n${name}`).digest('hex');
  const known = added.get(key) ?? new Set();
  added.set(key, known);
  return known;
}

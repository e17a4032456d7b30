import { Problem } from '../../util/problem';
import type { ActiveRule } from '../x/rules-answer';
import type { RulesMode, RuleTable } from './rule-sync';
import type { Subscriber } from './subscription';

/** What a dispatcher reads of a subscriber. */
export type Receiver = Pick<Subscriber, 'node' | 'output'> & { mode: RulesMode };

/** Foreign ids that are remembered; an App has at most some thousand rules. */
const maxForeign = 10_000;

/** Finds the subscribers whose rules a post matched. */
export class Dispatcher {
  /** The App's rules as of the last sync. */
  table?: RuleTable;
  /** Ids that X's list lacks: rules that were deleted, or are too new. */
  private readonly missing = new Set<string>();
  private readonly warned = new Set<string>();

  /** Whether the App's rules must be listed again to know who has these. */
  hasUnknown(ids: string[]): boolean {
    const { table } = this;
    return table !== undefined && ids.some((id) => !table.rules.has(id) && !this.missing.has(id));
  }

  /** Remembers ids that the list lacks, so that they are not looked up again. */
  setMissing(ids: string[]): void {
    if (this.missing.size > maxForeign) this.missing.clear();
    for (const id of ids) if (!this.table?.rules.has(id)) this.missing.add(id);
  }

  /** A message without rule ids (a notice) is for all; a post is for those whose rules matched. */
  receivers<Kind extends Receiver>(ids: string[], subscribers: Kind[]): Kind[] {
    if (ids.length === 0 || !this.table) return subscribers;
    const { byNode } = this.table;
    return subscribers.filter(({ node, mode }) => {
      const own = byNode.get(node);
      return mode === 'app' || ids.some((id) => own?.has(id));
    });
  }

  /** The rules of these nodes at X. */
  rulesOf(nodes: Receiver[]): ActiveRule[] {
    const { table } = this;
    const ids = new Set(nodes.flatMap(({ node }) => [...(table?.byNode.get(node) ?? [])]));
    return [...ids].map((id) => table?.rules.get(id)).filter((rule) => rule !== undefined);
  }

  /** Warns once per foreign rule that a post matched only foreign rules. */
  warnOfForeign(ids: string[], subscriber: Receiver | undefined): void {
    for (const id of ids) {
      if (!subscriber || this.warned.has(id)) continue;
      if (this.warned.size > maxForeign) this.warned.clear();
      this.warned.add(id);
      const rule = this.table?.rules.get(id)?.value ?? id;
      subscriber.output.onWarning(new Problem('foreign-rule', { rule, id }));
    }
  }
}

/** The ids in `matching_rules`; X has also sent them as numbers. */
export function matchingRules(value: unknown): string[] {
  const list = (value as { matching_rules?: unknown } | null | undefined)?.matching_rules;
  if (!Array.isArray(list)) return [];
  return list.map((rule) => String((rule as { id?: unknown } | null)?.id));
}

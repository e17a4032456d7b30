import { Problem } from '../../util/problem';
import type { StreamLine } from '../stream-line';
import type { ActiveRule } from '../x/rules-answer';
import type { RulesMode, RuleTable } from './rule-sync';
import type { Subscriber } from './subscription';

/** What a dispatcher reads of a subscriber. */
export type Receiver = Pick<Subscriber, 'node' | 'output'> & { mode: RulesMode };

/** Foreign ids that are remembered; an App has at most some thousand rules. */
const maxForeign = 10_000;

/** Finds the subscribers whose rules a post matched. */
export class Dispatcher {
  private current?: RuleTable;
  /** The values of rules that X had until a sync, by id: X sends posts with their ids for some more seconds. */
  private readonly former = new Map<string, string>();
  /** Ids that X's list lacks: rules that were deleted, or are too new. */
  private readonly missing = new Set<string>();
  private readonly warned = new Set<string>();

  /** The App's rules as of the last sync. */
  get table(): RuleTable | undefined {
    return this.current;
  }

  set table(table: RuleTable | undefined) {
    if (this.former.size > maxForeign) this.former.clear();
    for (const [id, { value }] of this.current?.rules ?? []) this.former.set(id, value);
    this.current = table;
  }

  /** Whether the App's rules must be listed again to know who has these. */
  hasUnknown(ids: string[]): boolean {
    const { table } = this;
    const isKnown = (id: string): boolean =>
      table?.rules.has(id) === true || this.missing.has(id) || this.former.has(id);
    return table !== undefined && !ids.every(isKnown);
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
    const current = this.currentIds(ids, this.table);
    return subscribers.filter(({ node, mode }) => {
      const own = byNode.get(node);
      return mode === 'app' || current.some((id) => own?.has(id));
    });
  }

  /** With the new ids of rules that were deleted and added again, such as one whose tag has changed. */
  private currentIds(ids: string[], { rules }: RuleTable): string[] {
    if (ids.every((id) => rules.has(id))) return ids;
    const values = new Set(ids.map((id) => this.former.get(id)));
    return [...ids, ...[...rules.values()].filter(({ value }) => values.has(value)).map(({ id }) => id)];
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
      // Posts of a rule that X no longer has will end soon.
      const isGone = this.former.has(id) && !this.table?.rules.has(id);
      if (!subscriber || isGone || this.warned.has(id)) continue;
      if (this.warned.size > maxForeign) this.warned.clear();
      this.warned.add(id);
      const rule = this.table?.rules.get(id)?.value ?? id;
      subscriber.output.onWarning(new Problem('foreign-rule', { rule, id }));
    }
  }
}

/** The ids in `matching_rules`. X has also sent them as numbers, which JavaScript rounds: then the text has the digits. */
export function matchingRules(line: Pick<StreamLine, 'valueIfJson' | 'text'>): string[] {
  const { matching_rules: list } = Object(line.valueIfJson) as { matching_rules?: unknown };
  if (!Array.isArray(list)) return [];
  const ids = list.map((rule) => Object(rule).id as unknown);
  const texts = ids.map(String);
  return ids.some((id) => typeof id === 'number' && !Number.isSafeInteger(id))
    ? (exactIds(String(line.text), ids.length) ?? texts)
    : texts;
}

function exactIds(text: string, count: number): string[] | undefined {
  const list = /"matching_rules"\s*:\s*\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/.exec(text)?.[1] ?? '';
  const ids = [...list.matchAll(/"id"\s*:\s*"?(\d+)/g)].map(([, id]) => String(id));
  return ids.length === count ? ids : undefined;
}

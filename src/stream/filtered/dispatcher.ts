import { Problem } from '../../util/problem';
import type { StreamLine } from '../stream-line';
import type { RuleTable } from './rule-sync';
import type { Subscriber } from './subscription';

/** Sends each message of the shared stream to the subscribers whose rules it matched. */
export class Dispatcher {
  /** The App's rules as of the last sync. */
  table?: RuleTable;
  /** Posts left out because they matched only foreign rules. */
  leftOut = 0;
  private readonly warned = new Set<string>();

  /** A message without rule ids (a notice), or with an unknown one, goes to all subscribers. */
  dispatch(line: StreamLine, subscribers: Subscriber[]): void {
    const ids = matchingRules(line.valueIfJson);
    const { table } = this;
    const known = table && ids.length > 0 && ids.every((id) => table.rules.has(id)) ? table : undefined;
    const receivers = subscribers.filter(({ node }) => {
      const own = known?.byNode.get(node);
      return own === undefined || ids.some((id) => own.has(id));
    });
    for (const { output } of receivers) output.onMessage(line);
    if (receivers.length === 0) this.leaveOut(ids, subscribers[0]);
  }

  /** Counts the post, and warns once per foreign rule. */
  private leaveOut(ids: string[], subscriber: Subscriber | undefined): void {
    this.leftOut++;
    const own = [...(this.table?.byNode.values() ?? [])];
    for (const id of ids) {
      if (!subscriber || this.warned.has(id) || own.some((rules) => rules.has(id))) continue;
      this.warned.add(id);
      const rule = this.table?.rules.get(id)?.value ?? id;
      subscriber.output.onWarning(new Problem('foreign-rule', { rule, id }));
    }
  }
}

/** The ids in `matching_rules`; X has also sent them as numbers. */
function matchingRules(value: unknown): string[] {
  const list = (value as { matching_rules?: unknown } | null | undefined)?.matching_rules;
  if (!Array.isArray(list)) return [];
  return list.map((rule) => String((rule as { id?: unknown } | null)?.id));
}

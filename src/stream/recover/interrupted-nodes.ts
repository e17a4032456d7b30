import type { Gap } from '../connect/outages';
import type { Roster } from '../filtered/roster';
import type { Subscription } from '../filtered/subscription';
import type { RecoveryReport, SourceState } from '../source';

/** How often the nodes of a deploy are looked at. */
export const startCheckMs = 250;

/** The nodes whose missed posts are fetched. A deploy may close and start them meanwhile: they are found by their ids. */
export class InterruptedNodes {
  private readonly ids: Set<string>;
  private readonly recovered = new Map<string, number>();
  private readonly costs = new Map<string, number>();

  /** @param onReported called when the outage is reported, or no node is left that could receive the event */
  constructor(
    private readonly roster: Pick<Roster, 'all' | 'handover'>,
    nodes: string[],
    private readonly onReported: () => void,
  ) {
    this.ids = new Set(nodes);
  }

  /** Those that are not closed. */
  get open(): Subscription[] {
    return this.roster.all.filter(({ node }) => this.ids.has(node));
  }

  /** Those that a deploy has closed and may start again. */
  get parked(): Subscription[] {
    return [...(this.roster.handover?.parked.values() ?? [])].filter(({ node }) => this.ids.has(node));
  }

  /** Those that a deploy has closed, or started but not connected yet. While it stops flows: all. */
  get starting(): Subscription[] {
    if (this.roster.handover?.flowsStopped) return [...this.parked, ...this.open];
    return [...this.parked, ...this.open.filter(({ active, synced }) => !active && !synced)];
  }

  /** None of them receives anything any more. */
  get gone(): boolean {
    return this.open.length === 0 && this.parked.length === 0;
  }

  /** Resolves when a deploy has started and connected them, or they are gone. */
  async untilStarted(sleep: (ms: number) => Promise<void>): Promise<void> {
    while (this.starting.length > 0) await sleep(startCheckMs);
  }

  /** These received a fetched post. */
  countRecovered(nodes: Subscription[]): void {
    for (const { node } of nodes) this.recovered.set(node, (this.recovered.get(node) ?? 0) + 1);
  }

  /** X charges for a post that was fetched for these. */
  countCost(nodes: Subscription[]): void {
    for (const { node } of nodes) this.costs.set(node, (this.costs.get(node) ?? 0) + 1);
  }

  setState(state: SourceState): void {
    for (const { output } of this.open) output.onState(state);
  }

  /** Reports the outage to each node. @param notRecovered the sentences for a node */
  report(gap: Gap, by: RecoveryReport['by'], notRecovered: (node: Subscription) => string[]): void {
    const { open } = this;
    this.onReported();
    for (const subscription of open) {
      const { node } = subscription;
      subscription.gap(gap, {
        recovered: this.recovered.get(node) ?? 0,
        by,
        notRecovered: notRecovered(subscription),
        cost: this.costs.get(node) ?? 0,
      });
    }
  }
}

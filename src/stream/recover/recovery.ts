import type { Gap, UnreportedGap } from '../connect/outages';
import type { Subscriber, Subscription } from '../filtered/subscription';
import type { StreamLine } from '../stream-line';
import { BackfillRecovery } from './backfill-recovery';
import { InterruptedNodes } from './interrupted-nodes';
import type { RecoveryParts } from './recovery-parts';
import { SearchRecovery } from './search-recovery';
import { sentence } from './sentences';

/** X's `Date` has full seconds, and the answer took a while: a smaller difference of the clocks is none. */
const sameClockMs = 2000;

type Method = Subscriber['recover'];

/** An outage that has ended. */
interface Missed {
  gap: Gap;
  /** The nodes that are connected again, and have missed posts. */
  interrupted: Subscription[];
  /** Those that a deploy has closed, or started but not connected yet. */
  others: Subscription[];
}

/** Fetches the posts of an outage by the method of each node, and reports the outage when that has finished. */
export class Recovery {
  /** One after the other: they share X's limits. */
  private readonly searches = new Set<SearchRecovery>();
  private searching = Promise.resolve();
  private backfill?: BackfillRecovery;
  /** The outages of this process that are not reported yet. */
  private readonly running = new Set<UnreportedGap>();

  constructor(private readonly parts: RecoveryParts) {}

  /**
   * The stream is open again.
   * @param missed the outage, unless a person had stopped the stream
   * @param backfillMinutes that the new connection asked X to repeat
   */
  opened(missed: Missed | undefined, backfillMinutes: number): void {
    for (const search of this.searches) search.opened();
    if (!missed) return;
    const { gap, interrupted, others } = missed;
    const nodes = [...interrupted, ...others];
    const by = (method: Method) => nodes.filter((node) => this.methodOf(node) === method);
    const [reported, backfilled, searched] = [by('none'), by('backfill'), by('search')];
    this.continueEarlier(nodes, this.aheadMs(gap));
    for (const one of interrupted) if (reported.includes(one)) one.gap(gap);
    for (const one of others) one.miss(gap, !reported.includes(one));
    if (backfilled.length > 0) this.startBackfill(gap, backfilled, backfillMinutes);
    if (searched.length > 0) this.startSearch(gap, searched, this.aheadMs(gap));
  }

  /** A line of the stream, before it is dispatched. */
  receive(line: StreamLine): void {
    this.backfill?.receive(line);
  }

  /** Bytes came, after the lines in them. */
  alive(): void {
    this.backfill?.alive();
  }

  /** The connection has ended. A backfill ends with it; a search goes on when the stream is open again. */
  dropped(): void {
    for (const search of this.searches) search.dropped();
    this.backfill?.dropped();
    this.backfill = undefined;
  }

  /** The stream has no nodes any more. What is not reported is kept for the next process. */
  close(): void {
    for (const search of this.searches) search.close();
    this.backfill?.close();
    this.backfill = undefined;
  }

  /** How a node's posts of an outage are fetched. */
  private methodOf({ subscriber }: Subscription): Method {
    return this.parts.kind.version === 1 ? 'none' : subscriber.recover;
  }

  private startBackfill(gap: Gap, nodes: Subscription[], minutes: number): void {
    const interrupted = this.interrupted(gap, 'backfill', nodes);
    const aheadMs = this.aheadMs(gap);
    this.backfill = new BackfillRecovery(this.parts, gap, interrupted, aheadMs, minutes > 0);
  }

  private startSearch(gap: Gap, nodes: Subscription[], aheadMs: number): void {
    const search = new SearchRecovery(this.parts, gap, this.interrupted(gap, 'search', nodes), aheadMs);
    this.searches.add(search);
    this.searching = this.searching.then(() => search.run()).finally(() => this.searches.delete(search));
  }

  /** The outage is kept until it is reported: the process may end before. */
  private interrupted(gap: Gap, by: 'search' | 'backfill', nodes: Subscription[]): InterruptedNodes {
    const { record, roster, onRecordChanged } = this.parts;
    const ids = nodes.map(({ node }) => node);
    const kept = { ...gap, by, nodes: ids };
    this.running.add(kept);
    record.recovering = [...(record.recovering ?? []), kept];
    return new InterruptedNodes(roster, ids, () => {
      this.running.delete(kept);
      record.recovering = record.recovering?.filter((other) => other !== kept);
      onRecordChanged();
    });
  }

  /** Outages that an earlier process did not report: searches for their posts, or reports that they were not fetched. */
  private continueEarlier(nodes: Subscription[], aheadMs: number): void {
    const { record } = this.parts;
    const earlier = (record.recovering ?? []).filter((gap) => !this.running.has(gap));
    record.recovering = record.recovering?.filter((gap) => this.running.has(gap));
    for (const gap of earlier) {
      const known = nodes.filter(({ node }) => gap.nodes.includes(node));
      // Ids of nodes in subflows change with each start.
      const own = known.length > 0 ? known : nodes;
      const searched = own.filter((node) => this.methodOf(node) === 'search');
      if (searched.length > 0) this.startSearch(gap, searched, aheadMs);
      const notRecovered = [sentence('recover-restarted')];
      for (const subscription of own) {
        if (searched.includes(subscription)) continue;
        subscription.gap(gap, { recovered: 0, by: gap.by, notRecovered, cost: 0 });
      }
    }
  }

  /** How much X's clock is ahead of the local one, ms: search and ids have X's. */
  private aheadMs({ to }: Gap): number {
    const ms = (this.parts.record.openedAt ?? to) - to;
    return Math.abs(ms) > sameClockMs ? ms : 0;
  }
}

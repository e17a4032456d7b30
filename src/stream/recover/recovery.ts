import type { Gap } from '../connect/outages';
import type { Subscription } from '../filtered/subscription';
import type { StreamLine } from '../stream-line';
import { BackfillRecovery } from './backfill-recovery';
import { InterruptedNodes } from './interrupted-nodes';
import type { RecoveryParts } from './recovery-parts';
import { SearchRecovery } from './search-recovery';
import { sentence } from './sentences';

/** X's `Date` has full seconds, and the answer took a while: a smaller difference of the clocks is none. */
const sameClockMs = 2000;

/** Fetches the posts of an outage by the method of each node, and reports the outage when that has finished. */
export class Recovery {
  private search?: SearchRecovery;
  private backfill?: BackfillRecovery;
  /** The outages of this process that are not reported yet. */
  private readonly running = new Set<Gap>();

  constructor(private readonly parts: RecoveryParts) {}

  /**
   * @param interrupted the nodes that have missed posts
   * @param backfillMinutes that the new connection asked X to repeat
   */
  start(gap: Gap, interrupted: Subscription[], backfillMinutes: number): void {
    this.stop();
    const { parts } = this;
    const { version } = parts.kind;
    const aheadMs = this.aheadMs(gap);
    const by = (recover: string): Subscription[] =>
      interrupted.filter(({ subscriber }) => (version === 1 ? 'none' : subscriber.recover) === recover);
    const [backfilled, searched] = [by('backfill'), by('search')];
    this.reportEarlier([...backfilled, ...searched]);
    for (const subscription of by('none')) subscription.gap(gap);
    if (backfilled.length > 0) {
      const nodes = this.nodesOf(gap, backfilled);
      if (backfillMinutes > 0) this.backfill = new BackfillRecovery(parts, gap, nodes, aheadMs);
      else nodes.report(gap, 'backfill', () => [sentence('recover-backfill-rejected')]);
    }
    if (searched.length === 0) return;
    this.search = new SearchRecovery(parts, gap, this.nodesOf(gap, searched), aheadMs);
    void this.search.run();
  }

  /** A line of the stream, before it is dispatched. */
  receive(line: StreamLine): void {
    this.backfill?.receive(line);
  }

  /** Bytes came, after the lines in them. */
  alive(): void {
    this.backfill?.alive();
  }

  /** The connection has ended: what was fetched until now is sent and reported. */
  stop(): void {
    this.search?.stop();
    this.backfill?.stop();
    this.search = undefined;
    this.backfill = undefined;
  }

  /** The outage is kept until it is reported: the process may end before. */
  private nodesOf(gap: Gap, nodes: Subscription[]): InterruptedNodes {
    const { record, roster, onRecordChanged } = this.parts;
    const kept = { ...gap };
    this.running.add(kept);
    record.recovering = [...(record.recovering ?? []), kept];
    return new InterruptedNodes(roster, nodes, () => {
      this.running.delete(kept);
      record.recovering = record.recovering?.filter((other) => other !== kept);
      onRecordChanged();
    });
  }

  /** Reports outages whose recovery ended with an earlier process. */
  private reportEarlier(nodes: Subscription[]): void {
    const { record } = this.parts;
    if (nodes.length === 0) return;
    const earlier = (record.recovering ?? []).filter((gap) => !this.running.has(gap));
    record.recovering = record.recovering?.filter((gap) => this.running.has(gap));
    const notRecovered = [sentence('recover-restarted')];
    for (const gap of earlier) {
      for (const subscription of nodes) {
        const by = subscription.subscriber.recover === 'search' ? 'search' : 'backfill';
        subscription.gap(gap, { recovered: 0, by, notRecovered, cost: 0 });
      }
    }
  }

  /** How much X's clock is ahead of the local one, ms: search and ids have X's. */
  private aheadMs({ to }: Gap): number {
    const ms = (this.parts.record.openedAt ?? to) - to;
    return Math.abs(ms) > sameClockMs ? ms : 0;
  }
}

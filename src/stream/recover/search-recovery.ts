import { parsedJson } from '../../util/json-text';
import type { Gap } from '../connect/outages';
import { matchingRules } from '../filtered/dispatcher';
import type { Subscription } from '../filtered/subscription';
import { RequestBudget } from '../state/request-budget';
import { StreamLine } from '../stream-line';
import { XClient } from '../x/client';
import { lastRequestsUntil } from '../x/response-headers';
import type { ActiveRule } from '../x/rules-answer';
import { type NotRecovered, searchGap } from './gap-search';
import { type InterruptedNodes, startCheckMs } from './interrupted-nodes';
import { Pause } from './pause';
import type { RecoveryParts } from './recovery-parts';
import type { SearchAnswer } from './search-requests';
import { searchSentences } from './sentences';

/** X's search finds a post some seconds after its creation. */
const indexMs = 30_000;
/** A longest wait; the stream wakes the search when it is open again. */
const outageCheckMs = 3600_000;
/** Full-archive search accepts one request per second. */
const archivePace = { count: 1, windowMs: 1000 };

/** Fetches the posts of one outage with X's search, and reports it when that has ended. */
export class SearchRecovery {
  private readonly pause = new Pause();
  /** Until the stream is open again. */
  private readonly outage = new Pause();
  private isOpen = true;
  private readonly createdAt = Date.now();
  private readonly found = new Map<string, number>();
  private client?: XClient;
  private isClosed = false;

  /**
   * @param gap as reported
   * @param aheadMs how much X's clock is ahead of the local one, ms
   */
  constructor(
    private readonly parts: RecoveryParts,
    private readonly gap: Gap,
    private readonly nodes: InterruptedNodes,
    private readonly aheadMs: number,
  ) {}

  /** @returns resolves when the outage is reported, or after `close`; never rejects */
  async run(): Promise<void> {
    const { nodes, gap } = this;
    this.showState();
    await this.sleep(this.createdAt + indexMs - Date.now());
    await this.ready();
    const { notRecovered } = await this.search();
    this.client?.close();
    await this.ready();
    if (this.isClosed) return;
    nodes.report(gap, 'search', (node) => {
      const rules = new Set(this.parts.dispatcher.rulesOf([node]).map(({ id }) => id));
      return searchSentences(notRecovered.filter(({ rule }) => rules.has(rule.id)));
    });
    nodes.setState({ state: 'connected' });
  }

  /** The stream has ended: the search waits until it is open again, because X, or the way to it, may be down. */
  dropped(): void {
    this.isOpen = false;
  }

  /** The stream is open again. */
  opened(): void {
    this.isOpen = true;
    this.outage.wake();
  }

  /** Ends without a report. */
  close(): void {
    this.isClosed = true;
    this.pause.wake();
    this.outage.wake();
    this.client?.close();
  }

  private search(): Promise<{ notRecovered: NotRecovered[] }> {
    const { parts, nodes, gap, aheadMs } = this;
    const { recent, all } = parts.searches;
    return searchGap({
      rules: parts.dispatcher.rulesOf(nodes.open),
      fields: parts.fields(),
      from: gap.from + aheadMs,
      to: gap.to + aheadMs,
      now: () => Date.now() + aheadMs,
      budgets: { recent: [recent], all: [all, new RequestBudget(archivePace)] },
      request: (path, query) => this.request(path, query),
      room: (rule) => Math.max(0, ...this.nodesOf(rule).map((node) => this.roomOf(node))),
      onFound: (rule, posts) => {
        for (const { node } of this.nodesOf(rule)) this.found.set(node, (this.found.get(node) ?? 0) + posts);
      },
      onPost: (line, id) => this.deliver(line, id),
      stopped: () => this.isClosed || nodes.gone,
      ready: () => this.ready(),
      sleep: (ms) => this.sleep(ms),
    });
  }

  private async request(path: string, query: Record<string, string>): Promise<SearchAnswer> {
    this.showState();
    this.client ??= new XClient(this.parts.app);
    const { client } = this;
    try {
      const { body, headers } = await client.request({ method: 'GET', path, query });
      return { body: parsedJson(body), notBefore: lastRequestsUntil(headers) };
    } catch (error) {
      // A request that took too long has closed it.
      client.close();
      this.client = undefined;
      throw error;
    }
  }

  private deliver(bytes: Buffer, id: string): void {
    const { parts, nodes } = this;
    const line = new StreamLine(bytes);
    const { open } = nodes;
    if (!parts.recent.has(id)) {
      nodes.countCost(parts.dispatcher.receivers(matchingRules(line), open));
    }
    nodes.countRecovered(parts.deliver(line, open, 'search'));
  }

  private nodesOf(rule: ActiveRule): Subscription[] {
    return this.parts.dispatcher.receivers([rule.id], this.nodes.open);
  }

  private roomOf({ node, subscriber }: Subscription): number {
    if (!subscriber.mayReceive()) return 0;
    return (subscriber.remaining?.() ?? Number.POSITIVE_INFINITY) - (this.found.get(node) ?? 0);
  }

  /** Resolves when the stream is open, and a deploy has started the nodes. */
  private async ready(): Promise<void> {
    const { nodes } = this;
    const isReady = (): boolean => this.isClosed || (this.isOpen && nodes.starting.length === 0);
    if (isReady()) return;
    while (!isReady()) {
      await (this.isOpen ? this.sleep(startCheckMs) : this.outage.sleep(outageCheckMs));
    }
    this.showState();
  }

  private async sleep(ms: number): Promise<void> {
    if (!this.isClosed) await this.pause.sleep(ms);
  }

  private showState(): void {
    const { from, to } = this.gap;
    if (!this.isClosed && this.isOpen) this.nodes.setState({ state: 'recovering', from, to });
  }
}

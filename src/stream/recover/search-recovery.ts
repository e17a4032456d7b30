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
import type { InterruptedNodes } from './interrupted-nodes';
import { Pause } from './pause';
import type { RecoveryParts } from './recovery-parts';
import type { SearchAnswer } from './search-requests';
import { searchSentences } from './sentences';

/** X's search finds a post some seconds after its creation. */
const indexMs = 30_000;
/** Full-archive search accepts one request per second. */
const archivePace = { count: 1, windowMs: 1000 };

/** Fetches the posts of one outage with X's search, and reports it when that has ended. */
export class SearchRecovery {
  private readonly pause = new Pause();
  private readonly found = new Map<string, number>();
  private client?: XClient;
  private isStopped = false;

  /**
   * @param gap as reported
   * @param aheadMs how much X's clock is ahead of the local one, ms
   */
  constructor(
    private readonly parts: RecoveryParts,
    private readonly gap: Gap,
    private readonly nodes: InterruptedNodes,
    private readonly aheadMs: number,
  ) {
    this.showState();
  }

  /** @returns resolves when the outage is reported; never rejects */
  async run(): Promise<void> {
    const { nodes, pause, gap } = this;
    const sleep = (ms: number): Promise<void> => pause.sleep(ms);
    await sleep(indexMs);
    await this.untilStarted();
    const { notRecovered } = await this.search(sleep);
    this.client?.close();
    await nodes.untilStarted(sleep);
    nodes.report(gap, 'search', (node) => {
      const rules = new Set(this.parts.dispatcher.rulesOf([node]).map(({ id }) => id));
      return searchSentences(notRecovered.filter(({ rule }) => rules.has(rule.id)));
    });
    if (!this.isStopped) nodes.setState({ state: 'connected' });
  }

  /** Fetches nothing more. What was fetched is still sent, and the outage reported, if the nodes are open. */
  stop(): void {
    this.isStopped = true;
    this.pause.wake();
    this.client?.close();
  }

  private search(sleep: (ms: number) => Promise<void>): Promise<{ notRecovered: NotRecovered[] }> {
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
      stopped: () => this.isStopped || nodes.gone,
      closed: () => nodes.gone,
      sleep: async (ms) => {
        await sleep(ms);
        await this.untilStarted();
      },
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
      nodes.countCost(parts.dispatcher.receivers(matchingRules(line.valueIfJson), open));
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

  /** A post is sent when a deploy has started its nodes. */
  private async untilStarted(): Promise<void> {
    if (this.nodes.parked.length === 0) return;
    await this.nodes.untilStarted((ms) => this.pause.sleep(ms));
    this.showState();
  }

  private showState(): void {
    const { from, to } = this.gap;
    if (!this.isStopped) this.nodes.setState({ state: 'recovering', from, to });
  }
}

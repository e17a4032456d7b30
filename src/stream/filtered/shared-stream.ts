import { Problem } from '../../util/problem';
import type { StreamOutput } from '../source';
import type { StreamLine } from '../stream-line';
import type { XApp } from '../x/app';
import type { Query } from '../x/connection';
import { XFailure } from '../x/failure';
import { ReconnectBackoff } from '../x/reconnect-backoff';
import { type Gap, ReconnectingStream } from '../x/reconnecting-stream';
import { RulesApi } from '../x/rules-api';
import { covers, type FieldChoice, queryOf } from './fields';
import { type RuleRequest, type RuleTable, syncRules } from './rule-sync';

/** A node that wants posts of the App's filtered stream. */
export interface Subscriber extends RuleRequest {
  fields: FieldChoice;
  /** Without a byte until the connection counts as dead, ms; the least of all counts. */
  stallTimeoutMs: number;
  output: StreamOutput;
}

export interface SharedStreamOptions {
  /** Collects what a deploy registers, ms. */
  debounceMs?: number;
  connectTimeoutMs?: number;
  /** Shortens the waits for tests. */
  scale?: number;
}

interface Entry {
  subscriber: Subscriber;
  /** X holds at least one of its rules. */
  active: boolean;
  /** What it was told last. */
  told: 'nothing' | 'connected' | 'disconnected';
  /** It has been connected, so an outage is a gap. */
  served: boolean;
}

const path = 'tweets/search/stream';
const noHistory = { opened: false, delivered: false, livedMs: 0 };

/**
 * The one connection to the filtered stream that X allows an App, shared by its nodes: their rules are
 * brought to X first, and each post goes to the nodes whose rules it matched.
 */
export class SharedStream {
  /** Posts that matched only rules of somebody else. */
  leftOut = 0;
  private readonly entries = new Map<string, Entry>();
  private readonly steady: ReconnectingStream;
  private readonly warned = new Set<string>();
  private backoff: ReconnectBackoff;
  private table?: RuleTable;
  private api?: RulesApi;
  private timer?: NodeJS.Timeout;
  private query?: Query;
  private connected = false;

  constructor(
    private readonly app: XApp,
    private readonly options: SharedStreamOptions = {},
  ) {
    this.backoff = new ReconnectBackoff(options.scale);
    this.steady = new ReconnectingStream(
      { app, path, scale: options.scale, connectTimeoutMs: options.connectTimeoutMs },
      {
        connecting: () => this.each(({ output }) => output.state({ state: 'connecting' })),
        connected: (gap) => this.opened(gap),
        line: (line) => this.dispatch(line),
        failed: (failure, waitMs) => this.failed(failure, waitMs),
        problem: (problem, payload) => this.each(({ output }) => output.problem(problem, payload)),
      },
    );
  }

  /** Takes a node in, or in anew with other wishes. */
  register(subscriber: Subscriber): void {
    this.entries.set(subscriber.node, { subscriber, active: false, told: 'nothing', served: false });
    subscriber.output.state({ state: 'connecting' });
    this.settleSoon();
  }

  /** Lets a node go; it hears nothing more. The last one closes the connection. */
  unregister(node: string): void {
    if (!this.entries.delete(node)) return;
    if (this.entries.size > 0) this.settleSoon();
    else this.close();
  }

  /** Ends everything. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.entries.clear();
    this.api?.close();
    this.api = undefined;
    this.steady.stop();
    this.connected = false;
    this.query = undefined;
    this.backoff = new ReconnectBackoff(this.options.scale);
  }

  /** Once for all that come and go together; a sync under way is followed by another. */
  private settleSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), this.options.debounceMs ?? 100);
  }

  private async settle(): Promise<void> {
    if (this.api) {
      this.settleSoon();
      return;
    }
    this.timer = undefined;
    const api = new RulesApi(this.app);
    this.api = api;
    try {
      const entries = [...this.entries.values()];
      const table = await syncRules(
        api,
        this.app,
        entries.map(({ subscriber }) => subscriber),
      );
      if (this.api !== api) return;
      this.table = table;
      this.backoff = new ReconnectBackoff(this.options.scale);
      for (const entry of entries) this.admit(entry, table);
      this.connect();
    } catch (error) {
      if (this.api === api) this.failedToSync(error);
    } finally {
      api.close();
      if (this.api === api) this.api = undefined;
    }
  }

  /** Tells a node which of its rules X refused; with none left it gets no posts. */
  private admit(entry: Entry, table: RuleTable): void {
    const { node, output, rules, mode } = entry.subscriber;
    if (this.entries.get(node) !== entry) return;
    const first = !entry.active;
    entry.active = (table.byNode.get(node)?.size ?? 0) > 0;
    const refused = table.refused.get(node) ?? [];
    if (first) for (const problem of refused) output.problem(problem);
    if (entry.active) return;
    const none = mode === 'app' ? 'app-without-rules' : rules.length > 0 ? 'all-rules-refused' : 'no-rules';
    output.state({ state: 'failed', problem: new Problem(none) });
  }

  private connect(): void {
    const active = [...this.entries.values()].filter((entry) => entry.active);
    if (active.length === 0) {
      this.steady.stop();
      this.connected = false;
      return;
    }
    const wanted = queryOf(active.map(({ subscriber }) => subscriber.fields));
    if (!this.query || !this.steady.running || !covers(this.query, wanted)) this.query = wanted;
    const stallTimeoutMs = Math.min(...active.map(({ subscriber }) => subscriber.stallTimeoutMs));
    this.steady.start(this.query, stallTimeoutMs);
    if (this.connected) this.opened();
  }

  private opened(gap?: Gap): void {
    this.connected = true;
    const now = Date.now();
    for (const entry of this.active()) {
      const { output } = entry.subscriber;
      output.state({ state: 'connected' });
      if (entry.told !== 'connected') output.event({ event: 'connected', from: now, to: now });
      if (gap && entry.served) {
        const { reason, status } = gap.cause;
        output.event({ event: 'gap', from: gap.from, to: gap.to, lastId: gap.lastId, cause: reason, status });
      }
      entry.told = 'connected';
      entry.served = true;
    }
  }

  private failed(failure: XFailure, waitMs: number | undefined): void {
    this.connected = false;
    for (const entry of this.active()) this.tell(entry, failure, waitMs);
  }

  private failedToSync(error: unknown): void {
    const failure =
      error instanceof XFailure
        ? error
        : new XFailure('unexpected', {}, { reason: 'unexpected' }, { cause: error });
    const waitMs = this.backoff.next(failure, noHistory);
    if (waitMs !== undefined && !this.timer) this.timer = setTimeout(() => this.settle(), waitMs);
    for (const entry of this.entries.values()) {
      // Those that are connected stay so; the rules of the others wait.
      if (!entry.active || !this.connected) this.tell(entry, failure, waitMs);
    }
  }

  private tell(entry: Entry, failure: XFailure, waitMs: number | undefined): void {
    const { output } = entry.subscriber;
    // It came while the others were connected: to it, nothing has ended.
    if (failure.kind === 'reopened' && entry.told === 'nothing') return;
    const to = Date.now();
    const about = {
      from: (entry.served ? this.steady.lastData : undefined) ?? to,
      to,
      lastId: entry.served ? this.steady.lastId : undefined,
      cause: failure.reason,
      status: failure.status,
    };
    if (entry.told !== 'disconnected' || waitMs === undefined)
      output.event({ event: 'disconnected', ...about });
    if (failure.limited) output.event({ event: 'limit', ...about });
    entry.told = 'disconnected';
    if (waitMs === undefined) output.state({ state: 'failed', problem: failure });
    else output.state({ state: 'waiting', problem: failure, untilMs: to + waitMs });
  }

  /** To the nodes whose rules it matched; to all where that cannot be told, as with a notice. */
  private dispatch(line: StreamLine): void {
    const ids = matchedRules(line.valueIfJson);
    const all = this.table?.all;
    const foreign = this.table && ids.length > 0 && ids.every((id) => all?.has(id)) ? this.table : undefined;
    let given = false;
    for (const { subscriber } of this.active()) {
      const mine = foreign?.byNode.get(subscriber.node);
      if (mine && !ids.some((id) => mine.has(id))) continue;
      subscriber.output.line(line);
      given = true;
    }
    if (!given) this.leaveOut(ids);
  }

  /** Only rules of somebody else matched: left out and counted, said once a rule. */
  private leaveOut(ids: string[]): void {
    this.leftOut++;
    for (const id of ids) {
      const ofNode = [...(this.table?.byNode.values() ?? [])].some((mine) => mine.has(id));
      const to = this.active()[0]?.subscriber.output;
      if (ofNode || this.warned.has(id) || !to) continue;
      this.warned.add(id);
      to.warn(new Problem('foreign-rule', { rule: this.table?.all.get(id)?.value ?? id, id }));
    }
  }

  private active(): Entry[] {
    return [...this.entries.values()].filter((entry) => entry.active);
  }

  private each(act: (subscriber: Subscriber) => void): void {
    for (const { subscriber } of this.active()) act(subscriber);
  }
}

/** The ids in `matching_rules`; X has sent them as numbers too. */
function matchedRules(value: unknown): string[] {
  const list = (value as { matching_rules?: unknown } | null | undefined)?.matching_rules;
  if (!Array.isArray(list)) return [];
  return list.map((rule) => String((rule as { id?: unknown } | null)?.id));
}

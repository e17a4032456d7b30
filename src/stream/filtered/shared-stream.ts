import type { XApp } from '../x/app';
import type { Query } from '../x/connection';
import { XFailure } from '../x/failure';
import { ReconnectBackoff } from '../x/reconnect-backoff';
import { type Gap, ReconnectingStream } from '../x/reconnecting-stream';
import { RulesApi } from '../x/rules-api';
import { Dispatcher } from './dispatcher';
import { covers, queryOf } from './fields';
import { syncRules } from './rule-sync';
import { type Subscriber, Subscription } from './subscription';

export interface SharedStreamOptions {
  /** Collects the subscribers of one deploy, ms. */
  debounceMs?: number;
  connectTimeoutMs?: number;
  /** Factor that shortens the waits in tests. */
  scale?: number;
}

const path = 'tweets/search/stream';
const notOpened = { opened: false, delivered: false, openMs: 0 };

/**
 * The only connection to the filtered stream that X allows an App, shared by its nodes: it syncs their rules
 * with X, connects while a rule is active, and dispatches the posts.
 */
export class SharedStream {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly stream: ReconnectingStream;
  private readonly dispatcher = new Dispatcher();
  private syncBackoff: ReconnectBackoff;
  /** Set while a sync is running. */
  private api?: RulesApi;
  private timer?: NodeJS.Timeout;
  private query?: Query;
  private connected = false;

  constructor(
    private readonly app: XApp,
    private readonly options: SharedStreamOptions = {},
  ) {
    const { scale, connectTimeoutMs } = options;
    this.syncBackoff = new ReconnectBackoff(scale);
    this.stream = new ReconnectingStream(
      { app, path, scale, connectTimeoutMs },
      {
        onConnecting: () => this.each(({ output }) => output.onState({ state: 'connecting' })),
        onConnected: (gap) => this.opened(gap),
        onLine: (line) => this.dispatcher.dispatch(line, this.activeSubscribers()),
        onLineProblem: (problem, payload) => this.each(({ output }) => output.onProblem(problem, payload)),
        onFailure: (failure, waitMs) => this.failed(failure, waitMs),
      },
    );
  }

  /** Posts left out because they matched only foreign rules. */
  get leftOut(): number {
    return this.dispatcher.leftOut;
  }

  /** Adds a subscriber, or replaces the one of the same node. */
  register(subscriber: Subscriber): void {
    this.subscriptions.set(subscriber.node, new Subscription(subscriber));
    subscriber.output.onState({ state: 'connecting' });
    this.syncSoon();
  }

  /** Removes a node's subscriber, which gets nothing more. The last one closes the connection. */
  unregister(node: string): void {
    if (!this.subscriptions.delete(node)) return;
    if (this.subscriptions.size > 0) this.syncSoon();
    else this.close();
  }

  /** Closes the connection and removes all subscribers. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.subscriptions.clear();
    this.api?.close();
    this.api = undefined;
    this.stream.stop();
    this.connected = false;
    this.query = undefined;
    this.syncBackoff = new ReconnectBackoff(this.options.scale);
  }

  /** One sync for all that register and unregister together; a running sync is followed by another. */
  private syncSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sync(), this.options.debounceMs ?? 100);
  }

  private async sync(): Promise<void> {
    if (this.api) {
      this.syncSoon();
      return;
    }
    this.timer = undefined;
    const api = new RulesApi(this.app);
    this.api = api;
    try {
      const subscriptions = [...this.subscriptions.values()];
      const requests = subscriptions.map(({ subscriber }) => subscriber);
      const table = await syncRules(api, this.app, requests);
      if (this.api !== api) return;
      this.dispatcher.table = table;
      this.syncBackoff = new ReconnectBackoff(this.options.scale);
      for (const subscription of subscriptions) {
        const current = this.subscriptions.get(subscription.subscriber.node);
        if (current === subscription) subscription.applyRules(table);
      }
      this.connect();
    } catch (error) {
      if (this.api === api) this.syncFailed(error);
    } finally {
      api.close();
      if (this.api === api) this.api = undefined;
    }
  }

  private syncFailed(error: unknown): void {
    const failure =
      error instanceof XFailure
        ? error
        : new XFailure('unexpected', {}, { reason: 'unexpected' }, { cause: error });
    const waitMs = this.syncBackoff.next(failure, notOpened);
    if (waitMs !== undefined && !this.timer) this.timer = setTimeout(() => this.sync(), waitMs);
    for (const subscription of this.subscriptions.values()) {
      // The connected ones stay connected; the rules of the others wait for the next sync.
      if (!subscription.active || !this.connected) subscription.failed(failure, waitMs, this.stream);
    }
  }

  private connect(): void {
    const subscribers = this.activeSubscribers();
    if (subscribers.length === 0) {
      this.stream.stop();
      this.connected = false;
      return;
    }
    const query = queryOf(subscribers.map(({ fields }) => fields));
    // A query with more fields than needed stays: another one would reopen the connection.
    if (!this.query || !this.stream.running || !covers(this.query, query)) this.query = query;
    this.stream.start(this.query, Math.min(...subscribers.map(({ stallTimeoutMs }) => stallTimeoutMs)));
    if (this.connected) this.opened();
  }

  private opened(gap?: Gap): void {
    this.connected = true;
    for (const subscription of this.active()) subscription.connected(gap);
  }

  private failed(failure: XFailure, waitMs: number | undefined): void {
    this.connected = false;
    for (const subscription of this.active()) subscription.failed(failure, waitMs, this.stream);
  }

  private active(): Subscription[] {
    return [...this.subscriptions.values()].filter(({ active }) => active);
  }

  private activeSubscribers(): Subscriber[] {
    return this.active().map(({ subscriber }) => subscriber);
  }

  private each(act: (subscriber: Subscriber) => void): void {
    for (const subscriber of this.activeSubscribers()) act(subscriber);
  }
}

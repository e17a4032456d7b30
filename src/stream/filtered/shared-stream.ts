import { Outages } from '../connect/outages';
import { type NextAttempt, ReconnectPolicy } from '../connect/reconnect-policy';
import { type ConnectPlan, ReconnectingStream } from '../connect/reconnecting-stream';
import { Recovery } from '../recover/recovery';
import { StreamRequestBuilder } from '../request/stream-request';
import type { StopReason } from '../source';
import { failureOf, type XFailure } from '../x/failure';
import { dateOf } from '../x/response-headers';
import { Delivery } from './delivery';
import { Dispatcher } from './dispatcher';
import { Roster } from './roster';
import { RuleKeeper } from './rule-keeper';
import { type SharedStreamOptions, staleConnections } from './shared-stream-options';
import { type Subscriber, stateAfter } from './subscription';

/** Collects the subscribers of one deploy. */
const debounceMs = 100;
const listEveryMs = 15 * 60_000;
const listBeforeConnectMs = 60_000;
const waitForRuleMs = 60_000;

/**
 * One stream of an App, shared by its nodes: it syncs their rules with X, connects while a rule is active, dispatches the
 * posts, and stays open during a deploy.
 */
export class SharedStream {
  private readonly roster: Roster;
  private readonly stream: ReconnectingStream;
  private readonly dispatcher = new Dispatcher();
  private readonly outages: Outages;
  private readonly keeper?: RuleKeeper;
  private readonly delivery: Delivery;
  private readonly recovery: Recovery;
  private readonly requests: StreamRequestBuilder;
  private readonly rulesPolicy = new ReconnectPolicy();
  private changing?: NodeJS.Timeout;
  private listing?: NodeJS.Timeout;
  /** For nodes that join while the stream is not connected. */
  private problem?: { failure: XFailure; next: NextAttempt; at: number };

  constructor(private readonly options: SharedStreamOptions) {
    const { app, kind, record, recent, counters, rules } = options;
    const roster = new Roster(record, () => this.endHandover());
    this.roster = roster;
    this.outages = new Outages(record, options.onRecordChanged);
    this.requests = new StreamRequestBuilder(kind, options.parameters);
    if (rules) {
      const requests = () => roster.wanted.map(({ subscriber }) => subscriber);
      this.keeper = new RuleKeeper({ app, ...rules, requests });
    }
    this.delivery = new Delivery({
      kind,
      recent,
      counters,
      roster,
      dispatcher: this.dispatcher,
      outages: this.outages,
      fields: () => this.requests.fields,
      listRules: () => this.sync(0),
    });
    this.recovery = new Recovery({
      ...options,
      roster,
      dispatcher: this.dispatcher,
      fields: () => this.requests.fields,
      deliver: (...post) => this.delivery.recovered(...post),
    });
    this.stream = this.openStream();
  }

  /** Adds a subscriber, or replaces the one of the same node. */
  register(subscriber: Subscriber): void {
    this.roster.add(subscriber);
    const { problem } = this;
    // A node that joins while the App waits shows what for.
    if (problem && this.stream.waiting) {
      subscriber.output.onState(stateAfter(problem.failure, problem.next, problem.at));
    } else subscriber.output.onState({ state: 'connecting' });
    this.changeSoon();
  }

  /**
   * Removes a node's subscriber, which gets nothing more.
   * @param how stop: the last one closes the stream. close: posts for the node are buffered. removed: other nodes may start
   */
  unregister(node: string, how: StopReason): void {
    if (!this.roster.remove(node, how)) return;
    if (how !== 'stop') {
      // A deploy may have changed what X rejected.
      this.requests.forget();
      if (this.roster.all.length === 0) this.stream.unref();
    } else if (this.roster.wanted.length > 0) this.changeSoon();
    else {
      this.outages.stopped();
      this.close();
      this.options.onIdle();
    }
  }

  /** Node-RED stops flows, those of other nodes too: the nodes receive nothing until `flowsStarted`. */
  flowsStopping(): void {
    this.roster.flowsStopping();
  }

  /** Node-RED has started the flows: nodes that have not registered soon will not. */
  flowsStarted(): void {
    this.roster.handover?.flowsStarted();
    if (this.roster.handover) this.changeSoon();
  }

  /** It has nodes, or waits for those of a deploy. */
  get inUse(): boolean {
    return this.roster.all.length > 0 || this.roster.handover !== undefined;
  }

  /** Closes the connection and removes all subscribers. */
  close(): void {
    clearTimeout(this.changing);
    clearTimeout(this.listing);
    this.recovery.close();
    this.roster.clear();
    this.keeper?.close();
    this.stream.stop();
    this.problem = undefined;
  }

  private openStream(): ReconnectingStream {
    const { app, kind, connects, record } = this.options;
    const stale = staleConnections(this.options, () => this.roster.wanted);
    return new ReconnectingStream(
      { app, kind, connects, stale, served: () => record.openedAt !== undefined },
      {
        prepare: (failure) => this.prepare(failure),
        onConnecting: () => {
          for (const { output } of this.roster.receiving) output.onState({ state: 'connecting' });
        },
        onAnswer: (headers) => this.outages.answered(dateOf(headers)),
        onConnected: () => this.opened(),
        onLine: (line) => {
          this.recovery.receive(line);
          this.delivery.receive(line);
        },
        onAlive: () => {
          this.recovery.alive();
          // What is buffered has reached no node yet.
          if (!this.roster.handover?.buffering) this.outages.alive();
        },
        onLineProblem: (problem, payload) => {
          for (const { output } of this.roster.receiving) output.onProblem(problem, payload);
        },
        onRejected: (failure) => this.adjust(failure),
        onFailure: (failure, next) => this.failed(failure, next),
      },
    );
  }

  /** One change for all that register and unregister together. */
  private changeSoon(): void {
    clearTimeout(this.changing);
    this.changing = setTimeout(() => this.change(), debounceMs);
    this.changing.unref();
  }

  private change(): void {
    // While nodes are being closed, their rules stay.
    if (this.roster.all.length === 0) return;
    if (!this.stream.running) this.stream.start();
    else if (this.stream.connected) void this.syncOpenStream(listEveryMs);
  }

  /** @param maxAgeMs of the list of rules */
  private async syncOpenStream(maxAgeMs: number): Promise<void> {
    try {
      await this.sync(maxAgeMs);
      if (this.stream.connected) this.applyToOpenStream();
    } catch (error) {
      this.rulesFailed(failureOf(error, new URL(this.options.app.baseUrl).host));
    }
  }

  /** Brings the rules in line, and knows afterwards which nodes are active. */
  private async sync(maxAgeMs: number): Promise<void> {
    const table = await this.keeper?.sync(maxAgeMs);
    if (table) this.dispatcher.table = table;
    for (const subscription of this.roster.all) {
      if (table) subscription.applyRules(table, waitForRuleMs);
      else subscription.active = true;
    }
  }

  private applyToOpenStream(): void {
    const { active } = this.roster;
    if (active.length === 0) {
      // Without a rule nothing is missed.
      this.outages.stopped();
      this.recovery.close();
      this.stream.stop();
      this.waitForRules();
    } else if (this.requests.covers(active)) {
      this.stream.ref();
      for (const subscription of this.roster.receiving) subscription.connected();
      this.afterConnect();
    } else this.stream.reopen();
  }

  private async prepare(failure?: XFailure): Promise<ConnectPlan | undefined> {
    const young = this.outages.idleMs <= listBeforeConnectMs && failure?.policy !== 'rules';
    await this.sync(young ? listEveryMs : 0);
    const { active } = this.roster;
    if (active.length > 0) return this.requests.build(active, this.outages.missedMs);
    this.waitForRules();
    return undefined;
  }

  private opened(): void {
    const { active, receiving, wanted, all } = this.roster;
    this.problem = undefined;
    this.delivery.opened();
    const gap = this.outages.opened();
    // Ids of nodes in subflows change with each start.
    const known = active.some(({ wasConnected }) => wasConnected);
    const interrupted = receiving.filter(({ wasConnected }) => wasConnected || !known);
    const others = wanted.filter((one) => one.wasConnected && !receiving.includes(one));
    for (const subscription of receiving) subscription.connected();
    this.recovery.opened(gap && { gap, interrupted, others }, this.requests.requestedBackfill);
    this.options.onRecordChanged(true);
    this.afterConnect();
    // A node may have joined while the stream was being opened.
    if (receiving.length < all.length) this.changeSoon();
  }

  private afterConnect(): void {
    const { handover } = this.roster;
    if (handover && !handover.flowsStopped) {
      this.delivery.release(handover);
      if (handover.parked.size === 0) this.endHandover();
    }
    this.listIn(listEveryMs);
  }

  /** The nodes that are still closed do not start again. */
  private endHandover(): void {
    const joining = (this.roster.handover?.joined.size ?? 0) > 0;
    this.roster.handover?.parked.clear();
    // What is buffered for these is sent after the running sync.
    if (joining && this.roster.handover?.buffering) {
      this.changeSoon();
      return;
    }
    this.roster.endHandover();
    if (this.roster.all.length > 0) this.changeSoon();
    else {
      this.close();
      this.options.onIdle();
    }
  }

  private adjust(failure: XFailure): boolean {
    const warning = this.requests.adjust(failure);
    if (warning) this.roster.receiving[0]?.output.onWarning(warning);
    return warning !== undefined;
  }

  private failed(failure: XFailure, next: NextAttempt): void {
    this.problem = { failure, next, at: Date.now() };
    this.outages.failed(failure);
    this.recovery.dropped();
    clearTimeout(this.listing);
    // Nodes that X has no rule of have a problem of their own; the rules of new ones are not known yet.
    for (const subscription of this.roster.all) {
      if (subscription.active || !subscription.synced) {
        subscription.failed(failure, next, this.outages.record);
      }
    }
  }

  /** The connected nodes stay connected; the others wait for the next sync. */
  private rulesFailed(failure: XFailure): void {
    const next = this.rulesPolicy.next(failure, { healthy: false, served: true });
    for (const subscription of this.roster.all) {
      if (!subscription.active) subscription.failed(failure, next, this.outages.record);
    }
    this.listIn('failed' in next ? (next.retryMs ?? listEveryMs) : next.waitMs);
  }

  /** A node that uses the App's rules waits for one. */
  private waitForRules(): void {
    if (this.roster.all.some(({ mode }) => mode === 'app')) this.listIn(waitForRuleMs);
  }

  /** Lists the App's rules later: another client may delete or add some. */
  private listIn(ms: number): void {
    clearTimeout(this.listing);
    this.listing = setTimeout(() => {
      if (!this.stream.running) this.stream.start();
      else if (this.stream.connected) void this.syncOpenStream(0);
    }, ms);
    this.listing.unref();
  }
}

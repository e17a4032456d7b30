import { Problem } from '../../util/problem';
import type { Gap } from '../connect/outages';
import type { NextAttempt } from '../connect/reconnect-policy';
import type { FieldChoice } from '../request/fields';
import type { RecoveryReport, SourceState, StreamOutput } from '../source';
import type { XFailure } from '../x/failure';
import type { RuleRequest, RuleTable } from './rule-sync';

/** A node that receives messages of the App's stream. */
export interface Subscriber extends RuleRequest {
  fields: FieldChoice;
  /** Longest time without a byte, ms; the shortest of all subscribers applies. */
  stallTimeoutMs: number;
  /** Drops posts that are among this many last ones of the stream; 0: none. */
  dedupe: number;
  /** How posts of an outage are fetched. */
  recover: 'none' | 'backfill' | 'search';
  /** Ends connections of other clients of the App. */
  takeOver: boolean;
  /** The rules that may be recovered stop when this returns false: the node is at its daily limit. */
  mayReceive(): boolean;
  /** How many posts it may still receive today; absent: unlimited. */
  remaining?(): number;
  output: StreamOutput;
}

/** What one subscriber has seen of the shared stream, and so which events it gets. */
export class Subscription {
  /** X has at least one of its rules, or the stream has none. */
  active = false;
  /** Whether X has one of its rules is known. */
  synced = false;
  /** It has been connected before, maybe in an earlier process, so an outage is a gap. */
  wasConnected: boolean;
  private lastEvent: 'none' | 'connected' | 'disconnected' = 'none';
  private reported = new Set<string>();
  /** An outage while its node was closed; the node's next subscription reports its end. */
  private missed?: Gap;
  /** Part of it is not recovered, and so reported then. */
  private unreported?: Gap;

  /** @param earlier what the node's closed subscription had seen, where the connection is handed over */
  constructor(
    readonly subscriber: Subscriber,
    wasConnected = false,
    earlier?: Subscription,
  ) {
    this.wasConnected = wasConnected || earlier?.wasConnected === true;
    this.lastEvent = earlier?.lastEvent ?? 'none';
    this.missed = earlier?.missed;
    this.unreported = earlier?.unreported;
  }

  get node(): string {
    return this.subscriber.node;
  }

  get mode(): Subscriber['mode'] {
    return this.subscriber.mode;
  }

  get output(): StreamOutput {
    return this.subscriber.output;
  }

  /**
   * Reports each rejected rule once. Without an active rule the subscriber fails.
   * @param retryMs until the App's rules are listed again, where the subscriber waits for one
   */
  applyRules(table: RuleTable, retryMs: number): void {
    const { node, output, rules, mode } = this.subscriber;
    const rejected = table.rejected.get(node) ?? [];
    this.synced = true;
    this.active = (table.byNode.get(node)?.size ?? 0) > 0;
    for (const problem of rejected) {
      if (this.reported.has(problem.message)) continue;
      this.reported.add(problem.message);
      output.onProblem(problem);
    }
    if (this.active) return;
    if (mode === 'app') {
      const problem = new Problem('app-without-rules');
      output.onState({ state: 'waiting', problem, untilMs: Date.now() + retryMs });
    } else {
      const key = rules.length > 0 ? 'all-rules-refused' : 'no-rules';
      output.onState({ state: 'failed', problem: new Problem(key) });
    }
  }

  /** The stream is open. */
  connected(): void {
    const { output, missed, unreported } = this;
    const now = Date.now();
    output.onState({ state: 'connected' });
    if (missed) {
      const { from, to, lastId, cause, status } = missed;
      if (this.lastEvent === 'connected')
        output.onEvent({ event: 'disconnected', from, to, lastId, cause, status });
      this.lastEvent = 'disconnected';
    }
    if (this.lastEvent !== 'connected') output.onEvent({ event: 'connected', from: now, to: now });
    this.lastEvent = 'connected';
    this.wasConnected = true;
    this.missed = undefined;
    this.unreported = undefined;
    if (unreported) this.gap(unreported);
  }

  /**
   * An outage ended while its node was closed. The first one counts from its begin.
   * @param recovered it is reported when its posts have been fetched
   */
  miss(gap: Gap, recovered: boolean): void {
    this.missed = { ...gap, from: this.missed?.from ?? gap.from };
    if (!recovered) this.unreported = { ...gap, from: this.unreported?.from ?? gap.from };
  }

  /** Sends the event of an outage. @param report what was recovered, where the node recovers */
  gap({ from, to, lastId, cause, status }: Gap, report?: RecoveryReport): void {
    this.subscriber.output.onEvent({ event: 'gap', from, to, lastId, cause, status, ...report });
  }

  /** @param last when the stream's last byte came, epoch ms, and the id of its last post */
  failed(failure: XFailure, next: NextAttempt, last: { aliveAt?: number; lastId?: string }): void {
    // It subscribed while the stream was open for others: for it nothing has ended.
    if (failure.kind === 'reopened' && this.lastEvent === 'none') return;
    const { output } = this.subscriber;
    const now = Date.now();
    const details = {
      from: (this.wasConnected ? last.aliveAt : undefined) ?? now,
      to: now,
      lastId: this.wasConnected ? last.lastId : undefined,
      cause: failure.reason,
      status: failure.status,
    };
    if (this.lastEvent !== 'disconnected' || 'failed' in next) {
      output.onEvent({ event: 'disconnected', ...details });
    }
    if (failure.limited) output.onEvent({ event: 'limit', ...details });
    this.lastEvent = 'disconnected';
    output.onState(stateAfter(failure, next, now));
  }
}

/** The state of a source after a failure. */
export function stateAfter(failure: XFailure, next: NextAttempt, now: number): SourceState {
  if (!('failed' in next)) return { state: 'waiting', problem: failure, untilMs: now + next.waitMs };
  const untilMs = next.retryMs === undefined ? undefined : now + next.retryMs;
  return { state: 'failed', problem: failure, untilMs };
}

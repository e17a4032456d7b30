import { Problem } from '../../util/problem';
import type { StreamOutput } from '../source';
import type { XFailure } from '../x/failure';
import type { Gap } from '../x/reconnecting-stream';
import type { FieldChoice } from './fields';
import type { RuleRequest, RuleTable } from './rule-sync';

/** A node that receives posts of the App's filtered stream. */
export interface Subscriber extends RuleRequest {
  fields: FieldChoice;
  /** Longest time without a byte, ms; the shortest of all subscribers applies. */
  stallTimeoutMs: number;
  output: StreamOutput;
}

/** What one subscriber has seen of the shared stream, and so which events it gets. */
export class Subscription {
  /** X has at least one of its rules. */
  active = false;
  private lastEvent: 'none' | 'connected' | 'disconnected' = 'none';
  /** It has been connected before, so an outage is a gap. */
  private wasConnected = false;

  constructor(readonly subscriber: Subscriber) {}

  /** Without an active rule the subscriber fails. Reports rejected rules, unless it was active before. */
  applyRules(table: RuleTable): void {
    const { node, output, rules, mode } = this.subscriber;
    const rejected = this.active ? [] : (table.rejected.get(node) ?? []);
    this.active = (table.byNode.get(node)?.size ?? 0) > 0;
    for (const problem of rejected) output.onProblem(problem);
    if (this.active) return;
    const key = mode === 'app' ? 'app-without-rules' : rules.length > 0 ? 'all-rules-refused' : 'no-rules';
    output.onState({ state: 'failed', problem: new Problem(key) });
  }

  connected(gap?: Gap): void {
    const { output } = this.subscriber;
    const now = Date.now();
    output.onState({ state: 'connected' });
    if (this.lastEvent !== 'connected') output.onEvent({ event: 'connected', from: now, to: now });
    if (gap && this.wasConnected) {
      const { from, to, lastId } = gap;
      const { reason, status } = gap.cause;
      output.onEvent({ event: 'gap', from, to, lastId, cause: reason, status });
    }
    this.lastEvent = 'connected';
    this.wasConnected = true;
  }

  /**
   * @param waitMs until the next attempt; undefined: there is none
   * @param last when the stream's last byte came, epoch ms, and the id of its last post
   */
  failed(
    failure: XFailure,
    waitMs: number | undefined,
    last: { lastByteAt?: number; lastId?: string },
  ): void {
    // It subscribed while the stream was open for others: for it nothing has ended.
    if (failure.kind === 'reopened' && this.lastEvent === 'none') return;
    const { output } = this.subscriber;
    const now = Date.now();
    const details = {
      from: (this.wasConnected ? last.lastByteAt : undefined) ?? now,
      to: now,
      lastId: this.wasConnected ? last.lastId : undefined,
      cause: failure.reason,
      status: failure.status,
    };
    if (this.lastEvent !== 'disconnected' || waitMs === undefined) {
      output.onEvent({ event: 'disconnected', ...details });
    }
    if (failure.limited) output.onEvent({ event: 'limit', ...details });
    this.lastEvent = 'disconnected';
    if (waitMs === undefined) output.onState({ state: 'failed', problem: failure });
    else output.onState({ state: 'waiting', problem: failure, untilMs: now + waitMs });
  }
}

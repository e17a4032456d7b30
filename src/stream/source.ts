import type { Problem } from '../util/problem';
import type { StreamLine } from './stream-line';

/** What was fetched of the posts of an outage. */
export interface RecoveryReport {
  /** Posts sent by the node. */
  recovered: number;
  by: 'backfill' | 'search';
  /** What cannot be fetched, as sentences: rules, retweets. */
  notRecovered: string[];
  /** Posts that X charges for. */
  cost: number;
}

/** A connection event, sent by the node's second output. Times are epoch ms. */
export interface StreamEvent extends Partial<RecoveryReport> {
  event: 'connected' | 'disconnected' | 'gap' | 'limit' | 'end';
  /** Start of the time that it covers; of an outage, when the last byte came. */
  from: number;
  to: number;
  /** Id of the last post received, decimal. */
  lastId?: string;
  /** The cause, in X's own word where there is one. */
  cause?: string;
  /** HTTP status, where X had answered. */
  status?: number;
  /** Posts that X left out since the last such event (limit). */
  missed?: number;
}

/** The current state of a source. */
export type SourceState =
  | { state: 'connecting' | 'connected' | 'stopped' | 'ended' }
  /** Connected; posts of an outage are being fetched. */
  | { state: 'recovering'; from: number; to: number }
  /** Retries by itself. */
  | { state: 'waiting'; problem: Problem; untilMs: number }
  /** Needs a person. `payload`: the text concerned. `untilMs`: the next attempt, where there is one all the same. */
  | { state: 'failed'; problem: Problem; payload?: string | Buffer; untilMs?: number }
  | { state: 'replaying'; lines: number; share: number; heldBy?: string };

/** Receives what a source produces: functions that need no `this` and never throw. */
export interface StreamOutput {
  /** @param recovered how the post of an outage was fetched */
  onMessage(line: StreamLine, recovered?: 'search'): void;
  onEvent(event: StreamEvent): void;
  onState(state: SourceState): void;
  /** Something was lost or rejected. `payload`: the text concerned. */
  onProblem(problem: Problem, payload?: string | Buffer): void;
  /** Nothing was lost. */
  onWarning(problem: Problem): void;
}

/** A source of messages that a twitter-stream-in runs. */
export interface StreamSource {
  /** No effect while it runs; after a failure it retries at once. */
  start(): void;
  /**
   * Resolves when its sockets, files and timers are closed; a stream that nodes share stays open for a deploy. May be called
   * at any time.
   */
  stop(reason: StopReason): Promise<void>;
}

/** Why a source stops: a person stops it, Node-RED closes its node and may start it again, or has removed the node. */
export type StopReason = 'stop' | 'close' | 'removed';

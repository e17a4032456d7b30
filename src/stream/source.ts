import type { Problem } from '../util/problem';
import type { StreamLine } from './stream-line';

/** A connection event, sent by the node's second output. Times are epoch ms. */
export interface StreamEvent {
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
}

/** The current state of a source. */
export type SourceState =
  | { state: 'connecting' | 'connected' | 'stopped' | 'ended' }
  /** Retries by itself. */
  | { state: 'waiting'; problem: Problem; untilMs: number }
  /** Needs a person. `payload`: the text concerned. */
  | { state: 'failed'; problem: Problem; payload?: string | Buffer }
  | { state: 'replaying'; lines: number; share: number; heldBy?: string };

/** Receives what a source produces: functions that need no `this` and never throw. */
export interface StreamOutput {
  onMessage(line: StreamLine): void;
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
  /** Resolves when its sockets, files and timers are closed. May be called at any time. */
  stop(): Promise<void>;
}

import type { Problem } from '../util/problem';
import type { StreamLine } from './stream-line';

/** What happened to a stream; leaves the node by its second output. Times are epoch ms. */
export interface StreamEvent {
  event: 'connected' | 'disconnected' | 'gap' | 'limit' | 'end';
  /** Begin of the time it speaks of: of an outage, the last byte that came. */
  from: number;
  to: number;
  /** Id of the last post that came, decimal. */
  lastId?: string;
  /** Why, in X's own word where there is one. */
  cause?: string;
  /** HTTP status, where X had answered. */
  status?: number;
}

/** How a source is at the moment. */
export type SourceState =
  | { state: 'connecting' | 'connected' | 'stopped' | 'ended' }
  /** Tries again by itself. */
  | { state: 'waiting'; problem: Problem; untilMs: number }
  /** Waits for the person. */
  | { state: 'failed'; problem: Problem }
  | { state: 'replaying'; lines: number; share: number; heldBy?: string };

/** Where a source puts what it finds: functions that need no `this` and never throw. */
export interface StreamOutput {
  line(line: StreamLine): void;
  event(event: StreamEvent): void;
  state(state: SourceState): void;
  /** Something was lost or refused; `payload` is the text it is about. */
  problem(problem: Problem, payload?: string | Buffer): void;
  /** Something to know; nothing was lost. */
  warn(problem: Problem): void;
}

/** What a twitter-stream-in runs. */
export interface Source {
  /** Does nothing while it runs; tries again at once where it had failed. */
  start(): void;
  /** Resolves when sockets, files and timers are gone. May be called at any time. */
  stop(): Promise<void>;
}

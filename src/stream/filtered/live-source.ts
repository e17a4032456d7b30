import { Problem } from '../../util/problem';
import type { SharedApp } from '../app/shared-app';
import type { Query } from '../request/fields';
import type { SourceState, StopReason, StreamOutput, StreamSource } from '../source';
import { type LiveSource as SourceName, sourceKinds } from '../source-kind';
import { dayMs } from '../state/day-counters';
import type { StreamLine } from '../stream-line';
import type { SharedStream } from './shared-stream';
import type { Subscriber } from './subscription';

/** What a node asks of a live stream. */
export interface LiveSourceOptions extends Omit<Subscriber, 'output' | 'mayReceive' | 'remaining'> {
  source: SourceName;
  /** Of a stream without rules. */
  parameters: Query;
  /** Posts a day that the node receives; 0: unlimited. */
  dailyLimit: number;
}

/** One node's subscription to a stream of the App, up to its daily limit of posts. */
export class LiveSource implements StreamSource {
  /** Runs while the daily limit is reached. */
  private timer?: NodeJS.Timeout;
  private running = false;
  private failed = false;
  private stream?: SharedStream;

  constructor(
    private readonly app: SharedApp,
    private readonly options: LiveSourceOptions,
    private readonly output: StreamOutput,
  ) {}

  start(): void {
    if (this.running && !this.failed) return;
    this.running = true;
    this.setState({ state: 'connecting' });
    void this.app.load().then(() => this.register());
  }

  async stop(reason: StopReason): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stream?.unregister(this.options.node, reason);
  }

  /** The App's posts of today, for the status. */
  get postsToday(): number {
    return this.stream ? this.app.counters.posts : 0;
  }

  /** The counts of today and whatever else a report of the node's state has. */
  report(): Record<string, unknown> {
    if (!this.stream) return {};
    const { nodes: _, ...today } = this.app.counters.today();
    return { today, received: this.app.counters.ofNode(this.options.node) };
  }

  private register(): void {
    if (!this.running || this.timer) return;
    const { source, parameters, dedupe } = this.options;
    this.stream ??= this.app.stream(source, parameters, dedupe);
    if (this.pausedByLimit()) return;
    const output = {
      ...this.output,
      onMessage: (line: StreamLine, recovered?: 'search') => this.receive(line, recovered),
      onState: (state: SourceState) => this.setState(state),
    };
    const remaining = () => this.remaining;
    this.stream.register({ ...this.options, mayReceive: () => !this.limitReached, remaining, output });
  }

  private setState(state: SourceState): void {
    this.failed = state.state === 'failed';
    this.output.onState(state);
  }

  private receive(line: StreamLine, recovered?: 'search'): void {
    this.output.onMessage(line, recovered);
    const id = sourceKinds[this.options.source].postId(line.valueIfJson);
    if (id === undefined) return;
    this.app.counters.addToNode(this.options.node);
    if (!this.pausedByLimit()) return;
    const now = Date.now();
    this.output.onEvent({ event: 'limit', from: now, to: now, lastId: id, cause: 'daily limit' });
  }

  private get limitReached(): boolean {
    return this.remaining <= 0;
  }

  /** Posts that the node may still receive today. */
  private get remaining(): number {
    const { dailyLimit, node } = this.options;
    return dailyLimit > 0 ? dailyLimit - this.app.counters.ofNode(node) : Number.POSITIVE_INFINITY;
  }

  /** At the limit, unsubscribes until the next day. */
  private pausedByLimit(): boolean {
    if (!this.limitReached) return false;
    this.stream?.unregister(this.options.node, 'stop');
    const now = Date.now();
    const untilMs = (Math.floor(now / dayMs) + 1) * dayMs;
    const problem = new Problem('daily-limit', { limit: this.options.dailyLimit });
    this.output.onState({ state: 'waiting', problem, untilMs });
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.register();
    }, untilMs - now);
    this.timer.unref();
    return true;
  }
}

import { Problem } from '../../util/problem';
import type { Source, SourceState, StreamOutput } from '../source';
import { postIdOf, type StreamLine } from '../stream-line';
import type { DailyLimit } from './daily-limit';
import type { SharedStream, Subscriber } from './shared-stream';

/** One node's share of the filtered stream, up to its daily limit of posts. */
export class FilteredSource implements Source {
  private timer?: NodeJS.Timeout;
  private running = false;
  private failed = false;
  private loaded?: Promise<void>;

  constructor(
    private readonly stream: SharedStream,
    private readonly desired: Omit<Subscriber, 'output'>,
    private readonly output: StreamOutput,
    private readonly daily: DailyLimit,
  ) {}

  start(): void {
    if (this.running && !this.failed) return;
    this.running = true;
    this.state({ state: 'connecting' });
    this.loaded ??= this.daily.load();
    this.loaded.then(
      () => this.join(),
      (cause) => {
        this.loaded = undefined;
        this.state({ state: 'failed', problem: new Problem('daily-count-unreadable', {}, { cause }) });
      },
    );
  }

  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stream.unregister(this.desired.node);
  }

  private join(): void {
    if (!this.running || this.timer) return;
    if (this.rested()) return;
    const output = {
      ...this.output,
      line: (line: StreamLine) => this.line(line),
      state: (state: SourceState) => this.state(state),
    };
    this.stream.register({ ...this.desired, output });
  }

  private state(state: SourceState): void {
    this.failed = state.state === 'failed';
    this.output.state(state);
  }

  private line(line: StreamLine): void {
    this.output.line(line);
    if (this.daily.limit === 0) return;
    const id = postIdOf(line.valueIfJson);
    if (id === undefined) return;
    this.daily.add();
    if (!this.rested()) return;
    const now = Date.now();
    this.output.event({ event: 'limit', from: now, to: now, lastId: id, cause: 'daily limit' });
  }

  /** At the limit it leaves the stream until the next day. */
  private rested(): boolean {
    const { rest } = this.daily;
    if (!rest) return false;
    this.stream.unregister(this.desired.node);
    const problem = new Problem('daily-limit', { limit: this.daily.limit });
    this.output.state({ state: 'waiting', problem, untilMs: rest.untilMs });
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.join();
    }, rest.waitMs);
    return true;
  }
}

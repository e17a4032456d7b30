import { Problem } from '../../util/problem';
import type { SourceState, StreamOutput, StreamSource } from '../source';
import { postIdOf, type StreamLine } from '../stream-line';
import type { DailyLimit } from './daily-limit';
import type { SharedStream } from './shared-stream';
import type { Subscriber } from './subscription';

/** One node's subscription to the App's shared stream, up to its daily limit of posts. */
export class FilteredSource implements StreamSource {
  /** Runs while the daily limit is reached. */
  private timer?: NodeJS.Timeout;
  private running = false;
  private failed = false;
  private loaded?: Promise<void>;

  constructor(
    private readonly stream: SharedStream,
    private readonly subscriber: Omit<Subscriber, 'output'>,
    private readonly output: StreamOutput,
    private readonly daily: DailyLimit,
  ) {}

  start(): void {
    if (this.running && !this.failed) return;
    this.running = true;
    this.setState({ state: 'connecting' });
    this.loaded ??= this.daily.load();
    this.loaded.then(
      () => this.register(),
      (cause) => {
        this.loaded = undefined;
        this.setState({ state: 'failed', problem: new Problem('daily-count-unreadable', {}, { cause }) });
      },
    );
  }

  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stream.unregister(this.subscriber.node);
  }

  private register(): void {
    if (!this.running || this.timer) return;
    if (this.pausedByLimit()) return;
    const output = {
      ...this.output,
      onMessage: (line: StreamLine) => this.receive(line),
      onState: (state: SourceState) => this.setState(state),
    };
    this.stream.register({ ...this.subscriber, output });
  }

  private setState(state: SourceState): void {
    this.failed = state.state === 'failed';
    this.output.onState(state);
  }

  private receive(line: StreamLine): void {
    this.output.onMessage(line);
    if (this.daily.limit === 0) return;
    const id = postIdOf(line.valueIfJson);
    if (id === undefined) return;
    this.daily.add();
    if (!this.pausedByLimit()) return;
    const now = Date.now();
    this.output.onEvent({ event: 'limit', from: now, to: now, lastId: id, cause: 'daily limit' });
  }

  /** At the limit, unsubscribes until the next day. */
  private pausedByLimit(): boolean {
    const { pause } = this.daily;
    if (!pause) return false;
    this.stream.unregister(this.subscriber.node);
    const problem = new Problem('daily-limit', { limit: this.daily.limit });
    this.output.onState({ state: 'waiting', problem, untilMs: pause.untilMs });
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.register();
    }, pause.waitMs);
    return true;
  }
}

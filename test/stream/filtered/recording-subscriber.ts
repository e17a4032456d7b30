import type { VirtualClock } from '../../../dev/stream/virtual-clock';
import type { SharedStream } from '../../../src/stream/filtered/shared-stream';
import type { Subscriber } from '../../../src/stream/filtered/subscription';
import type { SourceState, StreamEvent } from '../../../src/stream/source';
import type { Problem } from '../../../src/util/problem';

/** A subscriber of the shared stream that records everything it receives. */
export class RecordingSubscriber {
  readonly lines: string[] = [];
  /** The ids of the posts that search found. */
  readonly searched: string[] = [];
  readonly states: string[] = [];
  readonly events: StreamEvent[] = [];
  readonly problems: [string, string | undefined][] = [];
  readonly warnings: string[] = [];
  /** The waits until the next attempt, ms. */
  readonly waits: number[] = [];
  last: SourceState = { state: 'stopped' };

  constructor(
    stream: SharedStream,
    readonly id: string,
    options: Partial<Subscriber>,
    private readonly clock: VirtualClock,
  ) {
    stream.register({
      node: id,
      mode: 'own',
      rules: [{ value: `rule of ${id}`, tag: '' }],
      fields: { fields: 'default' },
      stallTimeoutMs: 30_000,
      dedupe: 100_000,
      recover: 'none',
      takeOver: false,
      mayReceive: () => true,
      ...options,
      output: {
        onMessage: (line, recovered) => {
          this.lines.push(String(line.text));
          if (recovered) this.searched.push(this.ids.at(-1) ?? '');
        },
        onEvent: (event) => this.events.push(event),
        onState: (state) => {
          this.last = state;
          this.states.push(state.state);
          if (state.state === 'waiting') this.waits.push(state.untilMs - Date.now());
        },
        onProblem: (problem, payload) => this.problems.push([problem.key, payload?.toString()]),
        onWarning: (problem: Problem) => this.warnings.push(problem.message),
      },
    });
  }

  /** The ids of the posts received; a line that is not a post is itself. */
  get ids(): string[] {
    return this.lines.map((line) => (line.includes('"data"') ? JSON.parse(line).data.id : line));
  }

  connected(): Promise<void> {
    return this.clock.until(() => this.last.state === 'connected', `${this.id} connected`);
  }

  /** Events with their causes, e.g. ["connected", "gap closed by X"]. */
  get eventsWithCause(): string[] {
    return this.events.map(({ event, cause }) => (cause ? `${event} ${cause}` : event));
  }

  /** The sentence key of the last state. */
  problemKey(): string | undefined {
    return 'problem' in this.last ? this.last.problem.key : undefined;
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import type { StreamOutput, StreamSource } from '../source';
import type { StreamLine } from '../stream-line';
import { maxPace, type Pace, ratePace, recordedPace } from './pace';
import { type RecordedMessage, UnreadableRecording } from './recorded-message';
import { messagesOf } from './recording';
import { ReplayFile } from './replay-file';

export interface ReplayOptions {
  /** Returns the path of the file; called at each start. */
  file: () => Promise<string>;
  pace: 'recorded' | 'rate' | 'max';
  /** Messages per second, for the pace "rate". */
  rate: number;
  /** Starts over at the end, until stopped. */
  repeat: boolean;
  /** The creation time of a message, epoch ms, for the pace "recorded"; undefined or an error: unknown. */
  timeOf: (line: StreamLine) => number | undefined;
  /** The name of a node that is full, else false: the replay pauses. Called before each message. */
  held?: () => string | false;
  /** The replay pauses while this returns true, for a moment. Called before each message. */
  paused?: () => boolean;
  /** A longer message is skipped. */
  maxLineBytes?: number;
}

// After this many messages the event loop gets a turn, so that the nodes downstream can run.
const messagesPerTurn = 32;
// Interval of the check whether a full node has drained, or a pause is over.
const heldPollMs = 20;
// Node's timers are limited to 2^31 ms; a recording may have a longer pause.
const maxSleepMs = 3600_000;
const stateMs = 500;

/** Replays a recorded file: its lines, or the elements of its arrays, are the messages. */
export class Replay implements StreamSource {
  private running?: { abort: AbortController; ended: Promise<void> };

  constructor(
    private readonly options: ReplayOptions,
    private readonly output: StreamOutput,
  ) {}

  start(): void {
    if (this.running) return;
    const abort = new AbortController();
    const running = { abort, ended: Promise.resolve() };
    running.ended = new Run(this.options, this.output, abort.signal).run().then(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    running?.abort.abort();
    await running?.ended;
  }
}

/** One replay, from start to end. */
class Run {
  private readonly startedAt = Date.now();
  private lines = 0;
  private messagesThisTurn = 0;
  private stateSentAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: ReplayOptions,
    private readonly output: StreamOutput,
    private readonly signal: AbortSignal,
  ) {}

  /** Never rejects. */
  async run(): Promise<void> {
    try {
      const file = await ReplayFile.open(await this.options.file());
      try {
        do await this.pass(file);
        while (this.options.repeat && !this.signal.aborted);
      } finally {
        await file.close();
      }
      if (this.signal.aborted) return;
      this.output.onState({ state: 'ended' });
      this.output.onEvent({ event: 'end', from: this.startedAt, to: Date.now() });
    } catch (error) {
      if (this.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem('replay-failed', {}, { cause: error });
      const payload = error instanceof UnreadableRecording ? error.payload : undefined;
      this.output.onState({ state: 'failed', problem, payload });
    }
  }

  private async pass(file: ReplayFile): Promise<void> {
    const pace = this.pace();
    const before = this.lines;
    this.sendState(file);
    for await (const messages of messagesOf(file, this.options.maxLineBytes)) {
      for (const message of messages) if (!(await this.send(message, file, pace))) return;
    }
    if (this.lines === before && !this.signal.aborted) throw new Problem('replay-empty', { file: file.path });
  }

  /** Sends a message when it is due. @returns false where the replay was stopped */
  private async send({ line, problem }: RecordedMessage, file: ReplayFile, pace: Pace): Promise<boolean> {
    await this.untilDue(line, file, pace);
    if (this.signal.aborted) return false;
    pace.sent();
    this.lines++;
    if (problem) this.output.onProblem(problem, line.text);
    else this.output.onMessage(line);
    return true;
  }

  private async untilDue(line: StreamLine, file: ReplayFile, pace: Pace): Promise<void> {
    const timestamp = (): number | undefined => this.timeOf(line);
    while (!this.signal.aborted) {
      if (++this.messagesThisTurn > messagesPerTurn) {
        this.messagesThisTurn = 0;
        this.sendState(file);
        await nextTurn();
      }
      const holder = this.options.held?.();
      const pauses = holder || this.options.paused?.();
      const waitMs = pauses ? heldPollMs : Math.min(pace.wait(timestamp), maxSleepMs);
      if (waitMs <= 0) return;
      // During a long wait this state is the last one, so it is not throttled.
      if (waitMs > stateMs) this.stateSentAt = Number.NEGATIVE_INFINITY;
      this.sendState(file, holder || undefined);
      const from = performance.now();
      await sleep(waitMs, this.signal);
      if (pauses) pace.paused(performance.now() - from);
    }
  }

  private timeOf(line: StreamLine): number | undefined {
    try {
      return this.options.timeOf(line);
    } catch {
      return undefined;
    }
  }

  private pace(): Pace {
    if (this.options.pace === 'rate') return ratePace(this.options.rate);
    return this.options.pace === 'recorded' ? recordedPace() : maxPace();
  }

  /** Throttled: a state each `stateMs`. */
  private sendState(file: ReplayFile, heldBy?: string): void {
    const now = performance.now();
    if (now - this.stateSentAt < stateMs) return;
    this.stateSentAt = now;
    this.output.onState({ state: 'replaying', lines: this.lines, share: file.read / file.size, heldBy });
  }
}

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../util/problem';
import { defaultMaxLineBytes, type Line, LineDecoder } from '../line-decoder';
import type { Source, StreamOutput } from '../source';
import { beginning, StreamLine } from '../stream-line';
import { maxPace, type Pace, ratePace, recordedPace } from './pace';
import { ReplayFile } from './replay-file';

export interface ReplayOptions {
  /** Path of the file, asked for at each start. */
  file: () => Promise<string>;
  pace: 'recorded' | 'rate' | 'max';
  /** Lines a second, for the pace "rate". */
  rate: number;
  /** Begins again at the end, until stopped. */
  repeat: boolean;
  /** When a message was made, epoch ms, for the pace "recorded"; undefined or an error: not known. */
  timeOf: (line: StreamLine) => number | undefined;
  /** Who cannot take more at the moment, if anybody; asked before each line. */
  held?: () => string | false;
  maxLineBytes?: number;
}

// Others have their turn after so many lines: nobody downstream can slow a replay down otherwise.
const turnLines = 32;
const heldPollMs = 20;
// Node's timers end at 2^31 ms; a recording may have a longer pause.
const longestSleepMs = 3600_000;
const showMs = 500;

/** Replays a recorded file: each line a message. */
export class Replay implements Source {
  private running?: { abort: AbortController; ended: Promise<void> };

  constructor(
    private readonly options: ReplayOptions,
    private readonly output: StreamOutput,
  ) {}

  start(): void {
    if (this.running) return;
    const abort = new AbortController();
    const running = { abort, ended: Promise.resolve() };
    running.ended = new Run(this.options, this.output, abort.signal).all().then(() => {
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

/** One replay from its start to its end. */
class Run {
  private readonly begin = Date.now();
  private lines = 0;
  private linesThisTurn = 0;
  private shown = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: ReplayOptions,
    private readonly output: StreamOutput,
    private readonly signal: AbortSignal,
  ) {}

  /** Never rejects. */
  async all(): Promise<void> {
    try {
      const file = await ReplayFile.open(await this.options.file());
      try {
        do await this.once(file);
        while (this.options.repeat && !this.signal.aborted);
      } finally {
        await file.close();
      }
      if (this.signal.aborted) return;
      this.output.state({ state: 'ended' });
      this.output.event({ event: 'end', from: this.begin, to: Date.now() });
    } catch (error) {
      if (this.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem('replay-failed', {}, { cause: error });
      this.output.state({ state: 'failed', problem });
    }
  }

  private async once(file: ReplayFile): Promise<void> {
    const decoder = new LineDecoder(this.options.maxLineBytes);
    const pace = this.pace();
    const before = this.lines;
    this.show(file);
    try {
      for await (const piece of file.bytes()) {
        for (const line of decoder.push(piece)) {
          if (!(await this.take(line, file, pace))) return;
        }
      }
    } catch (error) {
      const rest = decoder.end();
      if (rest) this.output.problem(new Problem('line-cut'), new StreamLine(rest.bytes).text);
      throw error;
    }
    const last = decoder.end();
    if (last) await this.take(last, file, pace);
    if (this.lines === before && !this.signal.aborted) throw new Problem('replay-empty', { file: file.path });
  }

  /** @returns whether to go on */
  private async take({ bytes, cut }: Line, file: ReplayFile, pace: Pace): Promise<boolean> {
    const line = new StreamLine(bytes);
    await this.due(line, file, pace);
    if (this.signal.aborted) return false;
    pace.sent();
    this.lines++;
    if (cut) {
      const start = beginning(bytes);
      const limit = this.options.maxLineBytes ?? defaultMaxLineBytes;
      this.output.problem(new Problem('line-too-long', { bytes: limit, start }), start);
      return true;
    }
    this.output.line(line);
    return true;
  }

  private async due(line: StreamLine, file: ReplayFile, pace: Pace): Promise<void> {
    const timestamp = (): number | undefined => this.timeOf(line);
    while (!this.signal.aborted) {
      if (++this.linesThisTurn > turnLines) {
        this.linesThisTurn = 0;
        this.show(file);
        await nextTurn();
      }
      const holder = this.options.held?.();
      const waitMs = holder ? heldPollMs : Math.min(pace.wait(timestamp), longestSleepMs);
      if (waitMs <= 0) return;
      // Nothing else will be shown while a long wait lasts.
      if (waitMs > showMs) this.shown = Number.NEGATIVE_INFINITY;
      this.show(file, holder || undefined);
      const from = performance.now();
      await sleep(waitMs, undefined, { signal: this.signal }).catch(() => {});
      if (holder) pace.held(performance.now() - from);
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

  private show(file: ReplayFile, heldBy?: string): void {
    const now = performance.now();
    if (now - this.shown < showMs) return;
    this.shown = now;
    this.output.state({ state: 'replaying', lines: this.lines, share: file.read / file.size, heldBy });
  }
}

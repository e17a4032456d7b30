import type { Item, Source } from './sources';

/** Items per turn of the event loop at an unlimited rate. */
const BURST = 50;
const LONGEST_WAIT = 60_000;

/** The receiver of items. */
export interface FeedOutput {
  ready(): boolean;
  send(item: Item): void;
}

/** Sends items from the source at a rate while the output is ready. */
export class Feed {
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private slots = 0;
  private sent = 0;
  private sourceEnded = false;
  private stopped = false;
  private readonly returned: Item[] = [];

  constructor(
    private readonly source: Source,
    private readonly rate: number,
    private readonly total: number,
    private readonly output: FeedOutput,
  ) {}

  /** The source or the total is exhausted. */
  get finished(): boolean {
    return this.returned.length === 0 && (this.sourceEnded || this.sent >= this.total);
  }

  /** Call it whenever the output may have become ready. */
  wake(): void {
    if (this.timer || this.stopped || this.finished || this.rate === 0) return;
    this.since ||= Date.now();
    this.timer = setTimeout(() => this.turn(), 0);
  }

  take(): Item | undefined {
    const returned = this.returned.pop();
    if (returned) return returned;
    if (this.finished) return undefined;
    const item = this.source.next();
    if (item === 'nothing') return undefined;
    if (item === 'end') {
      this.sourceEnded = true;
      return undefined;
    }
    this.sent++;
    return item;
  }

  /** Returns an item that was not sent; it is next again. */
  putBack(item: Item): void {
    this.returned.push(item);
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private turn(): void {
    this.timer = undefined;
    let missed = false;
    for (let due = this.due(); due > 0 && !this.finished && this.output.ready(); due--) {
      const item = this.take();
      this.slots++;
      missed = !item;
      if (!item) break;
      this.output.send(item);
    }
    if (this.stopped || this.finished || !this.output.ready()) return;
    const next = Number.isFinite(this.rate)
      ? this.since + (this.slots * 1000) / this.rate - Date.now()
      : missed
        ? 50
        : 0;
    // Sending may have called `wake`.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), Math.min(LONGEST_WAIT, Math.max(0, next)));
  }

  /** Number of slots of the schedule that are due. Slots missed during a pause are skipped. */
  private due(): number {
    if (!Number.isFinite(this.rate)) return BURST;
    const passed = Math.floor(((Date.now() - this.since) * this.rate) / 1000) + 1;
    if (passed - this.slots > Math.max(1, this.rate)) this.slots = passed - 1;
    return passed - this.slots;
  }
}

import type { Item, Source } from './sources';

/** How many items go out before the event loop gets its turn, where no rate holds them back. */
const BURST = 50;
const LONGEST_WAIT = 60_000;

/** Where the items go. */
export interface StreamOutput {
  ready(): boolean;
  give(item: Item): void;
}

/** Takes items from the source at a rate, but only while somebody takes them. */
export class Feed {
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private slots = 0;
  private taken = 0;
  private over = false;
  private stopped = false;
  private readonly held: Item[] = [];

  constructor(
    private readonly source: Source,
    private readonly rate: number,
    private readonly total: number,
    private readonly output: StreamOutput,
  ) {}

  /** Nothing more will come. */
  get finished(): boolean {
    return this.held.length === 0 && (this.over || this.taken >= this.total);
  }

  /** To be called whenever the output may have become ready. */
  wake(): void {
    if (this.timer || this.stopped || this.finished || this.rate === 0) return;
    this.since ||= Date.now();
    this.timer = setTimeout(() => this.turn(), 0);
  }

  take(): Item | undefined {
    const held = this.held.pop();
    if (held) return held;
    if (this.finished) return undefined;
    const item = this.source.next();
    if (item === 'nothing') return undefined;
    if (item === 'end') {
      this.over = true;
      return undefined;
    }
    this.taken++;
    return item;
  }

  /** An item that was not sent after all comes next again. */
  putBack(item: Item): void {
    this.held.push(item);
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
      this.output.give(item);
    }
    if (this.stopped || this.finished || !this.output.ready()) return;
    const next = Number.isFinite(this.rate)
      ? this.since + (this.slots * 1000) / this.rate - Date.now()
      : missed
        ? 50
        : 0;
    this.timer = setTimeout(() => this.turn(), Math.min(LONGEST_WAIT, Math.max(0, next)));
  }

  /** How many slots of the schedule have passed unused. Those of a pause are not made up for. */
  private due(): number {
    if (!Number.isFinite(this.rate)) return BURST;
    const passed = Math.floor(((Date.now() - this.since) * this.rate) / 1000) + 1;
    if (passed - this.slots > Math.max(1, this.rate)) this.slots = passed - 1;
    return passed - this.slots;
  }
}

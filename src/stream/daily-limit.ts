/** Where a count outlives the process. */
export interface CountStore {
  load(): Promise<unknown>;
  save(count: DayCount): void;
}

/** Posts of one UTC day. */
export interface DayCount {
  /** e.g. "2026-08-22" */
  day: string;
  posts: number;
}

const dayMs = 24 * 3600_000;

/** Counts posts by UTC day, as X counts them for its bill, against a limit. */
export class DailyLimit {
  private count: DayCount = { day: '', posts: 0 };

  /** @param limit posts a day; 0 is none */
  constructor(
    readonly limit: number,
    private readonly store: CountStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes over what was counted before. */
  async load(): Promise<void> {
    const saved = (await this.store.load()) as Partial<DayCount> | undefined | null;
    if (typeof saved?.day === 'string' && typeof saved.posts === 'number') {
      this.count = { day: saved.day, posts: saved.posts };
    }
  }

  /** Counts one post. */
  add(): void {
    this.count = { day: this.today(), posts: this.posts + 1 };
    this.store.save(this.count);
  }

  /** Posts counted today. */
  get posts(): number {
    return this.count.day === this.today() ? this.count.posts : 0;
  }

  get reached(): boolean {
    return this.limit > 0 && this.posts >= this.limit;
  }

  /** Begin of the next UTC day, epoch ms. */
  get nextDay(): number {
    return (Math.floor(this.now() / dayMs) + 1) * dayMs;
  }

  private today(): string {
    return new Date(this.now()).toISOString().slice(0, 10);
  }
}

/** Stores a count across restarts. */
export interface CountStore {
  load(): Promise<unknown>;
  save(count: DayCount): void;
}

/** The number of posts of one UTC day. */
export interface DayCount {
  /** e.g. "2026-08-22" */
  day: string;
  posts: number;
}

const dayMs = 24 * 3600_000;

/** Counts posts per UTC day, as X's billing does, against a limit. */
export class DailyLimit {
  private count: DayCount = { day: '', posts: 0 };

  /** @param limit posts per day; 0: unlimited */
  constructor(
    readonly limit: number,
    private readonly store: CountStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** Continues the stored count; ignores an invalid one. */
  async load(): Promise<void> {
    const saved = (await this.store.load()) as Partial<DayCount> | undefined | null;
    if (typeof saved?.day === 'string' && typeof saved.posts === 'number') {
      this.count = { day: saved.day, posts: saved.posts };
    }
  }

  /** Counts one post. */
  add(): void {
    const now = this.now();
    this.count = { day: dayOf(now), posts: this.postsAt(now) + 1 };
    this.store.save(this.count);
  }

  /**
   * Set while the limit is reached: when the next day begins, epoch ms, and the time until then, ms.
   */
  get pause(): { untilMs: number; waitMs: number } | undefined {
    // The clock is read once: midnight may pass between two readings.
    const now = this.now();
    if (this.limit === 0 || this.postsAt(now) < this.limit) return undefined;
    const untilMs = (Math.floor(now / dayMs) + 1) * dayMs;
    return { untilMs, waitMs: Math.max(1, untilMs - now) };
  }

  private postsAt(now: number): number {
    return this.count.day === dayOf(now) ? this.count.posts : 0;
  }
}

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

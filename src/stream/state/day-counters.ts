/** The posts of one UTC day that an App received. X charges for each unique post a day. */
export interface DayCounts {
  /** e.g. "2026-08-22" */
  day: string;
  /** Posts that a node received. */
  delivered: number;
  /** Posts that matched only foreign rules. */
  foreign: number;
  /** Posts fetched after an outage. */
  recovered: number;
  /** Objects in `includes` of the posts: X does not document whether it charges for them. */
  includedUsers: number;
  includedPosts: number;
  /** The posts that each node received, by node. */
  nodes: Record<string, number>;
}

const counted = ['delivered', 'foreign', 'recovered', 'includedUsers', 'includedPosts'] as const;
export const dayMs = 24 * 3600_000;

/** Counts posts per UTC day, as X's billing does. */
export class DayCounters {
  /** @param counts read from a file; changed in place. @param changed called after each change */
  constructor(
    private readonly counts: DayCounts,
    private readonly changed: () => void,
  ) {}

  /** The counts of today. */
  today(now = Date.now()): DayCounts {
    const day = dayOf(now);
    if (this.counts.day !== day) Object.assign(this.counts, emptyDay(day));
    return this.counts;
  }

  /** All posts of today that X delivered or returned. */
  get posts(): number {
    const { delivered, foreign, recovered } = this.today();
    return delivered + foreign + recovered;
  }

  /** @param message the parsed message of a post that is new and for a node here */
  delivered(message: unknown): void {
    this.add('delivered', message);
  }

  /** @param message the parsed message of a post that was fetched after an outage */
  recovered(message: unknown): void {
    this.add('recovered', message);
  }

  /** A post that is for no node here. */
  foreign(): void {
    this.today().foreign++;
    this.changed();
  }

  /** The posts that a node received today. */
  ofNode(node: string): number {
    return this.today().nodes[node] ?? 0;
  }

  addToNode(node: string): void {
    const { nodes } = this.today();
    nodes[node] = (nodes[node] ?? 0) + 1;
    this.changed();
  }

  private add(name: 'delivered' | 'recovered', message: unknown): void {
    const today = this.today();
    today[name]++;
    const { includes } = Object(message) as { includes?: unknown };
    const { users, tweets, posts } = Object(includes) as Record<string, unknown>;
    today.includedUsers += lengthOf(users);
    // X is renaming tweets to posts.
    today.includedPosts += lengthOf(tweets) + lengthOf(posts);
    this.changed();
  }
}

/** Reads saved counts; what is invalid counts as 0. */
export function readDay(value: unknown): DayCounts {
  const saved = Object(value) as Record<string, unknown>;
  const day = emptyDay(typeof saved.day === 'string' ? saved.day : '');
  for (const name of counted) day[name] = countOf(saved[name]);
  for (const [node, posts] of Object.entries(Object(saved.nodes))) day.nodes[node] = countOf(posts);
  return day;
}

const emptyDay = (day: string): DayCounts => ({
  day,
  delivered: 0,
  foreign: 0,
  recovered: 0,
  includedUsers: 0,
  includedPosts: 0,
  nodes: {},
});

const countOf = (value: unknown): number =>
  Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0;

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

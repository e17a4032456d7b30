/** A request for a stream. Times are the local clock's, epoch milliseconds. */
export interface ConnectRecord {
  at: number;
  endpoint: string;
  query: string;
  path: string;
  /** The fault that was applied, if any. */
  fault?: string;
  /** 0 while there is no answer, and for good if there is none. */
  status: number;
  /** When the response headers of an open stream were sent. */
  openedAt?: number;
  /** When the response ended, by either side. */
  closedAt?: number;
  /** The id in the Connections API. */
  id?: string;
}

export interface RuleRequestRecord {
  at: number;
  method: string;
  query: string;
  body: string;
  status: number;
}

/** What the clients did, for assertions. */
export class ApiLog {
  readonly connects: ConnectRecord[] = [];
  readonly ruleRequests: RuleRequestRecord[] = [];
  /** Requests by method and path. */
  readonly requests: Record<string, number> = {};
  /** Responses 429, and 420 of v1.1, because of X's limits of requests. */
  rejected429 = 0;
  private longest = 0;
  private readonly open = new Set<ConnectRecord>();

  count(method: string, path: string): void {
    const name = `${method} ${path}`;
    this.requests[name] = (this.requests[name] ?? 0) + 1;
  }

  connect(record: Omit<ConnectRecord, 'at' | 'status'>): ConnectRecord {
    const full = { ...record, at: Date.now(), status: 0 };
    this.connects.push(full);
    this.open.add(full);
    return full;
  }

  closed(record: ConnectRecord): void {
    if (!this.open.delete(record)) return;
    record.closedAt = Date.now();
    for (const other of this.open)
      if (other.endpoint === record.endpoint) this.overlap(record.closedAt - Math.max(record.at, other.at));
  }

  /** Requests for the filtered stream that were rejected. */
  get refused(): number {
    return this.connects.filter(
      ({ path, openedAt, status, fault }) =>
        path.startsWith('/2/') && openedAt === undefined && (status !== 0 || fault !== undefined),
    ).length;
  }

  /** The longest time that two requests for one stream were open together, whatever their answers. */
  get maxOverlapMs(): number {
    for (const endpoint of new Set([...this.open].map((record) => record.endpoint))) {
      const same = [...this.open].filter((record) => record.endpoint === endpoint);
      // The two that have been open longest overlap longest.
      const [, second] = same.map(({ at }) => at).sort((one, other) => one - other);
      if (second !== undefined) this.overlap(Date.now() - second);
    }
    return this.longest;
  }

  private overlap(ms: number): void {
    this.longest = Math.max(this.longest, ms);
  }
}

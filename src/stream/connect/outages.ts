import type { XFailure } from '../x/failure';

/** What is kept of one stream across restarts. Times are epoch ms. */
export interface StreamRecord {
  /** When the last line or keep-alive came, by the local clock. */
  aliveAt?: number;
  /** Id of the last post, decimal. */
  lastId?: string;
  /** The `Date` of X's last 200, by X's clock. */
  openedAt?: number;
  /** When that came, by the local clock. */
  answeredAt?: number;
  /** A person stopped all its nodes: what follows is no outage. */
  stopped?: boolean;
  /** The nodes that received it. */
  nodes: string[];
  /** The posts of the last 30 s: time and id. */
  recent: Array<[number, string]>;
  /** The outages whose posts are being fetched: they are not reported yet. */
  recovering?: UnreportedGap[];
}

/** A time in which posts may have been missed, epoch ms. */
export interface Gap {
  /** When the last line left the node. */
  from: number;
  /** When the new connection opened. */
  to: number;
  lastId?: string;
  cause: string;
  status?: number;
}

/** An outage that is reported when its posts have been fetched. */
export interface UnreportedGap extends Gap {
  by: 'search' | 'backfill';
  /** The nodes that missed posts. */
  nodes: string[];
}

const recentMs = 30_000;

/** Knows when a stream was received, and so what an outage covers: also one that began in an earlier process. */
export class Outages {
  private cause?: XFailure;
  private open = false;

  /** @param changed called after each change of the record, but not by `opened` */
  constructor(
    readonly record: StreamRecord,
    private readonly changed: () => void,
  ) {}

  /** X has sent something. */
  alive(): void {
    this.record.aliveAt = Date.now();
    this.changed();
  }

  /** A post was sent to a node. */
  delivered(id: string): void {
    this.record.lastId = id;
    this.record.recent.push([Date.now(), id]);
    // Once in a while: the array is short, but not that short.
    if (this.record.recent.length % 1024 === 0) this.forget();
  }

  /** X answered 200: it counts a connection. @param date of the answer, epoch ms by X's clock */
  answered(date: number | undefined): void {
    this.record.answeredAt = Date.now();
    this.record.openedAt = date ?? Date.now();
    this.changed();
  }

  /** The connection is open. @returns the outage before it, if there was one */
  opened(): Gap | undefined {
    const { record, cause } = this;
    const { aliveAt: from, answeredAt: to = Date.now(), stopped, lastId } = record;
    this.cause = undefined;
    this.open = true;
    record.stopped = false;
    record.aliveAt = Date.now();
    if (from === undefined || stopped) return undefined;
    return { from, to, lastId, cause: cause?.reason ?? 'restart', status: cause?.status };
  }

  /** A connection ended, or could not be opened: the first failure is the cause. */
  failed(failure: XFailure): void {
    this.cause ??= failure;
    this.open = false;
  }

  /** A person stopped the stream. */
  stopped(): void {
    this.record.stopped = true;
    this.record.recovering = [];
    this.open = false;
    this.cause = undefined;
    this.changed();
  }

  /** How long the stream has not been received, ms; 0 while it is open. */
  get idleMs(): number {
    return this.open ? 0 : Math.max(0, Date.now() - (this.record.aliveAt ?? 0));
  }

  /** How long posts have been missed, ms; undefined: none were. */
  get missedMs(): number | undefined {
    const { aliveAt, stopped } = this.record;
    return aliveAt === undefined || stopped ? undefined : Math.max(0, Date.now() - aliveAt);
  }

  /** Removes what is not needed after a restart. */
  forget(): void {
    const since = Date.now() - recentMs;
    const first = this.record.recent.findIndex(([at]) => at >= since);
    this.record.recent.splice(0, first < 0 ? this.record.recent.length : first);
  }
}

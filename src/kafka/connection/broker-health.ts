const forgetMs = 60_000;
const unresponsiveMs = 30_000;

/** A configured broker that answers, while one that it names as part of the cluster is unreachable. */
export interface Advertiser {
  /** `host:port` */
  seed: string;
  /** The unreachable address is its own: the cluster advertises no other. */
  ownAddress: boolean;
}

/**
 * Which brokers of a cluster are unreachable or do not answer at present, as all its clients see it. A broker is
 * unreachable after a failed connect until the next successful one. After a minute without an attempt it is
 * forgotten: it may have left the cluster for good.
 */
export class BrokerHealth {
  private readonly failedAt = new Map<string, number>();
  private readonly unansweredAt = new Map<string, number>();
  private readonly reachable = new Set<string>();
  private readonly everReached = new Set<string>();
  private advertisedAnswered = false;

  /** @param now milliseconds of a monotonic clock */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param place `host:port` of an open connection (with TLS: after the handshake) */
  connected(place: string): void {
    this.failedAt.delete(place);
    this.reachable.add(place);
    this.everReached.add(place);
  }

  /** @param place `host:port` of a failed connect */
  unreachable(place: string): void {
    this.failedAt.set(place, this.now());
    this.reachable.delete(place);
  }

  /** @param place `host:port` of a broker that did not answer a request in time */
  unresponsive(place: string): void {
    this.unansweredAt.set(place, this.now());
  }

  /** A broker that the cluster advertises has answered. kafkajs puts most requests to those only. */
  answered(): void {
    this.advertisedAnswered = true;
  }

  /**
   * Which configured broker advertises an unreachable address.
   * @param place `host:port` of a failed connect
   * @param configured `host:port` each
   * @returns undefined where the address is configured or was reached before (then that broker is down), or where no
   *   configured broker answers
   */
  advertiserOf(place: string, configured: string[]): Advertiser | undefined {
    if (configured.includes(place) || this.everReached.has(place)) return undefined;
    const seed = configured.find((broker) => this.reachable.has(broker));
    if (seed === undefined) return undefined;
    const others = [...this.everReached, ...this.failedAt.keys()].filter(
      (broker) => broker !== place && !configured.includes(broker),
    );
    return {
      seed,
      ownAddress: configured.length === 1 && others.length === 0 && !this.advertisedAnswered,
    };
  }

  /**
   * The bootstrap brokers for a new client: the configured ones, and those that clients have connected to since,
   * because brokers move and the configured ones may all be gone. kafkajs begins with the first, and one that hangs
   * costs the time of a whole request: brokers that lately failed or did not answer come last, the others in
   * random order.
   * @param configured `host:port` each
   */
  bootstrapOrder(configured: string[]): string[] {
    const brokers = [...new Set([...configured, ...this.reachable])];
    const { unreachableBrokers } = this;
    const since = this.now() - unresponsiveMs;
    const isDoubtful = (place: string): boolean =>
      unreachableBrokers.includes(place) ||
      (this.unansweredAt.get(place) ?? Number.NEGATIVE_INFINITY) > since;
    const ranked = brokers.map((place) => ({ place, rank: Math.random() + (isDoubtful(place) ? 1 : 0) }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ place }) => place);
  }

  /** `host:port` of each, sorted. */
  get unreachableBrokers(): string[] {
    const since = this.now() - forgetMs;
    for (const [place, at] of this.failedAt) if (at <= since) this.failedAt.delete(place);
    return [...this.failedAt.keys()].sort();
  }
}

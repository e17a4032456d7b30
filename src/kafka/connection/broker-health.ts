const forgetMs = 60_000;
const silentMs = 30_000;

/**
 * Which brokers of a cluster cannot be connected to just now, or do not answer, learnt from all of its
 * clients. A broker is away from an attempt that failed until one that stands. One that nobody has tried
 * for a minute is forgotten: it may have been taken out of the cluster for good.
 */
export class BrokerHealth {
  private readonly failedAt = new Map<string, number>();
  private readonly silentAt = new Map<string, number>();
  private readonly known = new Set<string>();

  /** @param place `host:port` whose connection stands (with TLS: whose handshake is done) */
  connected(place: string): void {
    this.failedAt.delete(place);
    this.known.add(place);
  }

  /** @param place `host:port` that could not be connected to */
  unreachable(place: string): void {
    this.failedAt.set(place, Date.now());
    this.known.delete(place);
  }

  /** @param place `host:port` that let a request go unanswered, though its connection stands */
  unresponsive(place: string): void {
    this.silentAt.set(place, Date.now());
  }

  /**
   * The brokers a new client can begin with: those of the settings, and those a connection has stood to since, for
   * brokers move, and the settings may name none that is still there. kafkajs begins with the first, and one that
   * hangs costs it the time of a whole request, so those that have lately failed or not answered come last, the
   * others by lot.
   * @param configured `host:port` each
   */
  bootstrapOrder(configured: string[]): string[] {
    const brokers = [...new Set([...configured, ...this.known])];
    const { unreachableBrokers } = this;
    const before = Date.now() - silentMs;
    const isDoubtful = (place: string): boolean =>
      unreachableBrokers.includes(place) || (this.silentAt.get(place) ?? 0) > before;
    const lots = brokers.map((place) => ({ place, lot: Math.random() + (isDoubtful(place) ? 1 : 0) }));
    return lots.sort((a, b) => a.lot - b.lot).map(({ place }) => place);
  }

  /** `host:port` each, in alphabetical order. */
  get unreachableBrokers(): string[] {
    const before = Date.now() - forgetMs;
    for (const [place, at] of this.failedAt) if (at <= before) this.failedAt.delete(place);
    return [...this.failedAt.keys()].sort();
  }
}

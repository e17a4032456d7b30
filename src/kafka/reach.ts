const forgetMs = 60_000;

/**
 * Which brokers of a cluster cannot be connected to just now, learnt from the attempts of all of its
 * clients. A broker is away from an attempt that failed until one that stands. One that nobody has tried
 * for a minute is forgotten: it may have been taken out of the cluster for good.
 */
export class Reach {
  private readonly failedAt = new Map<string, number>();

  /** @param place `host:port` whose connection stands (with TLS: whose handshake is done) */
  stood(place: string): void {
    this.failedAt.delete(place);
  }

  /** @param place `host:port` that could not be connected to */
  failed(place: string): void {
    this.failedAt.set(place, Date.now());
  }

  /** `host:port` each, in alphabetical order. */
  get away(): string[] {
    const before = Date.now() - forgetMs;
    for (const [place, at] of this.failedAt) if (at <= before) this.failedAt.delete(place);
    return [...this.failedAt.keys()].sort();
  }
}

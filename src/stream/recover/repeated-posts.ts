/** X's ids have the time of creation, ms since this moment, above 22 bits for machine and sequence. */
const snowflakeEpochMs = 1288834974657n;
const snowflakeTimeBits = 22n;

/** When a post was created, epoch ms by X's clock. @param id decimal */
export const postTime = (id: string): number => Number((BigInt(id) >> snowflakeTimeBits) + snowflakeEpochMs);

const longestMs = 60_000;

/**
 * Finds the end of the posts that X repeats on a connection with `backfill_minutes`: the first newer post, a keep-alive, or 60 s.
 */
export class RepeatedPosts {
  over = false;
  private lineSince = false;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param until when the connection opened, epoch ms by X's clock
   * @param onEnd called once, unless it is stopped
   */
  constructor(
    private readonly until: number,
    private readonly onEnd: () => void,
  ) {
    this.timer = setTimeout(() => this.end(), longestMs);
    this.timer.unref();
  }

  /** @param id of a post. @returns whether X repeated it */
  isRepeated(id: string): boolean {
    if (this.over) return false;
    if (postTime(id) < this.until) return true;
    this.end();
    return false;
  }

  /** A line came. */
  line(): void {
    this.lineSince = true;
  }

  /** Bytes came, after the lines in them: without a line they are a keep-alive. */
  alive(): void {
    if (!this.lineSince) this.end();
    this.lineSince = false;
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  private end(): void {
    if (this.over) return;
    this.stop();
    this.onEnd();
  }
}

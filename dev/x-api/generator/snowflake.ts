/** The moment of X's id 0, 2010-11-04T01:42:54.657Z. */
export const SNOWFLAKE_EPOCH = 1288834974657;

const WORKER = 371n << 12n;
const PER_MILLISECOND = 4096;

/** The id of something made at `at` (ms since 1970); `low` tells apart what was made in the same millisecond. */
export function snowflakeAt(at: number, low: number): string {
  return ((BigInt(Math.max(0, at - SNOWFLAKE_EPOCH)) << 22n) | BigInt(low)).toString();
}

/** The moment an id was made, ms since 1970. */
export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> 22n) + SNOWFLAKE_EPOCH;
}

/** Hands out ids as X does: each larger than the one before, made from the clock. */
export class Snowflakes {
  private last = 0;
  private sequence = 0;

  constructor(private readonly now: () => number = Date.now) {}

  next(): string {
    const now = this.now();
    if (now > this.last) {
      this.last = now;
      this.sequence = 0;
    } else if (++this.sequence === PER_MILLISECOND) {
      this.last++;
      this.sequence = 0;
    }
    return snowflakeAt(this.last, Number(WORKER) + this.sequence);
  }
}

/** The time of id 0: 2010-11-04T01:42:54.657Z. */
export const SNOWFLAKE_EPOCH = 1288834974657;

const WORKER = 371n << 12n;
const PER_MILLISECOND = 4096;

/** The id of an object created at `at` (epoch milliseconds); `low` makes it unique within the millisecond. */
export function snowflakeAt(at: number, low: number): string {
  return ((BigInt(Math.max(0, at - SNOWFLAKE_EPOCH)) << 22n) | BigInt(low)).toString();
}

/** The creation time in an id, epoch milliseconds. */
export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> 22n) + SNOWFLAKE_EPOCH;
}

/** Generates increasing ids from the clock, like X. */
export class Snowflakes {
  private last = 0;
  private sequence = 0;

  constructor(private readonly now: () => number = () => Date.now()) {}

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

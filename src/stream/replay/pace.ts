/** Decides when each line of a replay is sent. */
export interface Pace {
  /** Ms until the next line is due; 0 or less: now. Called again after each wait. */
  wait(timestamp: () => number | undefined): number;
  /** A line was sent. */
  sent(): void;
  /** The replay was paused for `ms`, which is not caught up afterwards. */
  paused(ms: number): void;
}

type Clock = () => number;

const maxBehindMs = 1000;

/** Without waits. */
export const maxPace = (): Pace => ({ wait: () => 0, sent: () => {}, paused: () => {} });

/**
 * A fixed rate on average: after a late timer, overdue lines are sent at once, at most those of one second.
 * @param rate lines per second, above 0, may be a fraction
 * @param now a monotonic clock, ms
 */
export function ratePace(rate: number, now: Clock = () => performance.now()): Pace {
  const step = 1000 / rate;
  let due = now();
  return {
    wait: () => {
      due = Math.max(due, now() - Math.max(maxBehindMs, step));
      return due - now();
    },
    sent: () => {
      due += step;
    },
    paused: (ms) => {
      due += ms;
    },
  };
}

/**
 * At the distances of the lines' own timestamps. A line without a timestamp, or older than the one before,
 * is sent at once.
 * @param now a monotonic clock, ms
 */
export function recordedPace(now: Clock = () => performance.now()): Pace {
  // The clock's value at the recording's epoch.
  let zero: number | undefined;
  return {
    wait: (timestamp) => {
      const time = timestamp();
      if (time === undefined) return 0;
      zero ??= now() - time;
      return zero + time - now();
    },
    sent: () => {},
    paused: (ms) => {
      if (zero !== undefined) zero += ms;
    },
  };
}

/** When the lines of a replay go out. */
export interface Pace {
  /** Ms from now until the next line may go; 0 or less: now. Asked again after each wait. */
  wait(timestamp: () => number | undefined): number;
  /** A line went out. */
  sent(): void;
  /** The replay was held for so long, ms; nothing is made up for afterwards. */
  held(ms: number): void;
}

type Clock = () => number;

const mostBehindMs = 1000;

/** As fast as it goes. */
export const maxPace = (): Pace => ({ wait: () => 0, sent: () => {}, held: () => {} });

/**
 * So many lines a second on average: what a late timer missed goes out with the next turn, up to one
 * second's worth.
 * @param rate lines a second, above 0, need not be whole
 * @param now a clock in ms
 */
export function ratePace(rate: number, now: Clock = () => performance.now()): Pace {
  const step = 1000 / rate;
  let due = now();
  return {
    wait: () => {
      due = Math.max(due, now() - Math.max(mostBehindMs, step));
      return due - now();
    },
    sent: () => {
      due += step;
    },
    held: (ms) => {
      due += ms;
    },
  };
}

/**
 * As far apart as the lines' own times say. A line without a time, or older than the one before, goes
 * out at once.
 */
export function recordedPace(now: Clock = () => performance.now()): Pace {
  // Where the recording's zero lies on the clock.
  let zero: number | undefined;
  return {
    wait: (timestamp) => {
      const time = timestamp();
      if (time === undefined) return 0;
      zero ??= now() - time;
      return zero + time - now();
    },
    sent: () => {},
    held: (ms) => {
      if (zero !== undefined) zero += ms;
    },
  };
}

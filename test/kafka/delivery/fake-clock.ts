import { mock } from 'node:test';

type Timers = 'setTimeout' | 'setInterval' | 'Date';

/** A clock that moves only by `tick`: performance.now() and the given timers. End it with `reset`. */
export class FakeClock {
  now = 1_000_000;

  constructor(timers: Timers[]) {
    mock.timers.enable({ apis: timers, ...(timers.includes('Date') ? { now: this.now } : {}) });
    mock.method(performance, 'now', () => this.now);
  }

  /** @param stepMs how far timers that are due may run late */
  tick(ms: number, stepMs = ms): void {
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(left, stepMs);
      this.now += step;
      mock.timers.tick(step);
    }
  }

  reset(): void {
    mock.timers.reset();
    mock.restoreAll();
  }
}

const gapMs = 1000;

/** Shows counters that change with every message: the first change at once, the newest once a second. */
export class CounterLight {
  private changed = false;
  private timer?: NodeJS.Timeout;

  constructor(private readonly show: () => void) {}

  /** A counter has changed. */
  touch(): void {
    if (this.timer) this.changed = true;
    else this.flush();
  }

  /** Leaves what somebody else shows now, such as an error, until the next change. */
  yield(): void {
    this.changed = false;
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    this.changed = false;
    this.show();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.changed) this.flush();
    }, gapMs);
    this.timer.unref();
  }
}

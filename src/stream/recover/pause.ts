/** Sleeps that can be ended early, so that a stopped recovery does not wait for X's next window. */
export class Pause {
  private readonly running = new Set<() => void>();

  /** @returns resolves after `ms`, or when `wake` is called; does not keep the process running */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.running.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      this.running.add(end);
    });
  }

  /** Ends all sleeps that have begun. */
  wake(): void {
    for (const end of [...this.running]) end();
  }
}

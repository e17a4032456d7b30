/** Does one thing after the other, each not before its time: what comes later never overtakes. */
export class DelayQueue {
  #waiting: { due: number; work: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Does it in `ms` milliseconds at the earliest; at once if that is 0 and nothing waits. */
  add(ms: number, work: () => void): void {
    if (ms === 0 && this.#waiting.length === 0) {
      work();
      return;
    }
    this.#waiting.push({ due: Date.now() + ms, work });
    if (this.#waiting.length === 1) this.#arm();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #arm(): void {
    const [head] = this.#waiting;
    if (head) this.#timer = setTimeout(() => this.#run(), Math.max(head.due - Date.now(), 0));
  }

  #run(): void {
    while (this.#waiting[0] && this.#waiting[0].due <= Date.now()) this.#waiting.shift()?.work();
    this.#arm();
  }
}

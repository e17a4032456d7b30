/** Runs tasks in the order they were added, each after its delay at the earliest. */
export class DelayQueue {
  #pending: { due: number; task: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Runs `task` in `ms` milliseconds at the earliest; at once if `ms` is 0 and the queue is empty. */
  add(ms: number, task: () => void): void {
    if (ms === 0 && this.#pending.length === 0) {
      task();
      return;
    }
    this.#pending.push({ due: Date.now() + ms, task });
    if (this.#pending.length === 1) this.#arm();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#pending = [];
  }

  #arm(): void {
    const [head] = this.#pending;
    if (head) this.#timer = setTimeout(() => this.#run(), Math.max(head.due - Date.now(), 0));
  }

  #run(): void {
    while (this.#pending[0] && this.#pending[0].due <= Date.now()) this.#pending.shift()?.task();
    this.#arm();
  }
}

/**
 * Starts tasks in the order of their calls, although some of them have to wait for a value. While no task waits,
 * a task starts at once; behind a waiting task all others queue. Tasks may run at the same time.
 */
export class SerialQueue {
  private tail?: Promise<unknown>;

  /**
   * @param value what the task needs, or a promise of it
   * @param task called with the value, in order
   * @returns the result of the task; rejects if the value or the task rejects, which affects no other task
   */
  run<Value, Result>(
    value: Value | Promise<Value>,
    task: (value: Value) => Promise<Result>,
  ): Promise<Result> {
    if (!this.tail && !(value instanceof Promise)) return task(value);
    const previous = this.tail ?? Promise.resolve();
    const started = Promise.allSettled([previous, value]).then(async () => {
      const result = task(await value);
      // The caller handles a rejection, through the promise that `run` returns.
      result.catch(() => {});
      // Wrapped in an object: the next task waits until this one has started, not until it has ended.
      return { result };
    });
    const tail = started
      // The caller handles this rejection too; it must not stop the queue.
      .catch(() => {})
      .then(() => {
        if (this.tail === tail) this.tail = undefined;
      });
    this.tail = tail;
    return started.then(({ result }) => result);
  }
}

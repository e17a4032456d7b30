/**
 * Takes each turn in the order it came, although some have to be waited for: while nothing is awaited a
 * turn runs at once; behind a late one all others queue.
 */
export class SerialQueue {
  private tail?: Promise<unknown>;

  /**
   * @param value what the turn waits for, or already has
   * @param use called with it, in order; its result is passed on
   */
  run<Value, Result>(value: Value | Promise<Value>, use: (value: Value) => Promise<Result>): Promise<Result> {
    if (!this.tail && !(value instanceof Promise)) return use(value);
    const before = this.tail ?? Promise.resolve();
    const turn = Promise.allSettled([before, value]).then(async () => {
      // The answer is handed out in a box: the next turn waits for this one to begin, not to end.
      const answer = use(await value);
      answer.catch(() => {});
      return { answer };
    });
    const tail = turn
      .catch(() => {})
      .then(() => {
        if (this.tail === tail) this.tail = undefined;
      });
    this.tail = tail;
    return turn.then(({ answer }) => answer);
  }
}

/**
 * The waits between retries: each is twice the one before, up to `longestMs`.
 * @param jitter the share by which a wait differs at random in either direction: 0.2 is 80 % to 120 %
 * @returns a function that gives the next wait in milliseconds
 */
export function exponentialBackoff(firstMs: number, longestMs: number, jitter = 0): () => number {
  let next = firstMs;
  return () => {
    const wait = next;
    next = Math.min(2 * next, longestMs);
    return wait * (1 + jitter * (2 * Math.random() - 1));
  };
}

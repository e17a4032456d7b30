import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until the condition holds.
 * @param what the awaited state, for the error; by default the source of the condition
 * @throws Error that names what never came, after the limit
 */
export async function until(
  condition: () => unknown,
  what = String(condition),
  limitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Never came within ${limitMs} ms: ${what}`);
    await sleep(5);
  }
}

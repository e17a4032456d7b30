import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until `condition` holds; the test runner's own limit ends it otherwise. */
export async function until(condition: () => unknown, what: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (condition()) return;
    await sleep(5);
  }
  throw new Error(`never came: ${what}`);
}

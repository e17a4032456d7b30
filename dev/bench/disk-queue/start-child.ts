// Starts an outbox on a queue's folder and writes what it measured to stdout: see start.ts.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Feed } from './feed';
import type { Started, StartTask } from './start';

const task = JSON.parse(process.argv[2] ?? '') as StartTask;

/** Most resident bytes so far. */
function peakMemory(): number {
  // On Linux maxRSS begins with the memory of the process that forked this one.
  const peak =
    process.platform === 'linux' && /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return (peak ? Number(peak[1]) : process.resourceUsage().maxRSS) * 1024;
}

async function main(): Promise<void> {
  const value = 'x'.repeat(task.valueBytes);
  const begin = performance.now();
  const queue = { mode: 'disk' as const, folder: task.folder, diskLimit: task.diskLimit };
  const feed = new Feed(task.brokers, task.topic, () => ({ value, key: 'key' }), { queue });
  const { safe } = feed.accept();
  const acceptedMs = performance.now() - begin;
  await safe;
  const safeMs = performance.now() - begin;
  const wasThere = (): number => (feed.outbox.counters as { restored: number }).restored;
  while (wasThere() < task.records) await sleep(20);
  const scannedMs = performance.now() - begin;
  if (task.drain) await feed.outbox.flush();
  else
    for (let left = task.newRecords; left > 0; left--) {
      feed.accept();
      await sleep(1);
    }
  const doneMs = performance.now() - begin;
  feed.check();
  const peakBytes = peakMemory();
  const result: Started = { acceptedMs, safeMs, scannedMs, doneMs, peakBytes };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await feed.end();
}

void main();

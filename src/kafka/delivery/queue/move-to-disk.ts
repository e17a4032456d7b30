import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../../util/within';
import type { AcceptedRecord } from './accepted-record';
import type { DiskQueue } from './disk-queue';

// Node-RED's container is killed ten seconds after it was asked to stop; all limits together stay below five.
const inFlightMs = 2000;
const syncMs = 1500;
const pollMs = 20;

/**
 * Ends the delivery of a node that closes: records without a request in flight are written to disk at once, the others if
 * they are not acknowledged within two seconds. What is synced leaves memory; what is not stays in `records`.
 */
export async function moveToDisk(queue: DiskQueue, records: ReadonlySet<AcceptedRecord>): Promise<void> {
  await queue.stop();
  queue.copies.copyAll(true);
  const firstSync = queue.log.flush();
  const until = performance.now() + inFlightMs;
  const isWithWriter = ({ pending }: AcceptedRecord): boolean => pending !== undefined;
  while (performance.now() < until && [...records].some(isWithWriter)) await sleep(pollMs);
  queue.copies.copyAll(false);
  await within(Promise.all([firstSync, queue.log.flush()]), syncMs, () => {});
  queue.dropSynced();
}

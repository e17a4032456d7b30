import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../../util/within';
import type { AcceptedRecord } from './accepted-record';
import type { DiskQueue } from './disk-queue';

// A container is killed ten seconds after it was asked to stop; all limits together stay below five.
const graceMs = 100;
const inFlightMs = 2000;
const syncMs = 1500;
const pollMs = 10;

/**
 * Ends the delivery of a node that closes: records that are not acknowledged at once are written to disk, in order. Those
 * of requests in flight have two more seconds, so that they are not sent twice. What is synced leaves memory; what is not
 * stays in `records`.
 */
export async function moveToDisk(queue: DiskQueue, records: ReadonlySet<AcceptedRecord>): Promise<void> {
  await queue.stop();
  const started = performance.now();
  const isWithWriter = ({ pending }: AcceptedRecord): boolean => pending !== undefined;
  const untilAnswered = async (limitMs: number): Promise<void> => {
    while (performance.now() < started + limitMs && [...records].some(isWithWriter)) await sleep(pollMs);
  };
  await untilAnswered(graceMs);
  queue.copies.copyAll();
  const synced = queue.log.flush();
  await untilAnswered(inFlightMs);
  await within(synced, syncMs, () => {});
  queue.dropSynced();
}

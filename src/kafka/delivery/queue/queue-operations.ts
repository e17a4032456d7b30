import { DiskLog } from '../../disk-queue/disk-log';
import { framesOf } from '../../disk-queue/frames';
import { messageOf, type StoredMessage } from '../record/stored-message';
import { decodeRecord, topicOf } from '../record/stored-record';
import type { DiskQueue } from './disk-queue';

const closeLimitMs = 2000;

/**
 * Reads every record on disk, also those for another cluster, oldest first; those in memory are copied to disk before.
 * Nothing is removed.
 * @param emit the next record is read when its promise resolves
 * @returns how many records
 */
export async function exportRecords(
  { log, copies, writes }: DiskQueue,
  emit: (record: StoredMessage) => void | Promise<void>,
): Promise<number> {
  if (writes) copies.copyAll();
  await log.flush();
  let records = 0;
  for await (const { seq, content } of framesOf(log, 'all')) {
    const stored = log.isPending(seq) ? decodeRecord(content) : undefined;
    if (!stored) continue;
    await emit(messageOf(stored.topic, stored.record, stored));
    records++;
  }
  return records;
}

/**
 * Discards the records on disk, all or those of one topic; without a topic also the files of damaged segments. Records of
 * a request in flight stay.
 * @returns how many records
 */
export async function discardRecords(
  queue: DiskQueue,
  topic: string | undefined,
  dryRun: boolean,
): Promise<number> {
  const { log } = queue;
  const release = await queue.drain.hold();
  try {
    // They are on disk, so they are part of what the user sees there.
    if (!dryRun) queue.eviction.evictAll(topic);
    await log.flush();
    let records = 0;
    for await (const { seq, content } of framesOf(log, 'all')) {
      const of = topicOf(content);
      if (!log.isPending(seq) || (topic !== undefined && of !== topic)) continue;
      if (dryRun) records++;
      else if (!queue.inMemory(seq)) {
        log.settle(seq);
        queue.onDisk.remove(of);
        queue.host.total.discarded(1);
        records++;
      }
    }
    if (!dryRun && topic === undefined) await log.discardDamaged();
    queue.host.changed();
    return records;
  } finally {
    release();
  }
}

/**
 * Gives the records on disk for other clusters to the present one. They are sent after all others.
 * @returns how many records
 * @throws Problem "disk-full"; those that were adopted until then stay adopted
 */
export function adoptForeign(queue: DiskQueue, dryRun: boolean): Promise<number> {
  return adoptAll(queue, queue.log, 'foreign', dryRun, (seq, topic) => {
    queue.log.settle(seq);
    queue.onDisk.remove(topic);
  });
}

/**
 * Takes over the records of another node's folder. They are sent after all others; what was taken over is removed there.
 * @param folder absolute
 * @returns how many records
 * @throws Problem "disk-full" or why the folder cannot be used; those that were adopted until then stay adopted
 */
export async function adoptFolder(queue: DiskQueue, folder: string, dryRun: boolean): Promise<number> {
  const { limit } = queue.log.stats;
  const other = new DiskLog({
    folder,
    limit,
    syncIntervalMs: 100,
    onProblem: queue.onProblem,
    onChange: () => {},
  });
  try {
    await other.open(() => {});
    if (other.unusable) throw other.unusable;
    return await adoptAll(queue, other, 'all', dryRun, (seq) => {
      queue.host.total.restored(1);
      queue.host.changed();
      other.settle(seq);
    });
  } finally {
    await other.close(closeLimitMs);
  }
}

/** @param onSynced called when a record is safe in its new place */
async function adoptAll(
  queue: DiskQueue,
  source: DiskLog,
  which: 'foreign' | 'all',
  dryRun: boolean,
  onSynced: (seq: number, topic: string) => void,
): Promise<number> {
  let records = 0;
  const last = queue.lastAppended;
  for await (const { seq, content } of framesOf(source, which, () => queue.log.flush())) {
    // What was adopted from this log itself comes again at its end.
    if (source === queue.log && seq > last) break;
    if (!source.isPending(seq)) continue;
    records++;
    if (!dryRun) adopt(queue, content, () => onSynced(seq, topicOf(content)));
  }
  await queue.log.flush();
  return records;
}

/**
 * Writes a record that was on disk elsewhere; it is sent after all that are on disk.
 * @param onSynced called when it is safe here
 * @throws Problem "disk-full"
 */
function adopt(queue: DiskQueue, content: Buffer, onSynced: () => void): void {
  const topic = topicOf(content);
  if (!queue.copies.copyTopic(topic, new Set([undefined]))) throw queue.log.fullProblem;
  const seq = queue.copies.appendContent(content, () => {
    queue.lastSynced = Math.max(queue.lastSynced, seq);
    lane.current.tail--;
    lane.current.add(seq);
    onSynced();
    queue.drain.wake();
  });
  const lane = queue.backlog.make(topic).undecided;
  lane.tail++;
  queue.lastAppended = seq;
  queue.onDisk.add(topic);
}

import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredMessage } from '../../src/kafka/delivery/record/stored-message';
import type { Message, Send } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import { Problem } from '../../src/util/problem';
import type { Orphan } from './orphans';
import type { QueueActions } from './queue-actions';
import { queueReport } from './report';

/** The answer to `discard` and `adopt`. */
export interface Answer {
  dryRun: boolean;
  /** How many records were discarded or adopted; in a dry run, how many would be. */
  records: number;
  /** In a dry run: the value of `msg.confirm` that carries it out. */
  confirm?: string;
}

/** The report of the queue, with causes as sentences, and the orphans. */
export async function reportQueue(
  context: Pick<NodeContext, 'RED'>,
  outbox: QueueActions,
  orphans: () => Promise<Orphan[]>,
): Promise<object> {
  return { ...queueReport(context, outbox), orphans: await orphans() };
}

/** Sends each record of the queue as a message, oldest first. @returns how many */
export async function exportQueue(outbox: QueueActions, send: Send): Promise<{ exported: number }> {
  const exported = await outbox.exportQueue(async (record) => {
    send(exportedMessage(record));
    // The next nodes process the message before the next record is read: they need not hold all of them.
    await nextTurn();
  });
  return { exported };
}

/**
 * Discards the records of the queue, or those for `msg.topic`.
 * @throws Problem "selection-invalid" or "discard-folder"
 */
export async function discardQueue(id: string, outbox: QueueActions, msg: Message): Promise<Answer> {
  const topic = selection(msg, 'topic');
  if (selection(msg, 'folder') !== undefined) throw new Problem('discard-folder');
  return answer(msg, topic ?? id, (dryRun) => outbox.discardQueue({ topic }, dryRun));
}

/**
 * Makes the orphan in `msg.folder`, a node's id or a path, a part of this queue; without it, this node's own records
 * for other clusters.
 * @throws Problem "selection-invalid", "adopt-topic", "adopt-memory" or "adopt-unknown"
 */
export async function adoptQueue(
  id: string,
  outbox: QueueActions,
  msg: Message,
  orphans: () => Promise<Orphan[]>,
): Promise<Answer> {
  const given = selection(msg, 'folder');
  if (selection(msg, 'topic') !== undefined) throw new Problem('adopt-topic');
  if (!outbox.queueStatus) throw new Problem('adopt-memory');
  const folder = given === undefined ? undefined : orphanFolder(given, await orphans());
  return answer(msg, given ?? id, (dryRun) => outbox.adoptQueue({ folder }, dryRun));
}

/**
 * Runs it if the message confirms it; else as a dry run.
 * @param confirm what `msg.confirm` must be
 */
async function answer(
  msg: Message,
  confirm: string,
  run: (dryRun: boolean) => Promise<number>,
): Promise<Answer> {
  const dryRun = msg.confirm !== confirm;
  const records = await run(dryRun);
  return dryRun ? { dryRun, records, confirm } : { dryRun, records };
}

/** What a command is narrowed to. A blank property counts as absent: an Inject node sends a blank topic. */
function selection(msg: Message, property: 'topic' | 'folder'): string | undefined {
  const value = msg[property];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new Problem('selection-invalid', { property, type: typeof value });
}

/** Only a folder of the list is accepted: any other may belong to a running node, or not be a queue. */
function orphanFolder(given: string, orphans: Orphan[]): string {
  const found = orphans.find(({ id, folder }) => given === id || resolve(given) === folder);
  if (found) return found.folder;
  throw new Problem('adopt-unknown', { folder: given, known: orphans.map(({ id }) => id).join(', ') || '–' });
}

/** A message that kafka-out writes as the same record, with its default fields. */
function exportedMessage({ msgid, partition, headers, ...record }: StoredMessage): Message {
  return {
    ...(msgid === undefined ? {} : { _msgid: msgid }),
    ...record,
    ...(headers === undefined ? {} : { headers }),
    ...(partition === undefined ? {} : { partition }),
    kafka: { exported: true },
  } as Message;
}

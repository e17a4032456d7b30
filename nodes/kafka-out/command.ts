import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { Message, Send } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import { Problem } from '../../src/util/problem';
import { findOrphans } from './orphans';
import type { QueueActions } from './queue-actions';
import { adoptQueue, discardQueue, exportQueue, reportQueue } from './queue-command';
import { statusReport } from './report';

/** The part of an outbox that commands use. */
type Commanded = Pick<Outbox, 'flush' | 'pause' | 'resume' | 'report'> & QueueActions;
type Context = Pick<NodeContext, 'id' | 'RED' | 'words'>;

const known = 'flush, pause, resume, status, queue, export, discard, adopt';

/** A message with a payload is data, even with `action`: a command has no payload. */
export const isCommand = (msg: Message): boolean => msg.action !== undefined && msg.payload === undefined;

/**
 * Runs the command in `msg.action`, and sets the payload of the message to its response, if it has one.
 * @param send sends the messages of `export`, which precede the command itself
 * @param orphans the disk queues of nodes that do not run
 * @returns resolves when the message may be sent
 * @throws Problem "unknown-action", or what is wrong with the command's properties
 */
export async function runCommand(
  context: Context,
  outbox: Commanded,
  msg: Message,
  send: Send,
  orphans = () => findOrphans(context),
): Promise<void> {
  switch (msg.action) {
    case 'flush':
      return outbox.flush();
    case 'pause':
      return outbox.pause();
    case 'resume':
      return outbox.resume();
    case 'status':
      msg.payload = statusReport(context, outbox);
      return;
    case 'queue':
      msg.payload = await reportQueue(context, outbox, orphans);
      return;
    case 'export':
      msg.payload = await exportQueue(outbox, send);
      return;
    case 'discard':
      msg.payload = await discardQueue(context.id, outbox, msg);
      return;
    case 'adopt':
      msg.payload = await adoptQueue(context.id, outbox, msg, orphans);
      return;
    default:
      throw new Problem('unknown-action', { action: String(msg.action), known });
  }
}

import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { Message } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import { Problem } from '../../src/util/problem';
import { statusReport } from './status';

/** Data that happens to carry `action` is data: a command has no payload. */
export const isCommand = (msg: Message): boolean => msg.action !== undefined && msg.payload === undefined;

/**
 * Does what `msg.action` says; resolves when the message may go on, with the answer in it.
 * @throws Problem "unknown-action"
 */
export async function runCommand(context: NodeContext, outbox: Outbox, msg: Message): Promise<void> {
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
    default:
      throw new Problem('unknown-action', {
        action: String(msg.action),
        known: 'flush, pause, resume, status',
      });
  }
}

import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { Message } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import { Problem } from '../../src/util/problem';
import type { QueueActions } from './queue-actions';
import { statusReport } from './report';

/** A message with a payload is data, even with `action`: a command has no payload. */
export const isCommand = (msg: Message): boolean => msg.action !== undefined && msg.payload === undefined;

/**
 * Runs the command in `msg.action`, and sets the payload of the message to its response, if it has one.
 * @returns resolves when the message may be sent
 * @throws Problem "unknown-action"
 */
export async function runCommand(context: NodeContext, outbox: Outbox & QueueActions, msg: Message): Promise<void> {
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

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../util/problem';
import { within } from '../util/within';
import type { NodeContext } from './node-context';
import { sentence } from './sentences';

/** The part of a node that drains what it holds and ends what it started. */
export interface Closable {
  /**
   * Called once, when Node-RED stops or restarts the node. Must resolve within 14 s.
   * @param removed the node was deleted or disabled, not restarted
   */
  close?(removed: boolean): void | Promise<void>;
}

/** Node-RED itself waits 15 s, then logs that the node timed out. */
const closeLimitMs = 14_000;

/**
 * Closes a node on Node-RED's request: runs its `close`, logs why it failed or that it took longer than the
 * limit, releases the node's context, and reports to Node-RED that the node is closed, in any case.
 */
export function closeOnRequest(context: NodeContext, closable: Closable): void {
  context.node.on('close', (removed: boolean, done: () => void) => {
    // An error of Node-RED's own callback would end the process as an unhandled rejection.
    closeWithinLimit(context, closable, removed)
      .finally(done)
      .catch(() => {});
  });
}

async function closeWithinLimit(context: NodeContext, closable: Closable, removed: boolean): Promise<void> {
  // Async, so that a synchronous error is a rejection too.
  const closing = (async () => closable.close?.(removed))();
  try {
    await within(closing, closeLimitMs, () => {
      throw new Problem('close-timeout', { seconds: closeLimitMs / 1000 });
    });
  } catch (error) {
    context.log(sentence(context.RED, error));
  } finally {
    // What is on its way to the node arrives within a turn of the event loop; once it is closed, Node-RED drops it.
    await nextTurn();
    context.close();
  }
}

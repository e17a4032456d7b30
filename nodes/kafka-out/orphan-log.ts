import type { NodeAPI } from 'node-red';
import type { NodeContext } from '../../src/node-red/node-context';
import { findOrphans, orphanLine } from './orphans';

/** The nodes of this process that wait for the start of all flows, and what was logged. */
const waiting = new Set<NodeContext>();
const logged = new Set<string>();
let listener: { RED: NodeAPI; onStarted: () => void } | undefined;

/**
 * Names the disk queues of nodes that were deleted or disabled, once, when all flows have started.
 * @returns call `close` when the node closes
 */
export function logOrphans(context: NodeContext): { close(): void } {
  const { RED } = context;
  waiting.add(context);
  if (!listener) {
    const onStarted = (): void => void logNew();
    listener = { RED, onStarted };
    RED.events.on('flows:started', onStarted);
  }
  return {
    close() {
      waiting.delete(context);
      if (waiting.size > 0 || !listener) return;
      listener.RED.events.removeListener('flows:started', listener.onStarted);
      listener = undefined;
    },
  };
}

async function logNew(): Promise<void> {
  const [context] = waiting;
  if (!context) return;
  for (const orphan of await findOrphans(context)) {
    if (logged.has(orphan.folder)) continue;
    logged.add(orphan.folder);
    context.warn(orphanLine(context, orphan));
  }
}

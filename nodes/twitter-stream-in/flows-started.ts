import type { NodeAPI } from 'node-red';

const pending = new Set<() => void>();

/**
 * Calls `start` once all flows have started: what a source sends earlier would reach no node.
 * @returns cancels the call
 */
export function onFlowsStarted(RED: NodeAPI, start: () => void): () => void {
  // One listener for all nodes: an emitter warns about more than ten.
  if (pending.size === 0) RED.events.once('flows:started', startAll);
  pending.add(start);
  return () => pending.delete(start);
}

function startAll(): void {
  const all = [...pending];
  pending.clear();
  for (const start of all) start();
}

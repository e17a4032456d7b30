import type { NodeAPI } from 'node-red';

const waiting = new Set<() => void>();

/**
 * Calls `begin` when all flows are there: what a source sends before that would go nowhere.
 * @returns takes it back
 */
export function afterStart(RED: NodeAPI, begin: () => void): () => void {
  // One listener for all nodes: Node warns of more than ten.
  if (waiting.size === 0) RED.events.once('flows:started', beginAll);
  waiting.add(begin);
  return () => waiting.delete(begin);
}

function beginAll(): void {
  const all = [...waiting];
  waiting.clear();
  for (const begin of all) begin();
}

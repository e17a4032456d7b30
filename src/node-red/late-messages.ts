import type { Node, NodeMessageInFlow } from 'node-red';
import { flows } from './flows';

/** By node. */
const held = new Map<string, NodeMessageInFlow[]>();

/** The ids of nodes in subflows change with each start, their paths do not. */
const keyOf = (node: Node): string => (node as { _path?: string })._path ?? node.id;

/**
 * Keeps a message that was on its way to a node when a deploy stopped it. The node could not send it on: Node-RED drops what a
 * stopped node sends. The node that the deploy starts in its place gets it.
 */
export function holdLate(node: Node, msg: NodeMessageInFlow): void {
  const messages = held.get(keyOf(node)) ?? [];
  messages.push(msg);
  held.set(keyOf(node), messages);
}

/** A node starts: it receives what was held for it, in order, before any newer message. */
export function receiveLate(node: Node): void {
  const messages = held.get(keyOf(node));
  if (!messages) return;
  held.delete(keyOf(node));
  flows.onStarted(() => {
    for (const msg of messages) node.receive(msg);
  });
}

import type { Node } from 'node-red';
import type { ConfigNode, NodeContext } from '../../src/node-red/node-context';
import { appId } from '../../src/stream/app/app-id';
import { isSameApp, type XApp } from '../../src/stream/x/app';
import { Problem } from '../../src/util/problem';

interface RunningApp {
  context: NodeContext;
  app: XApp;
}

/** The twitter-apps that run now, with their credentials in memory. */
const running = new Set<RunningApp>();

/**
 * Remembers a twitter-app until its node closes. After each deploy a warning reports twitter-apps that are both used by
 * streams and are one App at X, one by its API key and the other by its bearer token. Nothing shows that before X has issued
 * the same token: each has a connection of its own, and X allows only one.
 */
export function trackApp(context: NodeContext, app: XApp): void {
  const { events } = context.RED;
  const entry = { context, app };
  if (running.size === 0) events.on('flows:started', warnOfSharedApps);
  running.add(entry);
  context.node.on('close', () => {
    running.delete(entry);
    if (running.size === 0) events.off('flows:started', warnOfSharedApps);
  });
}

/**
 * Reports that other running twitter-apps have the credentials of this one.
 * @param id of the twitter-app itself, if it is deployed
 */
export function sharedAppProblem(app: XApp, id: unknown): Problem | undefined {
  const isItself = ({ context: { node } }: RunningApp): boolean => node.id === id || templateOf(node) === id;
  return problemOf(
    'app-shared',
    [...running].filter((other) => !isItself(other) && isSameApp(app, other.app)),
  );
}

function warnOfSharedApps(): void {
  const used = [...running].filter(({ context }) => isUsed(context.node as ConfigNode<unknown>));
  const named = new Set<RunningApp>();
  for (const one of used) {
    // One warning for all that share an App.
    if (named.has(one)) continue;
    const others = used.filter(
      (other) => isSameApp(one.app, other.app) && appId(one.app) !== appId(other.app),
    );
    for (const other of others) named.add(other);
    const problem = problemOf('app-twice', others);
    if (problem) one.context.warn(problem);
  }
}

const isUsed = ({ users }: ConfigNode<unknown>): boolean => Object.keys(users).length > 0;

/** The id in the editor of a config node that runs as part of a subflow. */
const templateOf = (node: Node): unknown => (node as { _alias?: unknown })._alias ?? node.id;

function problemOf(key: 'app-shared' | 'app-twice', others: RunningApp[]): Problem | undefined {
  if (others.length === 0) return undefined;
  const names = others.map(({ context: { node } }) => `“${node.name || node.id}”`);
  return new Problem(key, { others: names.join(', ') });
}

import { Problem } from '../../util/problem';
import type { XApp } from '../x/app';
import { appId } from './app-id';
import { SharedApp } from './shared-app';

interface Entry {
  shared: SharedApp;
  users: number;
}

/** The Apps of this process, by id: two config nodes with the same token are one App. */
const apps = new Map<string, Entry>();

/** A config node's access to its App. */
export interface AppHandle {
  shared: SharedApp;
  /** The config node closes. The App goes when no stream is open and no other node has it. Resolves when its state is saved. */
  release(): Promise<void>;
}

/**
 * Returns the App with these credentials: the one that is there, or a new one.
 * @param folder of the state files; undefined: no state is kept
 * @param onWarning something is wrong with the App's state file, or another node has other settings for it
 */
export function acquireApp(
  app: XApp,
  folder: string | undefined,
  onWarning: (problem: Problem) => void,
): AppHandle {
  const id = appId(app);
  let entry = apps.get(id);
  // Another secret or proxy with the same key: the connection of the old ones is not handed over.
  const differs = entry !== undefined && !hasSameSettings(entry.shared.app, app);
  const replaced = entry?.users === 0 && differs ? entry.shared : undefined;
  if (differs && !replaced) onWarning(new Problem('app-settings-differ'));
  if (!entry || replaced) {
    const options = { id, folder, onWarning, onIdle: removeUnused, after: replaced?.close() };
    entry = { shared: new SharedApp(app, options), users: 0 };
    apps.set(id, entry);
  }
  return handleOf(entry);
}

function handleOf(entry: Entry): AppHandle {
  let released = false;
  entry.users++;
  return {
    shared: entry.shared,
    async release() {
      if (released) return;
      released = true;
      entry.users--;
      await entry.shared.flush();
      removeUnused();
    },
  };
}

const hasSameSettings = (one: XApp, other: XApp): boolean => settingsOf(one) === settingsOf(other);

const settingsOf = (app: XApp): string =>
  JSON.stringify(Object.entries({ ...app, fetchedToken: undefined }).sort());

/** Node-RED stops flows: the Apps' streams buffer what comes until it has started them. */
export function flowsStopping(): void {
  for (const { shared } of apps.values()) shared.flowsStopping();
}

/** Node-RED has started the flows: the Apps' streams stop to wait for nodes. */
export function flowsStarted(): void {
  for (const { shared } of apps.values()) shared.flowsStarted();
  removeUnused();
}

function removeUnused(): void {
  for (const [id, { users, shared }] of apps) {
    if (users === 0 && !shared.inUse) apps.delete(id);
  }
}

/** Ends all Apps at once, for tests. */
export async function closeApps(): Promise<void> {
  const all = [...apps.values()];
  apps.clear();
  await Promise.all(all.map(({ shared }) => shared.close()));
}

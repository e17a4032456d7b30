import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { atExit } from './child-processes';
import { endOrphans, hasLiveOwner } from './orphan-processes';
import type { Ports } from './server-properties';

/** The directory of a broker. */
export interface DataDirectory {
  path: string;
  /** Removes a temporary directory; does nothing to an existing one. */
  remove(): void;
  /** Keeps a temporary directory, for inspection. */
  keep(): void;
}

const prefix = 'tweet-pipeline-kafka-';

export function existingDirectory(dir: string): DataDirectory {
  const path = resolve(dir);
  mkdirSync(path, { recursive: true });
  return { path, remove: () => {}, keep: () => {} };
}

/** A new directory, removed at the latest when this process exits. Removes those of killed runs first. */
export async function temporaryDirectory(): Promise<DataDirectory> {
  for (const name of readdirSync(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (!name.startsWith(prefix) || !existsSync(join(dir, 'processes.json')) || hasLiveOwner(dir)) continue;
    await endOrphans(dir);
    rmSync(dir, { recursive: true, force: true });
  }
  const path = mkdtempSync(join(tmpdir(), prefix));
  const removeNow = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const keep = atExit(removeNow);
  return {
    path,
    keep,
    remove: () => {
      keep();
      removeNow();
    },
  };
}

/** The ports of the last start with this directory. */
export function savedPorts(dir: string): Partial<Ports> {
  const file = join(dir, portsFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function savePorts(dir: string, ports: Ports): void {
  writeFileSync(join(dir, portsFile), JSON.stringify(ports));
}

const portsFile = 'ports.json';

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

/** Where a broker keeps its data, and who takes it away. */
export interface DataDirectory {
  path: string;
  /** Removes a temporary folder; does nothing to one that was given. */
  remove(): void;
  /** From now on a temporary folder stays too, for somebody to look into. */
  keep(): void;
}

const temporary = 'tweet-pipeline-kafka-';

export function existingDirectory(dir: string): DataDirectory {
  const path = resolve(dir);
  mkdirSync(path, { recursive: true });
  return { path, remove: () => {}, keep: () => {} };
}

/** A new folder that goes at the latest when this process ends; those of killed runs are cleared away first. */
export async function temporaryDirectory(): Promise<DataDirectory> {
  for (const name of readdirSync(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (!name.startsWith(temporary) || !existsSync(join(dir, 'processes.json')) || hasLiveOwner(dir))
      continue;
    await endOrphans(dir);
    rmSync(dir, { recursive: true, force: true });
  }
  const path = mkdtempSync(join(tmpdir(), temporary));
  const removeIt = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const keep = atExit(removeIt);
  return {
    path,
    keep,
    remove: () => {
      keep();
      removeIt();
    },
  };
}

/** The ports that the folder's broker had when it last came up. */
export function savedPorts(dir: string): Partial<Ports> {
  const file = join(dir, portsFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function savePorts(dir: string, ports: Ports): void {
  writeFileSync(join(dir, portsFile), JSON.stringify(ports));
}

const portsFile = 'ports.json';

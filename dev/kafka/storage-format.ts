import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jvm } from './jvm';
import { runCommand } from './run-command';

/** The id of the cluster that a node's folder belongs to; undefined if the folder is not formatted. */
export function clusterIdOf(dir: string): string | undefined {
  const file = join(dir, 'data', 'meta.properties');
  if (!existsSync(file)) return undefined;
  return /^cluster\.id=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim();
}

/**
 * Formats a node's folder for a new cluster as its settings file describes it, and returns the cluster's id.
 * @param scram users that may log in by SCRAM, as the tool's --add-scram takes them
 */
export async function formatStorage(
  jvm: Jvm,
  dir: string,
  settings: string,
  scram: string[] = [],
): Promise<string> {
  const id = newId();
  const args = jvm.args(dir, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settings);
  for (const user of scram) args.push('--add-scram', user);
  const { code, text } = await runCommand(jvm.command, args);
  if (code !== 0) {
    const [line = ''] = text.trim().split('\n');
    const reason = line.replace(/^Exception in thread "main" [\w.$]+: /, '') || `it ended with code ${code}`;
    throw new Error(`Kafka's folder ${dir} could not be formatted: ${reason}`);
  }
  return id;
}

/**
 * Formats a node's folder as one of the cluster that the formatted folder `from` belongs to. With voters that stand
 * in the settings the nodes' folders differ by two ids only, so no JVM is needed, and SCRAM users are the same on all.
 */
export function copyFormat(from: string, dir: string, id: number): void {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  copyFileSync(join(from, 'data', 'bootstrap.checkpoint'), join(data, 'bootstrap.checkpoint'));
  const properties = readFileSync(join(from, 'data', 'meta.properties'), 'utf8')
    .replace(/^node\.id=.*$/m, `node.id=${id}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${newId()}`);
  // Last, for a folder that has it counts as formatted.
  writeFileSync(join(data, 'meta.properties'), properties);
}

/** As Kafka's own random-uuid: 16 bytes in base64url; a leading "-" would look like an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}

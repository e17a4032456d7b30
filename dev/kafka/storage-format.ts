import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jvm } from './jvm';
import { runCommand } from './run-command';

/** The cluster id of a formatted directory; undefined if it is not formatted. */
export function clusterIdOf(dir: string): string | undefined {
  const file = join(dir, 'data', 'meta.properties');
  if (!existsSync(file)) return undefined;
  return /^cluster\.id=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim();
}

/**
 * Formats a node's directory for a new cluster (kafka-storage format) and returns the cluster id.
 * @param scram SCRAM users in the syntax of --add-scram
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
    const reason = line.replace(/^Exception in thread "main" [\w.$]+: /, '') || `exit code ${code}`;
    throw new Error(`Cannot format the Kafka directory ${dir}: ${reason}`);
  }
  return id;
}

/**
 * Formats a node's directory for the cluster of the formatted directory `from`. With static voters the directories differ
 * by two ids only, so this copies files and starts no JVM; all nodes get the same SCRAM users.
 */
export function copyFormat(from: string, dir: string, id: number): void {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  copyFileSync(join(from, 'data', 'bootstrap.checkpoint'), join(data, 'bootstrap.checkpoint'));
  const properties = readFileSync(join(from, 'data', 'meta.properties'), 'utf8')
    .replace(/^node\.id=.*$/m, `node.id=${id}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${newId()}`);
  // Last: this file marks the directory as formatted.
  writeFileSync(join(data, 'meta.properties'), properties);
}

/** Like kafka-storage random-uuid: 16 bytes in base64url, without a leading "-", which would look like an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}

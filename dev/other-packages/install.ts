import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { otherPackages } from './packages';

const run = promisify(execFile);

/**
 * Installs the other Kafka producers for Node-RED, when first asked for, into a folder outside the project
 * (OTHER_PACKAGES, or one below the system's temporary folder): Node-RED loads every node package it finds above it.
 * No package's own scripts are run. Throws what npm says.
 * @returns the folder; a Node-RED with it as its userDir has all of them
 */
export async function installOtherPackages(progress: (line: string) => void = () => {}): Promise<string> {
  const folder = process.env.OTHER_PACKAGES || join(tmpdir(), 'tweet-pipeline-other-packages');
  const missing = otherPackages.filter(({ name, version }) => installedVersion(folder, name) !== version);
  if (missing.length === 0) return folder;
  const wanted = missing.map(({ name, version }) => `${name}@${version}`);
  progress(`Installing ${wanted.join(', ')} into ${folder} …`);
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private": true}\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--save-exact'];
  await run('npm', ['install', ...options, ...wanted], { cwd: folder });
  return folder;
}

/** The folder of one installed package, to be loaded alone: several of them claim the same names. */
export function packageFolder(folder: string, name: string): string {
  return join(folder, 'node_modules', name);
}

function installedVersion(folder: string, name: string): string | undefined {
  const manifest = join(packageFolder(folder, name), 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

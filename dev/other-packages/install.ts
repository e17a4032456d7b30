import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { otherPackages } from './packages';

const run = promisify(execFile);
const installLimitMs = 600_000;

/**
 * Installs the other Kafka producer packages for Node-RED if necessary, without their install scripts. The directory
 * (OTHER_PACKAGES, or one in the system's temporary directory) is outside the project, because Node-RED loads all node
 * packages from its parent directories.
 * @returns the directory
 * @throws npm's error
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
  await run('npm', ['install', ...options, ...wanted], { cwd: folder, timeout: installLimitMs });
  return folder;
}

/** The directory of one installed package. Load them one at a time: several register the same node types. */
export function packageFolder(folder: string, name: string): string {
  return join(folder, 'node_modules', name);
}

function installedVersion(folder: string, name: string): string | undefined {
  const manifest = join(packageFolder(folder, name), 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

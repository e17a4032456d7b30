// Prepares a fresh clone: checks Node's version, installs the packages, builds.
// Runs before anything is installed, so it imports only Node's own modules.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '../..');

// As in the engines of package.json.
const oldestNode = [20, 11];

/** @throws if this Node is too old */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Node.js ${oldestNode.join('.')} or later is required; this is ${process.version}. Download: https://nodejs.org`,
  );
}

/** Installs the packages of package-lock.json if they are missing or differ. @param print gets lines of progress */
export async function install(print) {
  if (isInstalled()) return;
  print('Installing packages (npm ci) …');
  const begin = Date.now();
  const timer = setInterval(() => print(`  … still installing (${seconds(begin)})`), 15_000);
  const { code, output } = await run('npm', ['ci', '--include=dev']).finally(() => clearInterval(timer));
  if (code !== 0) {
    throw new Error(
      `${output.trim()}\n\nCannot install the packages: npm ci failed, see its output above. ` +
        'Check the network and the free disk space, then try again.',
    );
  }
  print(`Packages installed in ${seconds(begin)}.`);
}

/** Builds dist/ always: it is fast, and an outdated build causes confusing failures. */
export async function build() {
  const { code, output } = await run('npm', ['run', '--silent', 'build']);
  if (code !== 0) {
    throw new Error(`${output.trim()}\n\nThe build failed: see its output above.`);
  }
}

/**
 * Runs a command in the project's directory and resolves to its exit code (1 for a signal) and output. With `show` the
 * output goes to the terminal instead.
 * @throws if the command cannot be started
 */
export function run(command, args, { show = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'];
    const child = spawn(command, args, { cwd: root, env, stdio });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part) => {
        output += part;
      });
    }
    child.on('error', (error) => {
      const reason = error.code === 'ENOENT' ? 'command not found' : error.message;
      reject(new Error(`Cannot start ${command}: ${reason}.`));
    });
    child.on('close', (code) => {
      process.removeListener('exit', end);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a program's main function; prints the message of an error and sets exit code 1. */
export function runMain(main) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

export function seconds(begin) {
  return `${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

/** Compares npm's record of the installed packages with package-lock.json; an interrupted installation has none. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json'))).filter(([path]) => path !== '');
  return wanted.every(([path, { version, integrity, optional, peer, extraneous }]) => {
    const found = installed[path];
    // npm may omit packages for other platforms and optional or unused ones.
    if (found === undefined) return Boolean(optional || peer || extraneous);
    return found.version === version && found.integrity === integrity;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    throw new Error(`${file} is not valid JSON. Restore it, or remove node_modules, and try again.`);
  }
}

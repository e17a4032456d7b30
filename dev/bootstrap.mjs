// Gets a fresh clone to the point where the rest can run: Node's version, the packages, the build.
// Runs before anything is installed: Node's own modules only. What goes wrong is a sentence.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '../..');

// package.json's engines say the same.
const oldestNode = [20, 11];

/** Throws a sentence if this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Node.js ${oldestNode.join('.')} or later is needed; this is ${process.version}. Get it from https://nodejs.org.`,
  );
}

/** Installs the packages of package-lock.json unless exactly these are there; `say` gets lines of progress. */
export async function install(say) {
  if (isInstalled()) return;
  say('Installing packages (npm ci) …');
  const begin = Date.now();
  const timer = setInterval(() => say(`  … still installing (${seconds(begin)})`), 15_000);
  const { code, output } = await run('npm', ['ci', '--include=dev']).finally(() => clearInterval(timer));
  if (code !== 0) {
    throw new Error(
      `${output.trim()}\n\nThe packages could not be installed: npm ci failed, see its output above. ` +
        'Check the network and the free space on the disk, then run it again.',
    );
  }
  say(`Packages installed in ${seconds(begin)}.`);
}

/** Builds dist/; always, since it takes a moment and a build that is too old costs an hour. */
export async function build() {
  const { code, output } = await run('npm', ['run', '--silent', 'build']);
  if (code !== 0) {
    throw new Error(`${output.trim()}\n\nThe build failed: see its output above.`);
  }
}

/**
 * Runs a command in the project's folder and resolves to its exit code (1 for a signal) and all it printed;
 * with `show` the output goes through and is not kept. Throws a sentence if there is no such command.
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
      const reason = error.code === 'ENOENT' ? 'there is no such command' : error.message;
      reject(new Error(`${command} could not be started: ${reason}.`));
    });
    child.on('close', (code) => {
      process.removeListener('exit', end);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a program's main function; an error is printed as its sentence, and the exit code is 1. */
export function runMain(main) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

export function seconds(begin) {
  return `${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

/** Compares what npm noted when it installed with package-lock.json; an interrupted installation has no note. */
function isInstalled() {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const there = packagesOf(note);
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json'))).filter(([path]) => path !== '');
  return wanted.every(([path, { version, integrity, optional, peer, extraneous }]) => {
    const found = there[path];
    // Made for another system, or asked for by nobody: npm leaves these out as it sees fit.
    if (found === undefined) return Boolean(optional || peer || extraneous);
    return found.version === version && found.integrity === integrity;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    throw new Error(`${file} is not readable as JSON: restore it, or remove node_modules, and run it again.`);
  }
}

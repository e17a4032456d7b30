import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endChild, endWithUs, exited, isOver } from '../kafka/children';
import { forget, note } from '../kafka/leftovers';
import { demoFlow } from './flow';
import { home, root } from './places';

const userDir = join(home, 'node-red');
const logFile = join(home, 'node-red.log');
const firstPort = 1880;
const startLimitMs = 60_000;
// Node-RED gives its nodes 15 s to close.
const stopLimitMs = 18_000;

export interface NodeRed {
  url: string;
  /** Resolves when it has ended by itself. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a Node-RED of the demo's own and resolves when it serves the flow; the first time it is given
 * the example.
 * @param env what the flow's environment variables are
 */
export async function startNodeRed(env: Record<string, string>): Promise<NodeRed> {
  mkdirSync(userDir, { recursive: true });
  const port = await freePort(Number(process.env.PORT) || firstPort);
  const url = `http://127.0.0.1:${port}`;
  const isNew = !existsSync(join(userDir, 'flows.json'));
  const child = launch(port, env);
  try {
    await until(url, child);
    if (isNew) await deploy(url);
  } catch (error) {
    await endChild(child, stopLimitMs);
    forget(home, Number(child.pid));
    throw error;
  }
  return {
    url,
    ended: exited(child),
    async stop() {
      await endChild(child, stopLimitMs);
      forget(home, Number(child.pid));
    },
  };
}

function launch(port: number, env: Record<string, string>): ChildProcess {
  const settings = join(root, 'dev/demo/settings.cjs');
  const red = join(root, 'node_modules/node-red/red.js');
  const log = openSync(logFile, 'w');
  // Its own process group: Ctrl-C reaches this process alone, which ends it in order.
  const child = spawn(
    process.execPath,
    [red, '--settings', settings, '--userDir', userDir, '--port', `${port}`],
    {
      cwd: home,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env, DEMO_CREDENTIAL_SECRET: secret() },
    },
  );
  closeSync(log);
  endWithUs(child);
  // Node-RED gives itself this name in the list of processes.
  if (child.pid) note(home, { pid: child.pid, mark: 'node-red' });
  return child;
}

async function until(url: string, child: ChildProcess): Promise<void> {
  const limit = Date.now() + startLimitMs;
  while (Date.now() < limit && !isOver(child)) {
    const answer = await fetch(`${url}/flows`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(200);
  }
  throw new Error(`Node-RED did not start. ${lastLine()}Its log: ${logFile}`);
}

async function deploy(url: string): Promise<void> {
  const answer = await fetch(`${url}/flows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Node-RED-API-Version': 'v2' },
    body: JSON.stringify({ flows: demoFlow() }),
  });
  if (!answer.ok) throw new Error(`Node-RED did not take the example flow: ${await answer.text()}`);
}

function lastLine(): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  return lines.length > 0 && lines[0] ? `Its last line: ${lines[lines.length - 1]} ` : '';
}

/** Encrypts the credentials of the demo's flow; made once and kept beside them. */
function secret(): string {
  const file = join(userDir, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) if (await isFree(port)) return port;
  throw new Error(`No port from ${first} to ${first + 99} is free for Node-RED: set PORT=… to one that is.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

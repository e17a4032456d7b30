import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endOrphans } from '../kafka/orphan-processes';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import { home } from '../paths';
import { demoFlow } from './flow';

const dir = join(home, 'node-red');
const firstPort = 1880;

/**
 * Starts the demo's own Node-RED, which the first time is given the example.
 * @param env what the flow's environment variables are
 */
export async function demoNodeRed(
  env: Record<string, string>,
  say: (line: string) => void,
): Promise<NodeRed> {
  mkdirSync(dir, { recursive: true });
  for (const one of await endOrphans(dir)) say(`Ended a Node-RED that an earlier run left: ${one}.`);
  const isNew = !existsSync(join(dir, 'flows.json'));
  const port = await freePort(Number(process.env.PORT) || firstPort);
  const nodeRed = await startNodeRed({ dir, port, env: { ...env, NODE_RED_SECRET: secret() } });
  if (isNew) await nodeRed.deploy(demoFlow());
  return nodeRed;
}

/** Encrypts the credentials of the demo's flow; made once and kept beside them. */
function secret(): string {
  const file = join(dir, 'secret');
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

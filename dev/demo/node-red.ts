import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endOrphans } from '../kafka/orphan-processes';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import { demoDir } from '../paths';
import { newestNodeRed, type Program } from '../runtimes/runtimes';
import { demoFlow } from './flow';

const dir = join(demoDir, 'node-red');
const firstPort = 1880;

/**
 * Starts the demo's Node-RED; the first start deploys the example.
 * @param env environment variables for the flow
 */
export async function demoNodeRed(
  env: Record<string, string>,
  print: (line: string) => void,
): Promise<NodeRed> {
  mkdirSync(dir, { recursive: true });
  for (const one of await endOrphans(dir)) print(`Stopped an orphan Node-RED of an earlier run: ${one}.`);
  const isNew = !existsSync(join(dir, 'flows.json'));
  const port = await freePort(Number(process.env.PORT) || firstPort);
  const program = newest(print);
  const nodeRed = await startNodeRed({ dir, port, env: { ...env, NODE_RED_SECRET: secret() }, program });
  if (isNew) await nodeRed.deploy(demoFlow());
  return nodeRed;
}

/** Without a network the demo runs the Node-RED of node_modules. */
function newest(print: (line: string) => void): Program | undefined {
  try {
    return newestNodeRed(print);
  } catch (error) {
    print(`${(error as Error).message}\nStarting the Node-RED of node_modules instead.`);
    return undefined;
  }
}

/** The key that encrypts the flow's credentials; created once. */
function secret(): string {
  const file = join(dir, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) if (await isFree(port)) return port;
  throw new Error(`Ports ${first} to ${first + 99} are all in use. Set PORT to a free port for Node-RED.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

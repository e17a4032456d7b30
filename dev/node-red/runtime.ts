import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endChild, endWithParent, hasExited, waitForExit } from '../kafka/child-processes';
import { forgetProcess, recordProcess } from '../kafka/orphan-processes';
import { root } from '../paths';
import type { Program } from '../runtimes/runtimes';

const startLimitMs = 60_000;
// Node-RED gives its nodes 15 s to close.
const stopLimitMs = 18_000;
const requestLimitMs = 5_000;
const deployLimitMs = 60_000;

export interface NodeRedOptions {
  /** Its user directory: flows, credentials, log. */
  dir: string;
  /** Port on 127.0.0.1. */
  port: number;
  /** Environment variables for its flows. */
  env?: Record<string, string>;
  /** Settings file [dev/node-red/settings.cjs]. */
  settings?: string;
  /** Its log in the user directory [node-red.log]. */
  logName?: string;
  /** Another Node-RED than this project's, and the Node.js to run it [TEST_NODE_RED, as JSON]. */
  program?: Program;
  /** The path of its admin API, such as "/admin" [none]. */
  adminRoot?: string;
  /** The user and group id of its process [those of this process]. */
  ids?: { uid: number; gid: number };
}

/** A Node-RED in a child process, with this project's nodes. */
export interface NodeRed {
  /** Of its editor and admin API. */
  readonly url: string;
  /** Undefined after its exit. */
  readonly pid: number | undefined;
  /** Resolves when the process has exited. */
  readonly ended: Promise<void>;
  /** Its whole log. */
  log(): string;
  /** Deploys a flow, or restarts only changed flows, or nodes. A node may have `credentials`. */
  deploy(flows: unknown[], type?: 'full' | 'flows' | 'nodes'): Promise<void>;
  /** Stops it with SIGTERM, after 18 s with SIGKILL. */
  stop(): Promise<void>;
}

/** Starts Node-RED and resolves when it serves its editor. @throws if it does not start within 60 s */
export async function startNodeRed(options: NodeRedOptions): Promise<NodeRed> {
  mkdirSync(options.dir, { recursive: true });
  const logFile = join(options.dir, options.logName ?? 'node-red.log');
  const url = `http://127.0.0.1:${options.port}${options.adminRoot ?? ''}`;
  const child = launch(options, logFile);
  const log = (): string => readFileSync(logFile, 'utf8');
  const stop = async (): Promise<void> => {
    await endChild(child, stopLimitMs);
    forgetProcess(options.dir, Number(child.pid));
  };
  if (!(await isServing(url, child))) {
    await stop();
    throw new Error(`Node-RED did not start: ${log().trim().split('\n').pop()} Log: ${logFile}`);
  }
  return {
    url,
    get pid() {
      return hasExited(child) ? undefined : child.pid;
    },
    ended: waitForExit(child),
    log,
    stop,
    deploy: (flows, type) => deploy(url, flows, type),
  };
}

const ourSettings = join(root, 'dev/node-red/settings.cjs');
const ours: Program = process.env.TEST_NODE_RED
  ? JSON.parse(process.env.TEST_NODE_RED)
  : { node: process.execPath, red: join(root, 'node_modules/node-red/red.js') };

function launch(options: NodeRedOptions, logFile: string): ChildProcess {
  const { dir, port, env, settings = ourSettings, program = ours, ids } = options;
  const { node, red } = program;
  const log = openSync(logFile, 'w');
  const child = spawn(node, [red, '--settings', settings, '--userDir', dir, '--port', `${port}`], {
    cwd: dir,
    ...ids,
    // Its own process group: Ctrl-C reaches only this process, which then stops Node-RED.
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  endWithParent(child);
  // Node-RED sets its process title to this.
  if (child.pid) recordProcess(dir, { pid: child.pid, mark: 'node-red' });
  return child;
}

async function isServing(url: string, child: ChildProcess): Promise<boolean> {
  const limit = Date.now() + startLimitMs;
  while (Date.now() < limit && !hasExited(child)) {
    const response = await fetch(`${url}/flows`, { signal: AbortSignal.timeout(requestLimitMs) }).catch(
      () => undefined,
    );
    // 401: with adminAuth.
    if (response?.ok || response?.status === 401) return true;
    await wait(100);
  }
  return false;
}

async function deploy(url: string, flows: unknown[], type = 'full'): Promise<void> {
  const response = await fetch(`${url}/flows`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'Node-RED-API-Version': 'v2',
      'Node-RED-Deployment-Type': type,
    },
    body: JSON.stringify({ flows }),
    signal: AbortSignal.timeout(deployLimitMs),
  });
  if (!response.ok) throw new Error(`Node-RED rejected the flow: ${await response.text()}`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Broker, startBroker } from '../kafka/broker';
import {
  commandLine,
  endOrphans,
  forgetProcess,
  hasLiveOwner,
  recordProcess,
} from '../kafka/orphan-processes';
import type { NodeRed } from '../node-red/runtime';
import { demoDir } from '../paths';
import { startXApi } from '../x-api/server';
import { demoNodeRed } from './node-red';
import { checkCluster, countRecords, topics } from './topics';

interface Part {
  name: string;
  stop(): Promise<unknown>;
}

const print = (line: string): void => console.log(line);
const simulatedRate = 5;
const dollarsPerPost = 0.005;
const defaultPostLimit = 1000;
const firstRecordsLimitMs = 120_000;

/** Runs the whole pipeline, from the stream to Kafka, until a signal stops it. */
export async function main(): Promise<void> {
  const running: Part[] = [];
  const stop = stopper(running);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  try {
    await lockDemoDir();
    const brokers = await kafka(running);
    const x = await xApi(running);
    print('Starting Node-RED …');
    const nodeRed = await demoNodeRed({ KAFKA_BROKERS: brokers, ...x.env }, print);
    running.push({ name: 'Node-RED', stop: nodeRed.stop });
    printSummary(nodeRed, brokers, x.description);
    void nodeRed.ended.then(() => stop(1, 'Node-RED exited unexpectedly. See .demo/node-red/node-red.log.'));
    void printFirstRecords(brokers);
  } catch (error) {
    await stop(1, (error as Error).message);
  }
}

/** Stops orphans of a killed run, and makes sure that only one demo uses the directory. */
async function lockDemoDir(): Promise<void> {
  mkdirSync(demoDir, { recursive: true });
  for (const one of await endOrphans(demoDir)) print(`Stopped an orphan process of an earlier run: ${one}.`);
  if (hasLiveOwner(demoDir)) {
    throw new Error('The demo already runs in this directory. Stop it first (Ctrl-C in its terminal).');
  }
  recordProcess(demoDir, { pid: process.pid, mark: commandLine(process.pid) });
}

async function kafka(running: Part[]): Promise<string> {
  const given = process.env.KAFKA_BROKERS;
  if (given) {
    await checkCluster(given);
    return given;
  }
  const broker: Broker = await startBroker({ dir: join(demoDir, 'kafka'), progress: print });
  running.push({ name: 'Kafka', stop: () => broker.stop() });
  return broker.brokers;
}

async function xApi(running: Part[]): Promise<{ env: Record<string, string>; description: string }> {
  const token = process.env.X_BEARER_TOKEN;
  if (token) {
    const limit = Number(process.env.X_POST_LIMIT ?? defaultPostLimit);
    if (!Number.isInteger(limit) || limit < 0) {
      throw new Error('X_POST_LIMIT must be a non-negative integer: posts per day, 0 = unlimited.');
    }
    const url = process.env.X_API_URL ?? 'https://api.x.com';
    const budget =
      limit > 0
        ? `limit ${limit} posts per day ($${(limit * dollarsPerPost).toFixed(2)})`
        : 'no limit of posts per day';
    return {
      env: { X_API_URL: url, X_BEARER_TOKEN: token, X_POST_LIMIT: String(limit) },
      description: `${url}, $${dollarsPerPost} per post, ${budget}; set X_POST_LIMIT to change the limit`,
    };
  }
  const api = await startXApi({ rate: simulatedRate });
  running.push({ name: 'X API simulator', stop: () => api.close() });
  return {
    env: { X_API_URL: api.url, X_BEARER_TOKEN: 'simulated-token', X_POST_LIMIT: '0' },
    description: `simulated X API at ${api.url}, ${simulatedRate} posts per second; set X_BEARER_TOKEN to use the real one`,
  };
}

function printSummary(nodeRed: NodeRed, brokers: string, source: string): void {
  print(`
The flow is running. Editor: ${nodeRed.url}

  Source  ${source}
  Kafka   ${brokers}, topics: ${topics.join(', ')}
  Read    kcat -C -b ${brokers} -t ${topics[0]} -o beginning -e -q
  Stop    Ctrl-C. The flow and the records stay in .demo; delete that directory to reset.
`);
}

/** Prints a line when the first records are in Kafka, or a hint if none arrive. */
async function printFirstRecords(brokers: string): Promise<void> {
  const deadline = Date.now() + firstRecordsLimitMs;
  while (Date.now() < deadline) {
    const counts = await countRecords(brokers).catch(() => new Map<string, number>());
    if ([...counts.values()].some((count) => count > 0)) {
      const each = [...counts].map(([topic, count]) => `${topic}: ${count}`).join(', ');
      print(`First records in Kafka: ${each}`);
      return;
    }
    await wait(1000, undefined, { ref: false });
  }
  print('No records in Kafka yet. Check the status of the nodes in the editor.');
}

/** Stops everything in reverse order of start; a second Ctrl-C does not interrupt it. */
function stopper(running: Part[]): (code: number, message?: string) => Promise<void> {
  let stopping: Promise<void> | undefined;
  return (code, message) => {
    stopping ??= (async () => {
      if (message) console.error(`\n${message}`);
      for (const { name, stop } of running.reverse()) {
        print(`Stopping ${name} …`);
        await stop().catch((error: Error) => console.error(`${name}: ${error.message}`));
      }
      forgetProcess(demoDir, process.pid);
      process.exit(code);
    })();
    return stopping;
  };
}

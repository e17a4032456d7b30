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
import { home } from '../paths';
import { startXApi } from '../x-api/server';
import { demoNodeRed } from './node-red';
import { checkCluster, countRecords, topics } from './topics';

interface Part {
  name: string;
  stop(): Promise<unknown>;
}

const say = (line: string): void => console.log(line);
const simulatedRate = 5;
const dollarsPerPost = 0.005;
const realLimit = 1000;

/** Runs the main job, from the stream to Kafka, until it is asked to stop. Throws sentences. */
export async function main(): Promise<void> {
  const running: Part[] = [];
  const stop = stopper(running);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  try {
    await claim();
    const brokers = await kafka(running);
    const x = await xApi(running);
    say('Starting Node-RED …');
    const nodeRed = await demoNodeRed({ KAFKA_BROKERS: brokers, ...x.env }, say);
    running.push({ name: 'Node-RED', stop: nodeRed.stop });
    report(nodeRed, brokers, x.about);
    void nodeRed.ended.then(() => stop(1, 'Node-RED ended by itself: see .demo/node-red/node-red.log.'));
    void firstRecords(brokers);
  } catch (error) {
    await stop(1, (error as Error).message);
  }
}

/** Ends what a killed run left, and makes sure that only one demo uses the folder. */
async function claim(): Promise<void> {
  mkdirSync(home, { recursive: true });
  for (const one of await endOrphans(home)) say(`Ended what an earlier run left: process ${one}.`);
  if (hasLiveOwner(home)) {
    throw new Error(
      'The demo runs already, from this folder: stop it first, with Ctrl-C where it was started.',
    );
  }
  recordProcess(home, { pid: process.pid, mark: commandLine(process.pid) });
}

async function kafka(running: Part[]): Promise<string> {
  const given = process.env.KAFKA_BROKERS;
  if (given) {
    await checkCluster(given);
    return given;
  }
  const broker: Broker = await startBroker({ dir: join(home, 'kafka'), progress: say });
  running.push({ name: 'Kafka', stop: () => broker.stop() });
  return broker.brokers;
}

async function xApi(running: Part[]): Promise<{ env: Record<string, string>; about: string }> {
  const token = process.env.X_BEARER_TOKEN;
  if (token) {
    const limit = Number(process.env.X_POST_LIMIT ?? realLimit);
    if (!Number.isInteger(limit) || limit < 0) {
      throw new Error('X_POST_LIMIT must be a whole number of posts a day; 0 means no limit.');
    }
    const url = process.env.X_API_URL ?? 'https://api.x.com';
    const most =
      limit > 0 ? `stops after ${limit} posts a day ($${(limit * dollarsPerPost).toFixed(2)})` : 'no limit';
    return {
      env: { X_API_URL: url, X_BEARER_TOKEN: token, X_POST_LIMIT: String(limit) },
      about: `from ${url}; a post costs $${dollarsPerPost}, ${most}; X_POST_LIMIT=… changes that`,
    };
  }
  const api = await startXApi({ rate: simulatedRate });
  running.push({ name: 'the simulated X API', stop: () => api.close() });
  return {
    env: { X_API_URL: api.url, X_BEARER_TOKEN: 'simulated-token', X_POST_LIMIT: '0' },
    about: `simulated, ${simulatedRate} a second (${api.url}); X_BEARER_TOKEN=… takes the real X`,
  };
}

function report(nodeRed: NodeRed, brokers: string, posts: string): void {
  say(`
The flow is running. Open ${nodeRed.url}

  Posts   ${posts}
  Kafka   ${brokers}, topics ${topics.join(' and ')}
  Read    kcat -C -b ${brokers} -t ${topics[0]} -o beginning -e -q
  Stop    Ctrl-C; flow and records are kept in .demo, delete that folder to begin anew
`);
}

/** Says once that posts have arrived where they should. */
async function firstRecords(brokers: string): Promise<void> {
  for (;;) {
    const counts = await countRecords(brokers).catch(() => new Map<string, number>());
    if ([...counts.values()].some((count) => count > 0)) {
      const each = [...counts].map(([topic, count]) => `${topic} ${count}`).join(', ');
      say(`Records in Kafka: ${each}, and more every second.`);
      return;
    }
    await wait(1000, undefined, { ref: false });
  }
}

/** Ends everything, the last started first; a second Ctrl-C does not cut that short. */
function stopper(running: Part[]): (code: number, sentence?: string) => Promise<void> {
  let stopping: Promise<void> | undefined;
  return (code, sentence) => {
    stopping ??= (async () => {
      if (sentence) console.error(`\n${sentence}`);
      for (const { name, stop } of running.reverse()) {
        say(`Stopping ${name} …`);
        await stop().catch((error: Error) => console.error(`${name}: ${error.message}`));
      }
      forgetProcess(home, process.pid);
      process.exit(code);
    })();
    return stopping;
  };
}

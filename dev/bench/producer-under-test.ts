import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { endChild, endWithParent } from '../kafka/child-processes';
import { freePorts } from '../kafka/ports';
import { startNodeRed } from '../node-red/runtime';
import { connectedStatus, type OtherPackage } from '../other-packages/packages';
import { root } from '../paths';

/** What to send: as fast as the producer acknowledges, with at most `window` unacknowledged; or at a rate. */
export type Workload =
  | { count: number; window: number }
  | {
      count: number;
      rate: number /** Latency counts from when a post was due, or sent. */;
      from: 'due' | 'sent';
    };

export interface Measurement {
  seconds: number;
  cpuSeconds: number;
  failed: number;
  /** Error of the first failed post. */
  problem?: string;
  /** Latency in milliseconds, also `p99`; undefined if acknowledgements cannot be attributed to posts. */
  median?: number;
  p99?: number;
}

/** A topic and how to write to it. */
export interface Lane {
  id: string;
  topic: string;
  partitions: number;
  idempotent: boolean;
  /** The record's value: the string msg.raw beside a parsed payload, or the payload as Buffer or string. */
  value: 'raw' | 'buffer' | 'text';
}

/** A producer in its own process, which is stopped (SIGSTOP) between its turns. */
export interface ProducerUnderTest {
  /** Number of acknowledged posts by topic. */
  readonly sent: Map<string, number>;
  run(lane: string, workload: Workload): Promise<Measurement>;
  stop(): Promise<void>;
}

export interface ProducerOptions {
  /** Directory for its files. */
  dir: string;
  brokers: string;
  /** Path of the posts, JSON lines. */
  posts: string;
  lanes: Lane[];
}

const nodes = join(root, 'dev/bench/nodes');
const stopLimitMs = 5000;
const readyLimitMs = 30_000;
const turnLimitMs = 300_000;

/** Raw kafkajs: the baseline. */
export async function startRawKafkajs({
  brokers,
  posts,
  lanes,
}: ProducerOptions): Promise<ProducerUnderTest> {
  const child = spawn(process.execPath, [join(nodes, 'raw.js'), JSON.stringify({ brokers, posts, lanes })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithParent(child);
  for await (const port of createInterface({ input: child.stdout }))
    return producer(lanes, `http://127.0.0.1:${port}`, child.pid, () => endChild(child, stopLimitMs));
  throw new Error('Raw kafkajs did not start.');
}

/** This package's kafka-out, in Node-RED. @param folder of the package, built: this checkout or another */
export async function startKafkaOut(options: ProducerOptions, folder = root): Promise<ProducerUnderTest> {
  const flow = [
    { id: 'tab', type: 'tab', label: 'bench' },
    { id: 'cluster', type: 'kafka-cluster', brokers: options.brokers },
    ...options.lanes.flatMap((lane) => [
      source(options, lane, 'done'),
      {
        id: `out-${lane.id}`,
        type: 'kafka-out',
        z: 'tab',
        cluster: 'cluster',
        topic: lane.topic,
        topicType: 'str',
        value: lane.value === 'raw' ? 'raw' : 'payload',
        valueType: 'msg',
        acks: 'all',
        idempotent: lane.idempotent,
        // Raw kafkajs has no limit, and a busy machine may fall behind the rate.
        memoryLimit: 256,
        wires: [[]],
      },
    ]),
  ];
  return startInNodeRed(options, folder, flow, /\.connected$/);
}

/** Another package's producer, in Node-RED. @param folder the package directory */
export async function startOtherPackage(
  options: ProducerOptions,
  other: OtherPackage,
  folder: string,
): Promise<ProducerUnderTest> {
  const flow = options.lanes.flatMap((lane) => {
    const wires = other.acknowledgedBy === 'output' ? [[lane.id]] : [];
    const place = { id: `out-${lane.id}`, tab: 'tab', brokers: options.brokers, topic: lane.topic, wires };
    return [source(options, lane, other.acknowledgedBy), ...other.nodes(place)];
  });
  const tab = { id: 'tab', type: 'tab', label: 'bench' };
  return startInNodeRed(options, folder, [tab, ...flow], connectedStatus);
}

function source(
  { brokers, posts }: ProducerOptions,
  { id, topic, value }: Lane,
  acknowledgedBy: OtherPackage['acknowledgedBy'],
): object {
  const wires = [[`out-${id}`]];
  return {
    id,
    type: 'bench-source',
    z: 'tab',
    target: `out-${id}`,
    acknowledgedBy,
    value,
    posts,
    brokers,
    topic,
    wires,
  };
}

async function startInNodeRed(
  options: ProducerOptions,
  folder: string,
  flow: unknown[],
  connected: RegExp,
): Promise<ProducerUnderTest> {
  const [port = 0] = await freePorts([undefined]);
  const red = await startNodeRed({
    dir: options.dir,
    port,
    settings: join(root, 'dev/bench/settings.cjs'),
    env: { BENCH_PACKAGES: [folder, nodes].join(delimiter) },
  });
  try {
    await red.deploy(flow);
    for (const { id } of options.lanes) await ready(`${red.url}/bench/${id}`, connected);
  } catch (error) {
    await red.stop();
    throw error;
  }
  return producer(options.lanes, red.url, red.pid, red.stop);
}

/** Waits until the status of a producer node shows that it is connected. */
async function ready(url: string, connected: RegExp): Promise<void> {
  const limit = Date.now() + readyLimitMs;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(readyLimitMs) });
    const { text = '' } = response.ok ? ((await response.json()) as { text?: string }) : {};
    if (connected.test(text)) return;
    if (Date.now() > limit) throw new Error(`A producer did not connect; its status is "${text}".`);
    await wait(50);
  }
}

function producer(
  lanes: Lane[],
  url: string,
  pid: number | undefined,
  stop: () => Promise<void>,
): ProducerUnderTest {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(Number(pid), name);
    } catch {
      // It has exited: the next request fails.
    }
  };
  const sent = new Map<string, number>();
  signal('SIGSTOP');
  return {
    sent,
    async run(id, workload) {
      const topic = lanes.find((lane) => lane.id === id)?.topic ?? id;
      signal('SIGCONT');
      try {
        const outcome = await post(`${url}/bench/${id}`, workload);
        sent.set(topic, (sent.get(topic) ?? 0) + workload.count - outcome.failed);
        return outcome;
      } finally {
        signal('SIGSTOP');
      }
    },
    async stop() {
      signal('SIGCONT');
      await stop();
    },
  };
}

async function post(url: string, workload: Workload): Promise<Measurement> {
  // A keep-alive connection would time out while the process is stopped.
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(workload),
    signal: AbortSignal.timeout(turnLimitMs),
  });
  if (!response.ok) throw new Error(`The benchmark failed: ${await response.text()}`);
  return (await response.json()) as Measurement;
}

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { endChild, endWithParent } from '../kafka/child-processes';
import { freePorts } from '../kafka/ports';
import { startNodeRed } from '../node-red/runtime';
import { connectedStatus, type OtherPackage } from '../other-packages/packages';
import { root } from '../paths';

/** What a producer is fed with: as fast as it acknowledgedBy, so many unanswered at most; or at a rate. */
export type Workload =
  | { count: number; window: number }
  | { count: number; rate: number /** What a delay is counted from. */; from: 'due' | 'sent' };

export interface Measurement {
  seconds: number;
  cpuSeconds: number;
  failed: number;
  /** What the first of them failed with. */
  problem?: string;
  /** Milliseconds from a message to its answer; absent where answers cannot be told apart. */
  median?: number;
  p99?: number;
}

/** A topic to write to, and how. */
export interface Lane {
  id: string;
  topic: string;
  partitions: number;
  idempotent: boolean;
  /** What the message's value is: msg.raw (text) beside a parsed payload, or the payload as a Buffer or as text. */
  value: 'raw' | 'buffer' | 'text';
}

/** A producer in a process of its own, which sleeps while it is not measured. */
export interface ProducerUnderTest {
  /** Posts acknowledged so far, by topic. */
  readonly sent: Map<string, number>;
  run(lane: string, workload: Workload): Promise<Measurement>;
  stop(): Promise<void>;
}

export interface ProducerOptions {
  /** A folder for what it writes. */
  dir: string;
  brokers: string;
  /** The posts, as JSON lines. */
  posts: string;
  lanes: Lane[];
}

const nodes = join(root, 'dev/bench/nodes');
const stopLimitMs = 5000;
const readyLimitMs = 30_000;

/** kafkajs with next to nothing around it. */
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
  throw new Error('The raw producer did not start.');
}

/** This project's kafka-out, in Node-RED. */
export async function startKafkaOut(options: ProducerOptions): Promise<ProducerUnderTest> {
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
        queue: 'memory',
        // The raw producer has no bound, and a busy machine may fall behind the pace.
        memoryLimit: 256,
        wires: [[]],
      },
    ]),
  ];
  return startInNodeRed(options, root, flow, /\.connected$/);
}

/** Another package's producer, in Node-RED. @param folder of the package */
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

/** Resolves when the status of a producer node says that it is connected. */
async function ready(url: string, connected: RegExp): Promise<void> {
  const limit = Date.now() + readyLimitMs;
  for (;;) {
    const answer = await fetch(url);
    const { text = '' } = answer.ok ? ((await answer.json()) as { text?: string }) : {};
    if (connected.test(text)) return;
    if (Date.now() > limit) throw new Error(`A producer did not connect; its status is “${text}”.`);
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
      // It has ended by itself: its next answer, which does not come, tells.
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
  // A kept connection would time out in a process that sleeps.
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(workload) });
  if (!answer.ok) throw new Error(`The measurement failed: ${await answer.text()}`);
  return (await answer.json()) as Measurement;
}

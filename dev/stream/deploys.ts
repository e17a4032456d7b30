import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import { root } from '../paths';
import { startXApi, type XApi } from '../x-api/server';

export interface DeploysOptions {
  count: number;
  /** Posts per second. */
  rate: number;
}

/** What deploys at a busy stream did. */
export interface DeploysResult {
  rate: number;
  deploys: Record<DeployType, number>;
  /** Deploys that a node delayed by 6 s. */
  slow: number;
  posts: number;
  connects: number;
  ruleRequests: number;
  lost: number;
  duplicates: number;
  /** Posts that came after a later one. */
  outOfOrder: number;
  /** Events of the nodes other than the first "connected". */
  events: string[];
}

type DeployType = 'full' | 'flows' | 'nodes';
type Recorded = Record<string, { ids: string[]; events: Array<{ event: string }> }>;

const types: DeployType[] = ['full', 'flows', 'nodes'];
/** Every fourth deploy waits for a node that closes in this time, s. */
const slowEvery = 4;
const closesIn = 6;
/** X notices a closed connection late, so a new one beside it is rejected. */
const lateReleaseMs = 2000;
const limitMs = 30_000;
const node = 'in';

/** Deploys a flow again and again in a real Node-RED while the stream sends posts. */
export async function runDeploys({ count, rate }: DeploysOptions): Promise<DeploysResult> {
  const dir = mkdtempSync(join(tmpdir(), 'stream-deploys-'));
  const [port] = (await freePorts([undefined])) as [number];
  const made: string[] = [];
  const x = await startXApi({
    ...{ rate, lateReleaseMs, noticeShare: 0, generateWhileClosed: true },
    onPost: ({ id, streams }) => {
      if (streams > 0 || made.length > 0) made.push(id);
    },
  });
  let nodeRed: NodeRed | undefined;
  try {
    nodeRed = await startNodeRed({ dir, port, settings: join(root, 'dev/stream/settings.cjs') });
    return await measure(nodeRed, x, made, { count, rate });
  } finally {
    await nodeRed?.stop();
    await x.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(
  nodeRed: NodeRed,
  x: XApi,
  made: string[],
  { count, rate }: DeploysOptions,
): Promise<DeploysResult> {
  const recorded = async (): Promise<Recorded> => (await fetch(`${nodeRed.url}/stream-recorder`)).json();
  const idsOf = async (): Promise<string[]> => (await recorded())[node]?.ids ?? [];
  await nodeRed.deploy(flow(x.url, 0));
  await until(async () => (await idsOf()).length >= rate, 'the first posts');
  const before = { connects: x.log.connects.length, ruleRequests: x.log.ruleRequests.length };
  const deploys: DeploysResult['deploys'] = { full: 0, flows: 0, nodes: 0 };
  let slow = 0;
  for (let at = 1; at <= count; at++) {
    const type = types[at % types.length] as DeployType;
    deploys[type]++;
    if (at % slowEvery === 0) slow++;
    await nodeRed.deploy(flow(x.url, at), type);
    const { length } = made;
    await until(async () => (await idsOf()).length > length, `posts after deploy ${at}`);
  }
  const all = await recorded();
  const ids = all[node]?.ids ?? [];
  const sent = made.slice(0, made.indexOf(ids.at(-1) ?? '') + 1);
  const unique = new Set(ids);
  const { connects, ruleRequests } = x.log;
  return {
    rate,
    deploys,
    slow,
    posts: sent.length,
    connects: connects.length - before.connects,
    ruleRequests: ruleRequests.length - before.ruleRequests,
    lost: sent.filter((id) => !unique.has(id)).length,
    duplicates: ids.length - unique.size,
    outOfOrder: ids.filter((id, index) => BigInt(id) < BigInt(ids[index - 1] ?? 0)).length,
    events: (all[node]?.events ?? []).slice(1).map(({ event }) => event),
  };
}

/** A stream whose name and limit change with each deploy, beside a node that closes late in some. */
function flow(baseUrl: string, at: number): object[] {
  const slow = { id: 'slow', type: 'stream-recorder', z: 'tab', name: `${at}` };
  return [
    { id: 'tab', type: 'tab', label: 'deploys' },
    {
      ...{ id: 'app', type: 'twitter-app', auth: 'bearer', baseUrl },
      credentials: { bearerToken: 'simulated-token' },
    },
    {
      ...{ id: node, type: 'twitter-stream-in', z: 'tab', app: 'app', source: 'filtered' },
      ...{ rules: [{ value: 'basketball', tag: '' }], rulesMode: 'own', fields: 'default' },
      ...{ format: 'object', autostart: true, name: `deploy ${at}`, dailyLimit: 1_000_000 + at },
      wires: [['out'], []],
    },
    { id: 'out', type: 'stream-recorder', z: 'tab' },
    // It is closed by the next deploy.
    { ...slow, closesIn: (at + 1) % slowEvery === 0 ? closesIn : 0 },
  ];
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > limit) throw new Error(`Waited ${limitMs / 1000} s for ${what}.`);
    await wait(50);
  }
}

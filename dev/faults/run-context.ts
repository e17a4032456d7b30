import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterNode } from '../kafka/cluster';
import type { NodeRed } from '../node-red/runtime';
import type { Environment } from './environment';
import type { Lane } from './flow';

// Longer than the scenario that freezes Node-RED.
const fetchLimitMs = 60_000;

/** State of one load. */
export interface LoadState {
  accepted: number;
  done: number;
  caught: number;
  /** The counters that the node under test reported last, if it reports any. */
  counters?: Record<string, unknown>;
}

/** State of the Node-RED under test; memory in bytes. */
export interface State {
  rss: number;
  peak: { rss: number; heap: number };
  loads: Record<string, LoadState>;
}

/** A running scenario: its environment, the flow under load, and what a fault may do to them. */
export class RunContext {
  /** Records accepted before this time (epoch milliseconds) may be missing: their topic was deleted. */
  topicCreatedAt = 0;

  constructor(
    readonly environment: Environment,
    readonly nodeRed: NodeRed,
    readonly lanes: Lane[],
    private readonly flow: Record<string, unknown>[],
  ) {}

  get topics(): string[] {
    return [...new Set(this.lanes.flatMap(({ topics }) => topics))];
  }

  wait(ms: number): Promise<unknown> {
    return wait(ms);
  }

  /** The leader of partition 0 of the first topic. */
  async leader(): Promise<ClusterNode> {
    const { topics } = await this.environment.admin.fetchTopicMetadata({
      topics: [this.topics[0] as string],
    });
    const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === 0)?.leader;
    const node = this.environment.cluster.nodes.find(({ id }) => id === leader);
    if (!node) throw new Error(`Partition 0 of ${this.topics[0]} has no leader.`);
    return node;
  }

  /** Fetches the state; undefined if Node-RED does not respond. */
  async fetchState(): Promise<State | undefined> {
    const response = await fetch(`${this.nodeRed.url}/faults`, {
      signal: AbortSignal.timeout(fetchLimitMs),
    }).catch(() => undefined);
    return response?.ok ? ((await response.json()) as State) : undefined;
  }

  /** Sets the rate (records per second and lane), requests all counters, or makes host names unresolvable. */
  async configure(settings: {
    rate?: number;
    requestStatus?: boolean;
    unresolvable?: string[];
  }): Promise<void> {
    await fetch(`${this.nodeRed.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
      signal: AbortSignal.timeout(fetchLimitMs),
    }).catch(() => {});
  }

  /** Changes properties of the producer nodes and deploys: Node-RED restarts only these nodes. */
  async redeploy(changes: Record<string, unknown>): Promise<void> {
    const ids = new Set(this.lanes.map(({ id }) => id));
    const flows = this.flow.map((node) => (ids.has(node.id as string) ? { ...node, ...changes } : node));
    await this.nodeRed.deploy(flows, 'nodes');
  }

  /** Polls until the condition holds (true), or until Node-RED has exited or the limit is reached (false). */
  async until(condition: (state: State) => boolean, limitMs: number): Promise<boolean> {
    const limit = Date.now() + limitMs;
    for (;;) {
      const state = await this.fetchState();
      if (state && condition(state)) return true;
      if (!state && this.nodeRed.pid === undefined) return false;
      if (Date.now() > limit) return false;
      await wait(200);
    }
  }

  /** Waits until each lane has `count` more records acknowledged. @returns false after `limitMs` */
  async waitForAcks(count: number, limitMs: number): Promise<boolean> {
    // Node-RED responds to a deploy before the flow has started: a load may not exist yet.
    const done = (state: State | undefined, id: string): number => state?.loads[`${id}-load`]?.done ?? 0;
    const before = await this.fetchState();
    return this.until(
      (state) => this.lanes.every(({ id }) => done(state, id) >= done(before, id) + count),
      limitMs,
    );
  }
}

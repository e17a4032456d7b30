import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterNode } from '../kafka/cluster';
import type { NodeRed } from '../node-red/runtime';
import type { Environment } from './environment';
import type { Lane } from './flow';

/** What a load tells while it runs. */
export interface LoadState {
  accepted: number;
  done: number;
  caught: number;
  /** What the node under test answered to `msg.action: "status"`, if it did. */
  counters?: Record<string, unknown>;
}

export interface State {
  /** Bytes. */
  rss: number;
  peak: { rss: number; heap: number };
  loads: Record<string, LoadState>;
}

/** A scenario while it is played: the cluster, the flow under load, and what a fault may do to both. */
export class RunContext {
  /** What was accepted before this time may be gone: its topic was deleted. Epoch milliseconds. */
  since = 0;

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

  /** The node that leads partition 0 of the first topic. */
  async leader(): Promise<ClusterNode> {
    const { topics } = await this.environment.admin.fetchTopicMetadata({
      topics: [this.topics[0] as string],
    });
    const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === 0)?.leader;
    const node = this.environment.cluster.nodes.find(({ id }) => id === leader);
    if (!node) throw new Error(`Partition 0 of ${this.topics[0]} has no leader.`);
    return node;
  }

  /** What the loads tell; undefined when Node-RED does not answer any more. */
  async state(): Promise<State | undefined> {
    const answer = await fetch(`${this.nodeRed.url}/faults`).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as State) : undefined;
  }

  /** Sets the rate (records a second and lane), asks all nodes for their counters, or makes host names unknown. */
  async configure(what: { rate?: number; ask?: boolean; unresolvable?: string[] }): Promise<void> {
    await fetch(`${this.nodeRed.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(what),
    }).catch(() => {});
  }

  /** Deploys the flow with the producers' properties changed: only they are restarted. */
  async redeploy(changes: Record<string, unknown>): Promise<void> {
    const under = new Set(this.lanes.map(({ id }) => id));
    const flows = this.flow.map((node) => (under.has(node.id as string) ? { ...node, ...changes } : node));
    await this.nodeRed.deploy(flows, 'nodes');
  }

  /** Resolves when the condition holds, Node-RED is gone, or the time is over. @returns whether it holds */
  async until(condition: (state: State) => boolean, limitMs: number): Promise<boolean> {
    const limit = Date.now() + limitMs;
    for (;;) {
      const state = await this.state();
      if (state && condition(state)) return true;
      if (!state && this.nodeRed.pid === undefined) return false;
      if (Date.now() > limit) return false;
      await wait(200);
    }
  }

  /** Resolves when each lane has had so many more records acknowledged, or the time is over. */
  async waitForAcks(records: number, limitMs: number): Promise<boolean> {
    // Node-RED answers a deploy before the flow has started: a load may not be there yet.
    const done = (state: State | undefined, id: string): number => state?.loads[`${id}-load`]?.done ?? 0;
    const before = await this.state();
    return this.until(
      (state) => this.lanes.every(({ id }) => done(state, id) >= done(before, id) + records),
      limitMs,
    );
  }
}

import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterNode } from '../kafka/cluster';
import type { LogRecord } from './delivery-check';
import type { Environment } from './environment';
import { type Lane, secondFirstId } from './flow';
import { LoadControl, type State } from './load-control';
import { NodeRedLives } from './node-red-lives';

/** A running scenario: its environment, the flow under load, and what a fault may do to them. */
export class RunContext {
  /** Records acknowledged before this time (epoch milliseconds) may be missing: their topic was deleted. */
  topicCreatedAt = 0;
  /** The partitions that the fault hit: "topic/partition". */
  affected = new Set<string>();
  /** When the fault began and ended: epoch milliseconds. */
  faultBegin = 0;
  faultEnd = 0;
  /** The records in another cluster, as far as the scenario used one. */
  readonly elsewhere: LogRecord[] = [];
  /** Requirements that the fault found not met. */
  readonly findings: string[] = [];
  /** Records that the fault destroyed on the disk, by lane. */
  readonly destroyed = new Map<string, Set<number>>();
  readonly #control: LoadControl;
  readonly #lanes: Lane[];

  constructor(
    readonly environment: Environment,
    readonly nodeRed: NodeRedLives,
    lanes: Lane[],
    private readonly flow: Record<string, unknown>[],
  ) {
    this.#lanes = [...lanes];
    this.#control = new LoadControl(nodeRed);
  }

  /** With those of a second process. */
  get lanes(): Lane[] {
    return this.#lanes;
  }

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

  /** The partitions with a replica on a node: "topic/partition". */
  async partitionsOn(nodeId: number): Promise<Set<string>> {
    const { topics } = await this.environment.admin.fetchTopicMetadata({ topics: this.topics });
    const all = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionId, replicas }) => ({ partition: `${name}/${partitionId}`, replicas })),
    );
    return new Set(all.filter(({ replicas }) => replicas.includes(nodeId)).map(({ partition }) => partition));
  }

  /** The folder of a lane's queue, in the user folder. */
  queueFolder({ id }: Lane): string {
    return join(this.nodeRed.dir, 'twitter-kafka', id);
  }

  fetchState: () => Promise<State | undefined> = () => this.#control.fetchState();
  configure: LoadControl['configure'] = (settings) => this.#control.configure(settings);
  until: LoadControl['until'] = (...args) => this.#control.until(...args);
  untilDrained: LoadControl['untilDrained'] = (...args) => this.#control.untilDrained(...args);

  /** Kills Node-RED with SIGKILL. */
  killNodeRed(): Promise<void> {
    return this.nodeRed.kill();
  }

  /** Stops Node-RED in order. @returns milliseconds that it took */
  stopNodeRed(): Promise<number> {
    return this.nodeRed.stop();
  }

  /** Starts the next Node-RED on the same user folder: it goes on with flow and records where the last one ended. */
  startNodeRed(): Promise<void> {
    return this.nodeRed.start();
  }

  /** Starts a second Node-RED on the same user folder, with lanes of its own. End it before the scenario ends. */
  async startSecond(): Promise<{ nodeRed: NodeRedLives; control: LoadControl }> {
    const nodeRed = await NodeRedLives.start(this.nodeRed.dir, {
      env: { FAULTS_FIRST_ID: String(secondFirstId) },
      logName: 'node-red-second.log',
    });
    this.#lanes.push(
      ...this.#lanes.map((lane) => ({
        ...lane,
        journal: `${lane.journal}-${secondFirstId}`,
        firstId: secondFirstId,
      })),
    );
    return { nodeRed, control: new LoadControl(nodeRed) };
  }

  fetchResources: LoadControl['fetchResources'] = () => this.#control.fetchResources();

  /** Deploys the unchanged flow: Node-RED restarts all nodes. */
  async redeployAll(): Promise<void> {
    await this.nodeRed.deploy(this.flow, 'full');
  }

  /** Changes properties of the producer nodes and deploys: Node-RED restarts only these nodes. */
  async redeploy(
    changes: Record<string, unknown> | ((lane: Lane) => Record<string, unknown>),
  ): Promise<void> {
    const lanes = new Map(this.lanes.map((lane) => [lane.id, lane]));
    const flows = this.flow.map((node) => {
      const lane = lanes.get(node.id as string);
      if (!lane) return node;
      return { ...node, ...(typeof changes === 'function' ? changes(lane) : changes) };
    });
    await this.nodeRed.deploy(flows, 'nodes');
  }

  /**
   * Waits until Kafka has acknowledged `count` more records of each lane: records that are only on disk do not count.
   * @returns false after `limitMs`
   */
  async waitForAcks(count: number, limitMs: number): Promise<boolean> {
    const acked = (state: State | undefined, id: string): number => state?.loads[`${id}-load`]?.acked ?? 0;
    // Node-RED responds to a deploy before the flow has started: a load may not exist yet.
    const before = await this.fetchState();
    return this.until(
      (state) => this.lanes.every(({ id }) => acked(state, id) >= acked(before, id) + count),
      limitMs,
    );
  }
}

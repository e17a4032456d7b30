import { setTimeout as wait } from 'node:timers/promises';
import { ClusterNode } from './cluster-node';
import type { ClusterOptions } from './cluster-options';
import { type DataDirectory, temporaryDirectory } from './data-directory';
import { ensureJars } from './jars';
import { findJava } from './java';
import { Jvm } from './jvm';
import { BrokerStartError, KafkaNode } from './kafka-node';
import { fetchMetadata, type Metadata } from './metadata';
import { addresses, nodeConfigs } from './node-configs';

export type { ClusterNode } from './cluster-node';

export interface KafkaCluster {
  /** Bound addresses of the CLIENT listeners: "127.0.0.1:port,127.0.0.1:port,…". */
  readonly brokers: string;
  /** Bound addresses of the INTERNAL listeners, which bypass proxies: they always advertise themselves. */
  readonly internal: string;
  /** Bound addresses of the secured listeners, by name. */
  readonly secured: Record<string, string>;
  /** Temporary directory of all nodes. */
  readonly dir: string;
  /** Ordered by id: 1, 2, 3. */
  readonly nodes: ClusterNode[];
  /** Resolves when every node is ready and lists all others; rejects if one has exited. */
  waitUntilReady(): Promise<void>;
  /**
   * Resolves when every node reports a leader and all replicas in sync for every partition.
   * @param topics topics that every node must know, e.g. just created ones
   */
  waitUntilInSync(...topics: string[]): Promise<void>;
  /** Stops all nodes and removes the directory. */
  stop(): Promise<void>;
}

const maxAttempts = 5;
const limitMs = 90_000;

/**
 * Starts a real Kafka cluster of combined brokers and controllers on 127.0.0.1 in a temporary directory. Resolves when
 * all nodes are ready; with `launch: false` when they are prepared.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<KafkaCluster> {
  const progress = options.progress ?? (() => {});
  const jvm = new Jvm(await findJava(), await ensureJars(progress));
  const directory = await temporaryDirectory();
  try {
    return await start(jvm, directory, options);
  } catch (error) {
    if (error instanceof BrokerStartError)
      directory.keep(); // the error refers to the log file in it
    else directory.remove();
    throw error;
  }
}

async function start(jvm: Jvm, directory: DataDirectory, options: ClusterOptions): Promise<KafkaCluster> {
  options.progress?.('Starting Kafka …');
  for (let attempt = 1; ; attempt++) {
    const configs = await nodeConfigs(directory.path, options);
    const nodes = configs.map((config) => new KafkaNode(jvm, config, options.properties, options.scram));
    const cluster = new RunningCluster(nodes, await prepare(nodes), directory);
    if (options.launch === false) return cluster;
    try {
      for (const node of nodes) node.launch();
      await cluster.waitUntilReady();
      return cluster;
    } catch (error) {
      await Promise.all(nodes.map((node) => node.kill()));
      // Another process may bind the port between the check and the start.
      if (!(error instanceof BrokerStartError && error.portTaken && attempt < maxAttempts)) throw error;
    }
  }
}

class RunningCluster implements KafkaCluster {
  readonly brokers: string;
  readonly internal: string;
  readonly secured: Record<string, string>;
  readonly dir: string;
  readonly nodes: ClusterNode[];

  constructor(
    private readonly members: KafkaNode[],
    private readonly id: string,
    private readonly directory: DataDirectory,
  ) {
    this.dir = directory.path;
    const configs = members.map(({ config }) => config);
    this.brokers = addresses(configs.map(({ ports }) => ports.client));
    this.internal = addresses(configs.map(({ ports }) => ports.internal));
    const names = configs[0]?.secured?.map(({ name }) => name) ?? [];
    const portsOf = (name: string) =>
      configs.flatMap(({ secured = [] }) =>
        secured.filter((one) => one.name === name).map((one) => one.port),
      );
    this.secured = Object.fromEntries(names.map((name) => [name, addresses(portsOf(name))]));
    this.nodes = members.map((member) => new ClusterNode(member, id));
  }

  async waitUntilReady(): Promise<void> {
    await Promise.all(this.members.map((member) => member.waitUntilReady(this.id)));
    await this.#until('find each other', () => undefined);
  }

  async waitUntilInSync(...topics: string[]): Promise<void> {
    await this.#until('bring every partition in sync', (metadata) => outOfSync(metadata, topics));
  }

  async stop(): Promise<void> {
    // The data is removed, so SIGKILL is enough; only the node that records the class archive shuts down cleanly.
    await this.members.find(({ recording }) => recording)?.stop();
    await Promise.all(this.members.map((member) => member.kill()));
    this.directory.remove();
  }

  /** Polls every node until `problemIn` finds nothing in any node's metadata. */
  async #until(state: string, problemIn: (metadata: Metadata) => string | undefined) {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const problems = await Promise.all(this.members.map((member) => this.#problemOf(member, problemIn)));
      const problem = problems.find((text) => text !== undefined);
      if (problem === undefined) return;
      if (Date.now() > deadline)
        throw new Error(`The brokers did not ${state} within ${limitMs / 1000} s: ${problem}.`);
      await wait(100);
    }
  }

  async #problemOf(
    { config }: KafkaNode,
    problemIn: (metadata: Metadata) => string | undefined,
  ): Promise<string | undefined> {
    try {
      const metadata = await fetchMetadata(config.ports.internal, 'all');
      if (metadata.brokers.length < this.members.length)
        return `node ${config.id} lists ${metadata.brokers.length} brokers`;
      return problemIn(metadata);
    } catch (error) {
      return `node ${config.id}: ${(error as Error).message}`;
    }
  }
}

async function prepare([first, ...others]: KafkaNode[]): Promise<string> {
  if (first === undefined) throw new Error('A cluster needs at least one node.');
  const id = await first.prepare();
  for (const other of others) await other.prepare(first);
  return id;
}

function outOfSync(metadata: Metadata, expected: string[]): string | undefined {
  const unknown = expected.find((topic) => !metadata.topics.some(({ name }) => name === topic));
  if (unknown !== undefined) return `topic ${unknown} is unknown`;
  for (const { name, partitions } of metadata.topics) {
    const bad = partitions.find((one) => one.leader < 0 || one.inSync.length < one.replicas.length);
    if (bad)
      return `partition ${bad.id} of ${name} has leader ${bad.leader} and in-sync replicas ${bad.inSync}`;
  }
  return undefined;
}

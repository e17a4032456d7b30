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
  /** The CLIENT listeners as they are bound: "127.0.0.1:port,127.0.0.1:port,…". */
  readonly brokers: string;
  /** The INTERNAL listeners; they always advertise themselves, so this way leads past every proxy. */
  readonly internal: string;
  /** The secured listeners as they are bound, by their name. */
  readonly secured: Record<string, string>;
  /** A temporary folder with those of all nodes. */
  readonly dir: string;
  /** In the order of their ids: 1, 2, 3. */
  readonly nodes: ClusterNode[];
  /** Resolves when every node serves and knows all others; rejects if one has ended. */
  waitUntilReady(): Promise<void>;
  /**
   * Resolves when every partition of every topic has a leader and all its replicas in sync, as every node sees it.
   * A topic that was just created may not be known to any of them yet: those named are waited for.
   */
  waitUntilInSync(...topics: string[]): Promise<void>;
  /** Ends every node and removes the folder. */
  stop(): Promise<void>;
}

const tries = 5;
const limitMs = 90_000;

/**
 * Starts a real Kafka cluster of combined brokers and controllers on 127.0.0.1, in a temporary directory, and resolves
 * when all serve (or, with `launch: false`, when they can be launched). Every error is a sentence.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<KafkaCluster> {
  const progress = options.progress ?? (() => {});
  const jvm = new Jvm(await findJava(), await ensureJars(progress));
  const directory = await temporaryDirectory();
  try {
    return await start(jvm, directory, options);
  } catch (error) {
    if (error instanceof BrokerStartError)
      directory.keep(); // it names the log file there
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
      // Between choosing a port and binding it somebody else can take it.
      if (!(error instanceof BrokerStartError && error.portTaken && attempt < tries)) throw error;
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
    await this.#until('know each other', () => undefined);
  }

  async waitUntilInSync(...topics: string[]): Promise<void> {
    await this.#until('have every partition in sync', (seen) => missingIn(seen, topics));
  }

  async stop(): Promise<void> {
    // Its data goes, so nothing has to be put in order; but the class archive is worth waiting for.
    await this.members.find(({ recording }) => recording)?.stop();
    await Promise.all(this.members.map((member) => member.kill()));
    this.directory.remove();
  }

  /** Polls every node until none has anything missing. */
  async #until(what: string, missing: (seen: Metadata) => string | undefined) {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const complaints = await Promise.all(this.members.map((member) => this.#ask(member, missing)));
      const complaint = complaints.find((text) => text !== undefined);
      if (complaint === undefined) return;
      if (Date.now() > deadline)
        throw new Error(`The brokers did not come to ${what} in ${limitMs / 1000} s: ${complaint}.`);
      await wait(100);
    }
  }

  async #ask(
    { config }: KafkaNode,
    missing: (seen: Metadata) => string | undefined,
  ): Promise<string | undefined> {
    try {
      const seen = await fetchMetadata(config.ports.internal, 'all');
      if (seen.brokers.length < this.members.length)
        return `node ${config.id} knows ${seen.brokers.length} brokers`;
      return missing(seen);
    } catch (error) {
      return `node ${config.id}: ${(error as Error).message}`;
    }
  }
}

async function prepare([first, ...others]: KafkaNode[]): Promise<string> {
  if (first === undefined) throw new Error('A cluster has at least one node.');
  const id = await first.prepare();
  for (const other of others) await other.prepare(first);
  return id;
}

function missingIn(seen: Metadata, wanted: string[]): string | undefined {
  const unknown = wanted.find((topic) => !seen.topics.some(({ name }) => name === topic));
  if (unknown !== undefined) return `topic ${unknown} is not known`;
  for (const { name, partitions } of seen.topics) {
    const bad = partitions.find((one) => one.leader < 0 || one.inSync.length < one.replicas.length);
    if (bad) return `partition ${bad.id} of ${name} is led by ${bad.leader} and in sync on ${bad.inSync}`;
  }
  return undefined;
}

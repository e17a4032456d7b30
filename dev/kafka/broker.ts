import {
  type DataDirectory,
  existingDirectory,
  savedPorts,
  savePorts,
  temporaryDirectory,
} from './data-directory';
import { ensureJars } from './jars';
import { findJava } from './java';
import { Jvm } from './jvm';
import { BrokerStartError, KafkaNode } from './kafka-node';
import { endOrphans, ownedProcesses } from './orphan-processes';
import { freePorts } from './ports';
import type { NodeConfig, Ports, Properties, SecuredListener } from './server-properties';
import { clusterIdOf } from './storage-format';

export interface BrokerOptions {
  /** Kafka's version, e.g. "3.9.1" [that of pom.xml]. */
  kafka?: string;
  /** Data directory, kept after `stop`. Without it, a temporary one that `stop` removes. */
  dir?: string;
  /** Without it, the port last used with this directory if that is free, else any free port. */
  port?: number;
  /** Added to the defaults of server-properties.ts, or replacing them, e.g. { 'auto.create.topics.enable': false }. */
  properties?: Properties;
  /** Additional listeners by name; set their options in `properties`. */
  secured?: Record<string, SecuredListener['protocol']>;
  /** SCRAM users, e.g. 'SCRAM-SHA-256=[name=alice,password=secret]'. */
  scram?: string[];
  progress?: (line: string) => void;
}

export interface Broker {
  /** "127.0.0.1:port"; does not change when restarted. */
  readonly brokers: string;
  /** "127.0.0.1:port" of each secured listener, by name. */
  readonly secured: Record<string, string>;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  readonly dir: string;
  /** The last 50 lines of its log. */
  log(): string;
  /** Clean shutdown, SIGKILL after 30 s. Removes a temporary directory. */
  stop(): Promise<void>;
  /** Sends SIGKILL and waits for the exit. */
  kill(): Promise<void>;
  /** Restarts it with the same directory and port after `kill`, or after `stop` if the directory is kept. */
  start(): Promise<void>;
  /** Sends SIGSTOP; resolves when all its threads are stopped. */
  pause(): Promise<void>;
  resume(): void;
}

const maxAttempts = 5;

/**
 * Starts a real Kafka broker on 127.0.0.1 and resolves when it is ready. Downloads the jars if necessary, stops orphan
 * processes of the directory, and formats a new directory.
 * @throws an error that tells what to do
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const progress = options.progress ?? (() => {});
  const java = await findJava();
  const jvm = new Jvm(java, await ensureJars(progress, options.kafka));
  const directory = options.dir === undefined ? await temporaryDirectory() : existingDirectory(options.dir);
  try {
    const { path } = directory;
    for (const one of await endOrphans(path)) progress(`Stopped an orphan broker of an earlier run: ${one}.`);
    const [running] = ownedProcesses(path);
    if (running)
      throw new Error(`A Kafka broker (process ${running.pid}) already runs in ${path}. Stop it first.`);
    return new RunningBroker(await startNode(jvm, path, options), directory);
  } catch (error) {
    if (error instanceof BrokerStartError)
      directory.keep(); // the error refers to the log file in it
    else directory.remove();
    throw error;
  }
}

async function startNode(
  jvm: Jvm,
  dir: string,
  { port, properties, secured = {}, scram, progress }: BrokerOptions,
): Promise<KafkaNode> {
  progress?.('Starting Kafka …');
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(dir, port);
    const config: NodeConfig = {
      id: 1,
      dir,
      ports,
      voters: [{ id: 1, port: ports.controller }],
      secured: await listenersFor(secured),
    };
    const node = new KafkaNode(jvm, config, properties, scram);
    const cluster = await node.prepare();
    node.launch();
    try {
      await node.waitUntilReady(cluster);
      savePorts(dir, ports);
      return node;
    } catch (error) {
      await node.kill();
      // Another process may bind the port between the check and the start.
      if (!(error instanceof BrokerStartError && error.portTaken && attempt < maxAttempts)) throw error;
    }
  }
}

class RunningBroker implements Broker {
  readonly brokers: string;
  readonly secured: Record<string, string>;
  readonly dir: string;

  constructor(
    private readonly node: KafkaNode,
    private readonly directory: DataDirectory,
  ) {
    this.dir = node.config.dir;
    this.brokers = `127.0.0.1:${node.config.ports.client}`;
    this.secured = Object.fromEntries(
      (node.config.secured ?? []).map(({ name, port }) => [name, `127.0.0.1:${port}`]),
    );
  }

  get pid(): number | undefined {
    return this.node.pid;
  }

  log(): string {
    return this.node.log.last(50);
  }

  async stop(): Promise<void> {
    await this.node.stop();
    this.directory.remove();
  }

  async kill(): Promise<void> {
    await this.node.kill();
  }

  async start(): Promise<void> {
    const cluster = clusterIdOf(this.dir);
    if (this.pid !== undefined) throw new Error(`The broker ${this.brokers} is already running.`);
    if (cluster === undefined)
      throw new Error(`The directory of the broker ${this.brokers} no longer exists. Start a new broker.`);
    this.node.launch();
    await this.node.waitUntilReady(cluster);
  }

  async pause(): Promise<void> {
    await this.node.pause();
  }

  resume(): void {
    this.node.resume();
  }
}

async function listenersFor(secured: NonNullable<BrokerOptions['secured']>): Promise<SecuredListener[]> {
  const names = Object.keys(secured);
  const ports = await freePorts(names.map(() => undefined));
  return Object.entries(secured).map(([name, protocol], index) => ({
    name,
    protocol,
    port: ports[index] as number,
  }));
}

async function choosePorts(dir: string, wanted: number | undefined): Promise<Ports> {
  const saved = savedPorts(dir);
  const wantedPorts = [wanted ?? saved.client, saved.internal, saved.controller];
  const [client = 0, internal = 0, controller = 0] = await freePorts(wantedPorts);
  if (wanted !== undefined && client !== wanted) {
    throw new Error(
      `Port ${wanted} of 127.0.0.1 is in use. Stop the process that uses it, or choose another port for Kafka.`,
    );
  }
  return { client, internal, controller };
}

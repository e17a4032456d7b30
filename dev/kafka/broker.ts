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
  /** Its directory, kept when it stops. Without it: a temporary one that is removed by `stop`. */
  dir?: string;
  /** Its port; without it the one it had in this folder before, if that is free, or one from the system. */
  port?: number;
  /** Settings beside or instead of those of server-properties.ts, e.g. { 'auto.create.topics.enable': false }. */
  properties?: Properties;
  /** Listeners beside the plaintext one, by name; their settings stand in `properties`. */
  secured?: Record<string, SecuredListener['protocol']>;
  /** Users that may log in by SCRAM, e.g. 'SCRAM-SHA-256=[name=alice,password=secret]'. */
  scram?: string[];
  progress?: (line: string) => void;
}

export interface Broker {
  /** "127.0.0.1:port", the same through every `start`. */
  readonly brokers: string;
  /** "127.0.0.1:port" of each secured listener, by its name. */
  readonly secured: Record<string, string>;
  /** Of the running process. */
  readonly pid: number | undefined;
  readonly dir: string;
  /** The last lines it has logged. */
  log(): string;
  /** In good order; made to end when it takes too long. Removes a temporary folder. */
  stop(): Promise<void>;
  /** With SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Again, in the same folder and on the same port, after `kill` (or `stop`, if it has a folder of its own). */
  start(): Promise<void>;
  /** With SIGSTOP; resolves when it answers nothing any more. */
  pause(): Promise<void>;
  resume(): void;
}

const tries = 5;

/**
 * Starts a real Kafka broker on 127.0.0.1 and resolves when it serves. Brings the jars first, ends what a killed
 * run has left in the directory, and formats the folder if it is new. Every error is a sentence.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const progress = options.progress ?? (() => {});
  const java = await findJava();
  const jvm = new Jvm(java, await ensureJars(progress));
  const directory = options.dir === undefined ? await temporaryDirectory() : existingDirectory(options.dir);
  try {
    const { path } = directory;
    for (const one of await endOrphans(path)) progress(`Ended a broker that an earlier run left: ${one}.`);
    const [running] = ownedProcesses(path);
    if (running)
      throw new Error(`A Kafka broker (process ${running.pid}) runs in ${path} already: stop it first.`);
    return new RunningBroker(await startNode(jvm, path, options), directory);
  } catch (error) {
    if (error instanceof BrokerStartError)
      directory.keep(); // it names the log file there
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
      // Between choosing a port and binding it somebody else can take it.
      if (!(error instanceof BrokerStartError && error.portTaken && attempt < tries)) throw error;
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
    if (this.pid !== undefined) throw new Error(`The broker ${this.brokers} runs already.`);
    if (cluster === undefined)
      throw new Error(`The folder of the broker ${this.brokers} is gone; start a new one.`);
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

async function choosePorts(dir: string, wish: number | undefined): Promise<Ports> {
  const earlier = savedPorts(dir);
  const wishes = [wish ?? earlier.client, earlier.internal, earlier.controller];
  const [client = 0, internal = 0, controller = 0] = await freePorts(wishes);
  if (wish !== undefined && client !== wish) {
    throw new Error(
      `Port ${wish} of 127.0.0.1 is taken: end what listens there, or give Kafka another port.`,
    );
  }
  return { client, internal, controller };
}

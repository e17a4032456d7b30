import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endChild, endWithParent, hasExited, isStopped, waitForExit } from './child-processes';
import type { Jvm } from './jvm';
import { LogFile } from './log-file';
import { fetchMetadata } from './metadata';
import { forgetProcess, recordProcess } from './orphan-processes';
import { type Advertised, type NodeConfig, type Properties, serverProperties } from './server-properties';
import { clusterIdOf, copyFormat, formatStorage } from './storage-format';

const startLimitMs = 90_000;
/** The first orderly stop also writes the class archive. */
const stopLimitMs = 30_000;
const pauseLimitMs = 30_000;

/** A node that did not come up; `reason` is what its log gives for it. */
export class BrokerStartError extends Error {
  constructor(
    readonly reason: string,
    readonly portTaken: boolean,
    logFile: string,
  ) {
    super(`The Kafka broker did not come up: ${reason}. Its log: ${logFile}`);
  }
}

/** One combined broker and controller in a JVM and a folder of its own. */
export class KafkaNode {
  readonly log: LogFile;
  #child: ChildProcess | undefined;
  #recording: ReturnType<Jvm['recording']>;

  constructor(
    private readonly jvm: Jvm,
    readonly config: NodeConfig,
    private readonly properties: Properties = {},
    private readonly scram: string[] = [],
  ) {
    this.log = new LogFile(join(config.dir, 'broker.log'));
  }

  /** Whether its class archive is being made, which its orderly stop completes. */
  get recording(): boolean {
    return this.#recording !== undefined && this.pid !== undefined;
  }

  get pid(): number | undefined {
    return this.#child && !hasExited(this.#child) ? this.#child.pid : undefined;
  }

  /**
   * Writes the settings file, and formats the folder unless it is: for a new cluster, or for that of `first`, which
   * is prepared already. Returns the id of its cluster.
   */
  async prepare(first?: KafkaNode): Promise<string> {
    const { dir, id } = this.config;
    mkdirSync(dir, { recursive: true });
    const settings = this.#writeSettings();
    if (first && clusterIdOf(dir) === undefined) copyFormat(first.config.dir, dir, id);
    return clusterIdOf(dir) ?? (await formatStorage(this.jvm, dir, settings, this.scram));
  }

  /** From its next start on, clients of that listener are sent to another address. */
  advertise(listener: string, instead: Advertised): void {
    this.config.advertised = { ...this.config.advertised, [listener]: instead };
    this.#writeSettings();
  }

  /** Starts the process in its prepared folder; `ready` tells when it serves. */
  launch(): void {
    const { dir } = this.config;
    const settings = settingsFile(dir);
    this.log.begin();
    this.#recording = this.jvm.recording();
    const args = [...(this.#recording?.flags ?? []), ...this.jvm.args(dir, 'kafka.Kafka', settings)];
    const out = openSync(this.log.path, 'a');
    // A process group of its own: Ctrl-C reaches the broker after those that still write to it.
    const child = spawn(this.jvm.command, args, { stdio: ['ignore', out, out], detached: true });
    closeSync(out);
    endWithParent(child);
    child.on('error', () => {}); // a process that could not be started is over: `ready` says so
    child.on('exit', (code) => this.#recording?.done(code === 143));
    child.unref(); // a script that forgets to stop it still ends, and it with the script
    this.#child = child;
    if (child.pid !== undefined) recordProcess(this.#home, { pid: child.pid, mark: settings });
  }

  /** Resolves when the node answers as a member of the cluster; rejects with BrokerStartError. */
  async waitUntilReady(clusterId: string): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    while (!(await this.#serves(clusterId))) {
      if (this.pid === undefined) throw this.#notStarted('it ended at once');
      if (Date.now() > deadline) {
        await this.kill();
        throw this.#notStarted(`it answered no request within ${startLimitMs / 1000} s`);
      }
      await wait(50);
    }
  }

  async stop(): Promise<void> {
    await this.#end((child) => endChild(child, stopLimitMs));
  }

  async kill(): Promise<void> {
    await this.#end((child) => {
      child.kill('SIGKILL');
      return waitForExit(child);
    });
  }

  /** With SIGSTOP; resolves when it answers nothing any more. */
  async pause(): Promise<void> {
    const deadline = Date.now() + pauseLimitMs;
    this.#child?.kill('SIGSTOP');
    while (this.pid !== undefined && !isStopped(this.pid)) {
      if (Date.now() > deadline) throw new Error(`Node ${this.config.id} did not stand still after SIGSTOP.`);
      await wait(5);
    }
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Where its process is noted: leftovers of a cluster are ended together. */
  get #home(): string {
    return this.config.home ?? this.config.dir;
  }

  #writeSettings(): string {
    const settings = settingsFile(this.config.dir);
    writeFileSync(settings, serverProperties(this.config, this.properties));
    return settings;
  }

  async #serves(clusterId: string): Promise<boolean> {
    const { id, ports } = this.config;
    const metadata = await fetchMetadata(ports.client).catch(() => undefined);
    // Somebody else's Kafka may have taken the port.
    return metadata?.clusterId === clusterId && metadata.brokers.some((broker) => broker.id === id);
  }

  #notStarted(otherwise: string): BrokerStartError {
    const reason = this.log.reason() ?? otherwise;
    return new BrokerStartError(reason, /address already in use/i.test(this.log.sinceBegin()), this.log.path);
  }

  async #end(how: (child: ChildProcess) => Promise<void>): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    child.ref();
    if (!hasExited(child)) await how(child);
    forgetProcess(this.#home, child.pid);
    this.#child = undefined;
  }
}

function settingsFile(dir: string): string {
  return join(dir, 'server.properties');
}

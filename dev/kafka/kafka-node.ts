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
/** The first clean shutdown also writes the class archive. */
const stopLimitMs = 30_000;
const pauseLimitMs = 30_000;

/** A broker did not start; `reason` is from its log. */
export class BrokerStartError extends Error {
  constructor(
    readonly reason: string,
    readonly portTaken: boolean,
    logFile: string,
  ) {
    super(`The Kafka broker did not start: ${reason}. Log: ${logFile}`);
  }
}

/** A combined broker and controller with its own JVM and directory. */
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

  /** Whether it records the class archive, which a clean shutdown completes. */
  get recording(): boolean {
    return this.#recording !== undefined && this.pid !== undefined;
  }

  get pid(): number | undefined {
    return this.#child && !hasExited(this.#child) ? this.#child.pid : undefined;
  }

  /**
   * Writes the settings file and formats the directory if necessary: for a new cluster, or for that of `first`.
   * @param first a prepared node of the same cluster
   * @returns the cluster id
   */
  async prepare(first?: KafkaNode): Promise<string> {
    const { dir, id } = this.config;
    mkdirSync(dir, { recursive: true });
    const settings = this.#writeSettings();
    if (first && clusterIdOf(dir) === undefined) copyFormat(first.config.dir, dir, id);
    return clusterIdOf(dir) ?? (await formatStorage(this.jvm, dir, settings, this.scram));
  }

  /** Advertises another address for that listener from the next start. */
  advertise(listener: string, instead: Advertised): void {
    this.config.advertised = { ...this.config.advertised, [listener]: instead };
    this.#writeSettings();
  }

  /** Starts the process in its prepared directory; see `waitUntilReady`. */
  launch(): void {
    const { dir } = this.config;
    const settings = settingsFile(dir);
    this.log.begin();
    this.#recording = this.jvm.recording();
    const args = [...(this.#recording?.flags ?? []), ...this.jvm.args(dir, 'kafka.Kafka', settings)];
    const out = openSync(this.log.path, 'a');
    // Its own process group: Ctrl-C must not stop the broker before the clients that still write to it.
    const child = spawn(this.jvm.command, args, { stdio: ['ignore', out, out], detached: true });
    closeSync(out);
    endWithParent(child);
    child.on('error', () => {}); // waitUntilReady reports a process that did not start
    child.on('exit', (code) => this.#recording?.done(code === 143));
    child.unref(); // a script can exit without stopping it; endWithParent then kills it
    this.#child = child;
    if (child.pid !== undefined) recordProcess(this.#home, { pid: child.pid, mark: settings });
  }

  /** Resolves when the node responds as a member of the cluster; rejects with BrokerStartError. */
  async waitUntilReady(clusterId: string): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    while (!(await this.#isReady(clusterId))) {
      if (this.pid === undefined) throw this.#startError('the process exited');
      if (Date.now() > deadline) {
        await this.kill();
        throw this.#startError(`no response within ${startLimitMs / 1000} s`);
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

  /** Sends SIGSTOP; resolves when all its threads are stopped. */
  async pause(): Promise<void> {
    const deadline = Date.now() + pauseLimitMs;
    this.#child?.kill('SIGSTOP');
    while (this.pid !== undefined && !isStopped(this.pid)) {
      if (Date.now() > deadline)
        throw new Error(`Node ${this.config.id} did not stop within ${pauseLimitMs / 1000} s after SIGSTOP.`);
      await wait(5);
    }
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Where its process is recorded: one list per cluster. */
  get #home(): string {
    return this.config.home ?? this.config.dir;
  }

  #writeSettings(): string {
    const settings = settingsFile(this.config.dir);
    writeFileSync(settings, serverProperties(this.config, this.properties));
    return settings;
  }

  async #isReady(clusterId: string): Promise<boolean> {
    const { id, ports } = this.config;
    const metadata = await fetchMetadata(ports.client).catch(() => undefined);
    // Another Kafka may use the port.
    return metadata?.clusterId === clusterId && metadata.brokers.some((broker) => broker.id === id);
  }

  #startError(fallback: string): BrokerStartError {
    const reason = this.log.reason() ?? fallback;
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

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../kafka/ports';
import { type NodeRed, type NodeRedOptions, startNodeRed } from '../node-red/runtime';
import { root } from '../paths';
import { check } from './check';
import type { Environment } from './environment';
import type { InstalledPair } from './pairs';

const run = promisify(execFile);
export const packageName = '@tweet-pipeline/node-red-twitter-kafka';
export const types = [
  ...['kafka-admin', 'kafka-cluster', 'kafka-out'],
  ...['tweet-classifier', 'twitter-app', 'twitter-stream-in'],
];

interface NodeSet {
  module: string;
  types: string[];
  enabled: boolean;
  err?: unknown;
}

type StartOptions = Partial<NodeRedOptions> & { override?: object; token?: string };

/** A fresh Node-RED user folder, and the Node-RED that runs on it. */
export class UserFolder {
  readonly dir: string;
  /** The only folder on the PATH: no compiler, no make, no Python. */
  readonly bin: string;
  private started: NodeRed | undefined;
  private token: string | undefined;

  constructor(
    private readonly environment: Environment,
    readonly pair: InstalledPair,
  ) {
    const parent = mkdtempSync(join(environment.dir, 'user-'));
    this.dir = join(parent, 'user');
    this.bin = join(parent, 'bin');
    mkdirSync(this.dir);
    mkdirSync(this.bin);
    symlinkSync(pair.node, join(this.bin, 'node'));
    symlinkSync(pair.npm, join(this.bin, 'npm'));
    const manifest = { name: 'node-red-project', description: 'A Node-RED Project', version: '0.0.1' };
    writeFileSync(join(this.dir, 'package.json'), JSON.stringify({ ...manifest, private: true }));
  }

  /** Installs packages as the palette manager does [this package]. */
  async install(wanted: string[] = [this.environment.tarball], options: string[] = []): Promise<void> {
    const common = ['--no-audit', '--no-update-notifier', '--no-fund', '--save', '--save-prefix=~'];
    const args = [...common, this.pair.omitDev, '--engine-strict', ...options, '--', ...wanted];
    await run(this.pair.node, [this.pair.npm, 'install', ...args], {
      cwd: this.dir,
      env: { ...process.env, PATH: this.bin },
    });
  }

  /** @param override replaces settings; @param token is sent with each request */
  async start({ override, token, env, ...options }: StartOptions = {}): Promise<NodeRed> {
    const [port] = await freePorts([undefined]);
    this.token = token;
    this.started = await startNodeRed({
      dir: this.dir,
      port: port as number,
      settings: join(root, 'dev/matrix/settings.cjs'),
      program: this.pair,
      env: { PATH: this.bin, MATRIX_SETTINGS: JSON.stringify(override ?? {}), ...env },
      ...options,
    });
    return this.started;
  }

  async stop(): Promise<void> {
    await this.started?.stop();
  }

  get nodeRed(): NodeRed {
    check(this.started, 'Node-RED does not run');
    return this.started;
  }

  /** A request to the admin API. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ accept: 'application/json', ...(init.headers as object) });
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    return fetch(`${this.nodeRed.url}${path}`, { ...init, headers, signal: AbortSignal.timeout(120_000) });
  }

  async json<T>(path: string): Promise<T> {
    const response = await this.request(path);
    check(response.ok, `GET ${path}: ${response.status}`);
    return (await response.json()) as T;
  }

  /** A full deploy. */
  async deploy(flows: unknown[]): Promise<void> {
    const response = await this.request('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-API-Version': 'v2' },
      body: JSON.stringify({ flows }),
    });
    check(response.ok, `deploy: ${response.status}`);
  }

  /** @throws Failure unless all six types are loaded */
  async checkTypes(): Promise<void> {
    const sets = await this.loaded(packageName);
    const found = sets.flatMap((set) => set.types).sort();
    check(`${found}` === `${types}`, `loaded types: ${found.join(', ') || 'none'}`);
  }

  /** The node sets of a package. @throws Failure if one is disabled or has an error */
  async loaded(module: string): Promise<NodeSet[]> {
    const sets = (await this.json<NodeSet[]>('/nodes')).filter((set) => set.module === module);
    const broken = sets.find(({ enabled, err }) => !enabled || err);
    check(!broken, `${module}: ${broken?.types} did not load: ${JSON.stringify(broken?.err)}`);
    return sets;
  }

  /** Uninstalls this package with the palette manager. @throws Failure if something of it is left */
  async uninstall(): Promise<void> {
    const response = await this.request(`/nodes/${packageName}`, { method: 'DELETE' });
    check(response.status === 204, `uninstall: ${response.status} ${await response.text()}`);
    check(
      (await this.json<NodeSet[]>('/nodes')).every(({ module }) => module !== packageName),
      'still listed',
    );
    const left = this.leftovers();
    check(left.length === 0, `left after the uninstallation: ${left.join(', ')}`);
  }

  /** Files with something of ours, without the queues and states in twitter-kafka/, which stay, and the flow. */
  private leftovers(): string[] {
    const files = readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.dir.length + 1));
    const documented = /^(twitter-kafka\/|node-red\.log$|processes\.json$|\.?flows|\..*\.backup$)/;
    const ours = /tweet-pipeline|twitter-stream-in|kafkajs|twitter-api-v2|lz4-napi|snappy|fzstd|hpagent/;
    return files
      .filter((file) => !documented.test(file))
      .filter((file) => ours.test(file) || ours.test(readFileSync(join(this.dir, file), 'utf8')));
  }
}

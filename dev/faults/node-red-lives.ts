import { join } from 'node:path';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';

/** The Node-RED under test: one process after another with the same user folder and port. */
export class NodeRedLives {
  #current: NodeRed | undefined;
  #earlierLogs = '';

  private constructor(
    /** The user folder. */
    readonly dir: string,
    private readonly port: number,
    private readonly options: { env?: Record<string, string>; logName?: string },
  ) {}

  /** Starts the first process. @param options of all its processes */
  static async start(
    dir: string,
    options: { env?: Record<string, string>; logName?: string } = {},
  ): Promise<NodeRedLives> {
    const [port = 0] = await freePorts([undefined]);
    const lives = new NodeRedLives(dir, port, options);
    await lives.start();
    return lives;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#current?.pid;
  }

  /** The logs of all its processes. */
  log(): string {
    return this.#earlierLogs + (this.#current?.log() ?? '');
  }

  /** Deploys a flow, or with 'nodes' restarts only changed nodes. */
  async deploy(flows: unknown[], type?: 'full' | 'nodes'): Promise<void> {
    await this.#running().deploy(flows, type);
  }

  /** Starts the next process, which runs the flow that was deployed last. */
  async start(): Promise<void> {
    if (this.pid !== undefined) throw new Error('Node-RED still runs.');
    this.#current = await startNodeRed({
      ...{ dir: this.dir, port: this.port, ...this.options },
      settings: join(__dirname, 'settings.cjs'),
    });
  }

  /** kill -9. @throws if the process has already ended by itself */
  async kill(): Promise<void> {
    const nodeRed = this.#running();
    process.kill(Number(nodeRed.pid), 'SIGKILL');
    await nodeRed.ended;
    await this.stop();
  }

  /** Clean stop, if it runs. @returns milliseconds that it took */
  async stop(): Promise<number> {
    const begin = performance.now();
    await this.#current?.stop();
    const ms = performance.now() - begin;
    this.#earlierLogs = this.log();
    this.#current = undefined;
    return ms;
  }

  #running(): NodeRed {
    if (this.#current?.pid === undefined)
      throw new Error(`Node-RED does not run. ${this.log().slice(-2000)}`);
    return this.#current;
  }
}

import type { KafkaNode } from './kafka-node';
import type { Advertised, Ports } from './server-properties';

/** One node of a cluster: what tests and scenarios can do to it. */
export class ClusterNode {
  constructor(
    private readonly node: KafkaNode,
    private readonly clusterId: string,
  ) {}

  get id(): number {
    return this.node.config.id;
  }

  get ports(): Ports {
    return this.node.config.ports;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.node.pid;
  }

  /** Advertises another address for that listener from the next start. */
  advertise(listener: string, instead: Advertised): void {
    this.node.advertise(listener, instead);
  }

  /** Sends SIGKILL and waits for the exit. */
  kill(): Promise<void> {
    return this.node.kill();
  }

  /** Clean shutdown, which moves its leaders first; SIGKILL after 30 s. */
  stop(): Promise<void> {
    return this.node.stop();
  }

  /** Starts the process without waiting: a node is not ready until enough others run. */
  launch(): void {
    if (this.pid !== undefined) throw new Error(`Node ${this.id} is already running.`);
    this.node.launch();
  }

  /** Starts the process and resolves when it is ready. */
  async start(): Promise<void> {
    this.launch();
    await this.node.waitUntilReady(this.clusterId);
  }

  /** Sends SIGSTOP; resolves when all threads are stopped. Connections stay open and get no response. */
  pause(): Promise<void> {
    return this.node.pause();
  }

  resume(): void {
    this.node.resume();
  }

  /** The last 50 lines of its log. */
  log(): string {
    return this.node.log.last(50);
  }
}

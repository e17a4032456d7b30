import type { KafkaNode } from './kafka-node';
import type { Advertised, Ports } from './server-properties';

/** One node of a cluster, to be broken and mended. */
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

  /** Of the running process. */
  get pid(): number | undefined {
    return this.node.pid;
  }

  /** From its next start on, clients of that listener are sent to another address. */
  advertise(listener: string, instead: Advertised): void {
    this.node.advertise(listener, instead);
  }

  /** With SIGKILL; resolves when it is gone. */
  kill(): Promise<void> {
    return this.node.kill();
  }

  /** In good order, its leaders moved away first; made to end when it takes too long. */
  stop(): Promise<void> {
    return this.node.stop();
  }

  /** Starts the process and waits for nothing: where too few nodes are up none of them serves alone. */
  launch(): void {
    if (this.pid !== undefined) throw new Error(`Node ${this.id} runs already.`);
    this.node.launch();
  }

  /** Launches it and resolves when it serves again. */
  async start(): Promise<void> {
    this.launch();
    await this.node.waitUntilReady(this.clusterId);
  }

  /** With SIGSTOP; resolves when it stands still: its connections stay open, and nothing answers. */
  pause(): Promise<void> {
    return this.node.pause();
  }

  resume(): void {
    this.node.resume();
  }

  /** The last lines it has logged. */
  log(): string {
    return this.node.log.last(50);
  }
}

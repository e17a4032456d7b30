import type { NodeAPI } from 'node-red';

/** A deploy that does not end, as with a node type that is missing, holds a source no longer than this. */
const longestStopMs = 20_000;

/**
 * Whether Node-RED's flows run. While a deploy stops and starts nodes, Node-RED drops what another node sends to them, so a
 * source waits.
 */
class Flows {
  private stoppedAt?: number;
  private readonly pending = new Set<() => void>();

  /** Listens to Node-RED's events, once. */
  watch({ events }: NodeAPI): void {
    // One listener for all nodes: an emitter warns about more than ten.
    events.off('flows:stopping', this.stopping);
    events.on('flows:stopping', this.stopping);
    events.off('flows:started', this.started);
    events.on('flows:started', this.started);
  }

  /** A deploy is running. */
  get stopped(): boolean {
    return this.stoppedAt !== undefined && performance.now() - this.stoppedAt < longestStopMs;
  }

  /**
   * Calls `start` once all flows have started.
   * @returns cancels the call
   */
  onStarted(start: () => void): () => void {
    this.pending.add(start);
    return () => this.pending.delete(start);
  }

  private readonly stopping = (): void => {
    this.stoppedAt = performance.now();
  };

  private readonly started = (): void => {
    this.stoppedAt = undefined;
    const all = [...this.pending];
    this.pending.clear();
    for (const start of all) start();
  };
}

export const flows = new Flows();

/**
 * The backpressure signal that all nodes of this Node-RED share. Node-RED has no backpressure of its own: a node
 * whose buffer fills up signals it here, and a replay pauses until it has drained. A live stream never pauses.
 */
export class Backpressure {
  private readonly fullNodes = new Map<string, string>();

  /**
   * @param id the node's id
   * @param name the node's name, for the status of a paused replay
   */
  signalFull(id: string, name: string): void {
    this.fullNodes.set(id, name);
  }

  signalDrained(id: string): void {
    this.fullNodes.delete(id);
  }

  /** Returns the name of the node that has been full for longest, or false if none is full. */
  fullNode(): string | false {
    for (const name of this.fullNodes.values()) return name;
    return false;
  }
}

export const backpressure = new Backpressure();

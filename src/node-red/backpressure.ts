/**
 * The backpressure signal that all nodes of this Node-RED share: which nodes are full. Node-RED has no
 * back-pressure; a replay looks here and pauses, a live stream does not.
 */
export class Backpressure {
  private readonly full = new Map<string, string>();

  /** @param name shown to whoever is held up */
  raise(id: string, name: string): void {
    this.full.set(id, name);
  }

  release(id: string): void {
    this.full.delete(id);
  }

  /** The name of one who is full, or false. */
  heldBy(): string | false {
    for (const name of this.full.values()) return name;
    return false;
  }
}

export const backpressure = new Backpressure();

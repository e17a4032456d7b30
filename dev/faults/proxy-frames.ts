const most = 100 * 1024 * 1024;

/**
 * Puts the bytes of one direction of a Kafka connection together to whole frames (4 bytes of length, then so many
 * bytes; a frame here keeps its length). Bytes that cannot be Kafka's, such as TLS, come out as they came in.
 */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #held = 0;
  /** The length of the frame that is being collected, its own 4 bytes included; 0 while it is not known. */
  #wanted = 0;
  #opaque = false;

  /** Whether what comes out is no frames. */
  get opaque(): boolean {
    return this.#opaque;
  }

  push(part: Buffer): Buffer[] {
    if (this.#opaque) return [part];
    this.#parts.push(part);
    this.#held += part.length;
    const frames: Buffer[] = [];
    while (this.#isComplete()) frames.push(this.#opaque ? this.#take(this.#held) : this.#take(this.#wanted));
    return frames;
  }

  #isComplete(): boolean {
    if (this.#held < 4) return false;
    if (this.#wanted === 0) {
      const length = this.#joined().readInt32BE(0);
      this.#opaque = length < 0 || length > most;
      this.#wanted = 4 + length;
    }
    return this.#opaque || this.#held >= this.#wanted;
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    const rest = all.subarray(length);
    this.#parts = [rest];
    this.#held = rest.length;
    this.#wanted = 0;
    return all.subarray(0, length);
  }

  #joined(): Buffer {
    const all = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }
}

/** What a request is about, or undefined if the frame is too short for one. */
export function headOf(frame: Buffer): { apiKey: number; correlationId: number } | undefined {
  if (frame.length < 12) return undefined;
  return { apiKey: frame.readInt16BE(4), correlationId: frame.readInt32BE(8) };
}

/** The request that an answer belongs to. */
export function correlationOf(frame: Buffer): number | undefined {
  return frame.length < 8 ? undefined : frame.readInt32BE(4);
}

export function halfOf(frame: Buffer): Buffer {
  return frame.subarray(0, frame.length >> 1);
}

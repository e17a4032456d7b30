const maxFrameBytes = 100 * 1024 * 1024;

/**
 * Assembles the bytes of one direction of a Kafka connection into frames: a length of 4 bytes (kept in the frame),
 * then that many bytes. Passes on bytes that are not Kafka's protocol, such as TLS, unchanged.
 */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #bufferedBytes = 0;
  /** Length of the current frame including its 4 length bytes; 0 while unknown. */
  #frameBytes = 0;
  #opaque = false;

  /** The bytes are not Kafka frames. */
  get opaque(): boolean {
    return this.#opaque;
  }

  push(part: Buffer): Buffer[] {
    if (this.#opaque) return [part];
    this.#parts.push(part);
    this.#bufferedBytes += part.length;
    const frames: Buffer[] = [];
    while (this.#isComplete())
      frames.push(this.#opaque ? this.#take(this.#bufferedBytes) : this.#take(this.#frameBytes));
    return frames;
  }

  #isComplete(): boolean {
    if (this.#bufferedBytes < 4) return false;
    if (this.#frameBytes === 0) {
      const length = this.#joined().readInt32BE(0);
      this.#opaque = length < 0 || length > maxFrameBytes;
      this.#frameBytes = 4 + length;
    }
    return this.#opaque || this.#bufferedBytes >= this.#frameBytes;
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    const rest = all.subarray(length);
    this.#parts = [rest];
    this.#bufferedBytes = rest.length;
    this.#frameBytes = 0;
    return all.subarray(0, length);
  }

  #joined(): Buffer {
    const all = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }
}

/** API key and correlation id of a request; undefined if the frame is too short. */
export function headOf(frame: Buffer): { apiKey: number; correlationId: number } | undefined {
  if (frame.length < 12) return undefined;
  return { apiKey: frame.readInt16BE(4), correlationId: frame.readInt32BE(8) };
}

/** Correlation id of a response; undefined if the frame is too short. */
export function correlationOf(frame: Buffer): number | undefined {
  return frame.length < 8 ? undefined : frame.readInt32BE(4);
}

export function halfOf(frame: Buffer): Buffer {
  return frame.subarray(0, frame.length >> 1);
}

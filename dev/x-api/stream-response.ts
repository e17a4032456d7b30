import type { ServerResponse } from 'node:http';
import type { Selection } from './query';

const CRLF = Buffer.from('\r\n');
/** Buffered bytes above which the feed pauses. */
const HIGH_WATER_BYTES = 65_536;
/** How long a cut waits for earlier bytes to be sent to a slow client. */
const FLUSH_MS = 500;

export interface StreamOptions {
  selection: Selection;
  headers: Record<string, string>;
  keepAliveMs: number;
  /** The size of the next chunk; without it, chunks end where lines end. */
  chunkSize?: () => number;
  /** Called when the stream can take more lines. */
  onDrain: () => void;
  onClose: () => void;
}

/** An open stream response: sends lines and keep-alives in chunks. */
export class StreamResponse {
  readonly selection: Selection;
  private buffers: Buffer[] = [];
  private size = 0;
  private started = false;
  private stalled = false;
  private blocked = false;
  private closed = false;
  private turn: NodeJS.Immediate | undefined;
  private keepAlive: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: StreamOptions,
  ) {
    this.selection = options.selection;
    response.on('drain', () => {
      this.blocked = false;
      this.pump();
      options.onDrain();
    });
    response.on('error', () => response.destroy());
    response.on('close', () => {
      this.release();
      options.onClose();
    });
  }

  get ready(): boolean {
    return this.started && !this.stalled && !this.blocked && !this.closed && this.size < HIGH_WATER_BYTES;
  }

  /** Sends the response headers and starts. */
  start(): void {
    if (this.started || this.closed) return;
    this.started = true;
    const type = { 'content-type': 'application/json; charset=utf-8' };
    this.response.writeHead(200, { ...type, ...this.options.headers });
    this.response.flushHeaders();
    this.keepAlive = setInterval(() => {
      if (this.size === 0 && !this.stalled) this.push(CRLF);
    }, this.options.keepAliveMs);
    this.pump();
    this.options.onDrain();
  }

  line(bytes: Buffer): void {
    this.push(Buffer.concat([bytes, CRLF]));
  }

  stall(): void {
    this.stalled = true;
  }

  resume(): void {
    this.stalled = false;
    this.start();
    this.pump();
    this.options.onDrain();
  }

  /** Ends the response properly. */
  end(): void {
    const rest = this.takeAll();
    this.release();
    this.response.end(rest);
  }

  /** Cuts the connection mid-response, after the buffered lines and `half` a line. */
  async cut(half: Buffer = Buffer.alloc(0)): Promise<void> {
    const rest = Buffer.concat([this.takeAll(), half]);
    const sendsNothing = this.stalled || !this.started;
    this.release();
    if (!sendsNothing)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, FLUSH_MS);
        // Even with nothing left to write: the callback runs when all earlier bytes are sent.
        this.response.write(rest, () => {
          clearTimeout(timer);
          resolve();
        });
      });
    this.destroy();
  }

  destroy(): void {
    this.release();
    this.response.destroy();
  }

  private push(bytes: Buffer): void {
    if (this.closed) return;
    this.buffers.push(bytes);
    this.size += bytes.length;
    this.keepAlive?.refresh();
    this.pump();
  }

  private pump(): void {
    if (this.turn || !this.started || this.stalled || this.blocked || this.closed || this.size === 0) return;
    const { chunkSize, onDrain } = this.options;
    this.blocked = !this.response.write(chunkSize ? this.takeUpTo(chunkSize()) : this.takeAll());
    // One chunk per turn, so that later chunks are also split at arbitrary bytes.
    this.turn = setImmediate(() => {
      this.turn = undefined;
      this.pump();
    });
    if (this.size < HIGH_WATER_BYTES) onDrain();
  }

  private takeAll(): Buffer {
    return this.takeUpTo(this.size);
  }

  private takeUpTo(wanted: number): Buffer {
    const parts: Buffer[] = [];
    let left = wanted;
    while (left > 0) {
      const first = this.buffers[0];
      if (!first) break;
      const part = first.subarray(0, left);
      if (part.length === first.length) this.buffers.shift();
      else this.buffers[0] = first.subarray(part.length);
      parts.push(part);
      left -= part.length;
      this.size -= part.length;
    }
    return Buffer.concat(parts);
  }

  private release(): void {
    this.closed = true;
    clearInterval(this.keepAlive);
    clearImmediate(this.turn);
  }
}

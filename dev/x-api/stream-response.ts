import type { ServerResponse } from 'node:http';
import type { Selection } from './query';

const CRLF = Buffer.from('\r\n');
/** What may wait for the client before the feed pauses. */
const ENOUGH = 65_536;
/** How long a cut waits for the bytes before it to leave; a client that does not read gets no more time. */
const LAST_BYTES = 500;

export interface StreamOptions {
  selection: Selection;
  headers: Record<string, string>;
  keepAliveMs: number;
  /** How many bytes go into the next chunk; without it, chunks end where lines end. */
  chunkSize?: () => number;
  /** There is room for more lines. */
  onRoom: () => void;
  onClose: () => void;
}

/** One open stream response: lines and keep-alives, cut into chunks. */
export class StreamResponse {
  readonly selection: Selection;
  private waiting: Buffer[] = [];
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
      options.onRoom();
    });
    response.on('error', () => response.destroy());
    response.on('close', () => {
      this.release();
      options.onClose();
    });
  }

  get ready(): boolean {
    return this.started && !this.stalled && !this.blocked && !this.closed && this.size < ENOUGH;
  }

  /** Sends the head of the response and begins. */
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
    this.options.onRoom();
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
    this.options.onRoom();
  }

  /** Ends the response in order. */
  end(): void {
    const rest = this.takeAll();
    this.release();
    this.response.end(rest);
  }

  /** Ends the connection in the middle of the response, after what was sent so far and `half` a line. */
  async cut(half: Buffer = Buffer.alloc(0)): Promise<void> {
    const rest = Buffer.concat([this.takeAll(), half]);
    const silent = this.stalled || !this.started;
    this.release();
    if (!silent)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LAST_BYTES);
        // Also where nothing is left to write: the call comes back when all before it has left.
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
    this.waiting.push(bytes);
    this.size += bytes.length;
    this.keepAlive?.refresh();
    this.pump();
  }

  private pump(): void {
    if (this.turn || !this.started || this.stalled || this.blocked || this.closed || this.size === 0) return;
    const { chunkSize, onRoom } = this.options;
    this.blocked = !this.response.write(chunkSize ? this.takeUpTo(chunkSize()) : this.takeAll());
    // Chunks leave one by one, so that what comes meanwhile is cut without regard to where lines end.
    this.turn = setImmediate(() => {
      this.turn = undefined;
      this.pump();
    });
    if (this.size < ENOUGH) onRoom();
  }

  private takeAll(): Buffer {
    return this.takeUpTo(this.size);
  }

  private takeUpTo(wanted: number): Buffer {
    const parts: Buffer[] = [];
    let left = wanted;
    while (left > 0) {
      const first = this.waiting[0];
      if (!first) break;
      const part = first.subarray(0, left);
      if (part.length === first.length) this.waiting.shift();
      else this.waiting[0] = first.subarray(part.length);
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

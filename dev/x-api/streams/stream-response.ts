import type { ServerResponse } from 'node:http';
import { Encoder, type Sink } from '../faults/encoder';
import type { OpenFault } from '../faults/types';

const CRLF = Buffer.from('\r\n');
/** Buffered bytes above which the feed pauses. */
const HIGH_WATER_BYTES = 65_536;
/** How long a cut waits for earlier bytes to be sent to a slow client. */
const FLUSH_MS = 500;

export interface StreamOptions {
  headers: Record<string, string>;
  /** The `Date` header, when the headers are sent. */
  date: () => string;
  /** Infinity: no keep-alives. */
  keepAliveMs: number;
  encoding?: Extract<OpenFault, { kind: 'encoding' }>;
  /** The size of the next chunk; without it, chunks end where lines end. */
  chunkSize?: () => number;
  /** Called when the stream can take more lines. */
  onDrain: () => void;
  /** Called when the headers are sent. */
  onStart: () => void;
  onClose: () => void;
}

/** An open stream response: sends lines and keep-alives in chunks. */
export class StreamResponse {
  private readonly sink: Sink;
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
    const { encoding } = options;
    this.sink = encoding ? new Encoder(response, encoding.encoding, encoding.corruptAfterLines) : response;
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

  /** Sends nothing: stalled, or not started because of it. */
  get silent(): boolean {
    return this.stalled;
  }

  get ready(): boolean {
    return this.started && !this.stalled && !this.blocked && !this.closed && this.size < HIGH_WATER_BYTES;
  }

  /** Sends the response headers and starts. */
  start(): void {
    if (this.started || this.closed) return;
    this.started = true;
    const { headers, date, keepAliveMs, encoding, onStart } = this.options;
    this.response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      ...(encoding && { 'content-encoding': encoding.encoding }),
      date: date(),
      ...headers,
    });
    this.response.flushHeaders();
    if (Number.isFinite(keepAliveMs))
      this.keepAlive = setInterval(() => {
        if (this.size === 0 && !this.stalled) this.push(CRLF);
      }, keepAliveMs);
    onStart();
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
    const { started } = this;
    const rest = this.takeAll();
    this.release();
    if (started) this.sink.end(rest);
    else this.destroy();
  }

  /** Resets the TCP connection. */
  reset(): void {
    this.release();
    this.response.socket?.resetAndDestroy();
  }

  /** Announces a chunk and closes the connection within it. */
  truncateChunk(): void {
    const rest = this.takeAll();
    this.release();
    const { socket } = this.response;
    this.sink.write(rest, () => {
      socket?.write('1000\r\n{"data":{"id":"1');
      socket?.end();
    });
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
        this.sink.write(rest, () => {
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
    this.blocked = !this.sink.write(chunkSize ? this.takeUpTo(chunkSize()) : this.takeAll());
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

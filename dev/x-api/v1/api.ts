import type { OpenStreams } from '../streams/open-streams';

/** The open v1.1 stream, for tests. */
export class V1Api {
  constructor(private readonly streams: OpenStreams) {}

  /** Number of lines sent, without keep-alives. */
  get sent(): number {
    return this.streams.sent;
  }

  /** Number of open streams. */
  get open(): number {
    return this.streams.size;
  }

  /** Sends this line to the open streams and returns their number. */
  sendLine(line: string | Buffer): number {
    return this.streams.sendLine(Buffer.from(line));
  }

  /** Sends a disconnect notice with this code, then ends the stream, unless `close` is false. */
  disconnect(code: number, reason = '', { close = true } = {}): void {
    const notice = { disconnect: { code, stream_name: 'simulated-statuses1', reason } };
    this.streams.sendError(notice, close);
  }

  /** Sends a limit notice: posts that were not delivered since the stream opened. */
  limit(track: number): void {
    this.sendLine(JSON.stringify({ limit: { track, timestamp_ms: String(Date.now()) } }));
  }

  /** Ends the open streams properly. */
  endStreams(): void {
    this.streams.end();
  }

  dropConnections({ midLine = false } = {}): Promise<void> {
    return this.streams.drop(midLine);
  }

  reset(): void {
    this.streams.reset();
  }

  stall(): void {
    this.streams.stall();
  }

  resume(): void {
    this.streams.resume();
  }
}

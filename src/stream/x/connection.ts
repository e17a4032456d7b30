import type { IncomingMessage } from 'node:http';
import type { XApp } from './app';
import { userAgent, XClient } from './client';
import { failureOf, failureOfNetwork, failureOfResponse, XFailure } from './failure';
import { type OpenResponse, openResponse } from './twitter-api-internals';

export type Query = Record<string, string>;

export interface ConnectionOptions {
  app: XApp;
  /** Below the base URL and "/2/". */
  path: string;
  query: Query;
  /** Until X has answered. */
  connectTimeoutMs: number;
  /** Longest time without a byte; keep-alives count (X sends one every 20 s). */
  stallTimeoutMs: number;
}

/** Receives the events of a connection; none after `close`. */
export interface ConnectionListener {
  onOpen(): void;
  onBytes(chunk: Buffer): void;
  /** The last event. */
  onEnd(failure: XFailure): void;
}

/**
 * One attempt to open and read the response of a v2 stream. twitter-api-v2 signs and opens the request; the
 * response is read here, because the library's parser loses messages at chunk boundaries and its reconnect
 * has no delay and no end (its issues 536, 623 and 92).
 */
export class Connection {
  private readonly client: XClient;
  private response?: IncomingMessage;
  private timer: NodeJS.Timeout;
  private lastByteAt = 0;
  private over = false;

  /** Starts at once; calls `listener` in later turns only. */
  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    this.client = new XClient(options.app);
    this.timer = setTimeout(() => this.connectTimeout(), options.connectTimeoutMs);
    this.connect().catch((error) => this.finish(failureOf(error, this.client.host)));
  }

  /** Closes it, also while it is being opened; the listener gets no more events. */
  close(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.response?.destroy();
    this.client.close();
  }

  private async connect(): Promise<void> {
    const { path, query } = this.options;
    const opened = await this.client.use((api) =>
      openResponse(api, this.client.prefix, path, query, { 'user-agent': userAgent }),
    );
    if (this.over) opened.response.destroy();
    else this.read(opened);
  }

  private read({ request, response }: OpenResponse): void {
    request.on('error', (error) => this.lost(error));
    this.response = response;
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) {
      this.finish(failureOfResponse(statusCode, '', headers, this.client.host));
      return;
    }
    response.on('data', (chunk: Buffer) => this.receive(chunk));
    response.on('error', (error) => this.lost(error));
    response.on('close', () => this.lost());
    clearTimeout(this.timer);
    this.lastByteAt = performance.now();
    this.checkStallIn(this.options.stallTimeoutMs);
    this.listener.onOpen();
  }

  private receive(chunk: Buffer): void {
    if (this.over) return;
    this.lastByteAt = performance.now();
    this.listener.onBytes(chunk);
  }

  private checkStallIn(ms: number): void {
    // Checked a turn later: after a busy period of this process, unread bytes may be waiting.
    this.timer = setTimeout(() => setImmediate(() => this.checkStall()), ms);
  }

  private checkStall(): void {
    if (this.over) return;
    const { stallTimeoutMs } = this.options;
    const leftMs = stallTimeoutMs - (performance.now() - this.lastByteAt);
    if (leftMs > 0) this.checkStallIn(leftMs);
    else this.timeout('stalled', stallTimeoutMs, 'stalled');
  }

  private connectTimeout(): void {
    this.timeout('connect-timeout', this.options.connectTimeoutMs, 'connect timeout');
  }

  private timeout(kind: 'stalled' | 'connect-timeout', ms: number, reason: string): void {
    this.finish(new XFailure(kind, { host: this.client.host, seconds: ms / 1000 }, { reason }));
  }

  private lost(error?: Error): void {
    if (this.over) return;
    const { host } = this.client;
    const reason = error ? failureOfNetwork(error, host).reason : 'closed by X';
    this.finish(new XFailure(error ? 'dropped' : 'closed', { host }, { reason }, { cause: error }));
  }

  private finish(failure: XFailure): void {
    if (this.over) return;
    this.close();
    this.listener.onEnd(failure);
  }
}

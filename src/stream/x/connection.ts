import type { IncomingMessage } from 'node:http';
import type { TweetStream, TwitterApi } from 'twitter-api-v2';
import type { SentenceKey } from '../../util/english';
import { failureOf } from './answer';
import type { XApp } from './app';
import { userAgent, XClient } from './client';
import { failureOfNetwork, failureOfResponse, XFailure } from './failure';

export type Query = Record<string, string>;

export interface ConnectionOptions {
  app: XApp;
  /** Below the base URL and "/2/". */
  path: string;
  query: Query;
  /** Until X has answered. */
  connectTimeoutMs: number;
  /** Without a byte, keep-alives counted (X sends one every 20 s). */
  stallTimeoutMs: number;
}

/** What is told of a connection; nothing after `close`. */
export interface ConnectionListener {
  open(): void;
  data(chunk: Buffer): void;
  /** The last call. */
  end(failure: XFailure): void;
}

/** What the library's stream holds that its types hide. */
interface Inner {
  originalResponse: IncomingMessage;
  req: NodeJS.EventEmitter;
  requestData: { forceParseMode?: 'text' };
}

/**
 * One attempt at one response of a v2 stream. twitter-api-v2 puts in the credentials and opens the
 * request; the response is read here, since its parser loses messages at chunk boundaries and its
 * reconnect neither waits nor ends (its issues 536, 623 and 92).
 */
export class Connection {
  private readonly client: XClient;
  private response?: IncomingMessage;
  private timer: NodeJS.Timeout;
  private lastByte = 0;
  private over = false;

  /** Starts at once; `listener` is called in later turns only. */
  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    this.client = new XClient(options.app);
    this.timer = setTimeout(() => this.connectTimeout(), options.connectTimeoutMs);
    this.connect().catch((error) => this.finish(failureOf(error, this.client.host)));
  }

  /** Ends it, also while it is being opened; the listener hears no more. */
  close(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.response?.destroy();
    this.client.close();
  }

  private async connect(): Promise<void> {
    const inner = await this.client.use((api) => this.request(api));
    if (this.over) inner.originalResponse.destroy();
    else this.read(inner);
  }

  private async request(api: TwitterApi): Promise<Inner> {
    const { prefix } = this.client;
    const stream = api.v2.getStream(this.options.path, this.options.query, {
      prefix,
      autoConnect: false,
      compression: false,
      headers: { 'user-agent': userAgent },
    });
    const inner = stream as unknown as Inner;
    // An error's body is read here: the library's own reading throws where nothing can catch it.
    inner.requestData.forceParseMode = 'text';
    await (stream as TweetStream).connect({ autoReconnect: false, keepAliveTimeout: 'disable' });
    return inner;
  }

  private read({ originalResponse: response, req: request }: Inner): void {
    // No byte has come yet: the response flows in a later turn than the one that resolved connect().
    for (const event of ['data', 'error', 'close']) response.removeAllListeners(event);
    request.removeAllListeners('error');
    request.on('error', (error) => this.lost(error));
    this.response = response;
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) {
      this.finish(failureOfResponse(statusCode, '', headers, this.client.host));
      return;
    }
    response.on('data', (chunk: Buffer) => this.data(chunk));
    response.on('error', (error) => this.lost(error));
    response.on('close', () => this.lost());
    clearTimeout(this.timer);
    this.lastByte = performance.now();
    this.watch(this.options.stallTimeoutMs);
    this.listener.open();
  }

  private data(chunk: Buffer): void {
    if (this.over) return;
    this.lastByte = performance.now();
    this.listener.data(chunk);
  }

  private watch(ms: number): void {
    // Judged a turn later: where this process was busy, bytes may be there that nobody has read yet.
    this.timer = setTimeout(() => setImmediate(() => this.judge()), ms);
  }

  private judge(): void {
    if (this.over) return;
    const left = this.options.stallTimeoutMs - (performance.now() - this.lastByte);
    if (left > 0) this.watch(left);
    else this.timeout('x-stalled', this.options.stallTimeoutMs, 'dropped', 'stalled');
  }

  private connectTimeout(): void {
    this.timeout('x-connect-timeout', this.options.connectTimeoutMs, 'tcp', 'connect timeout');
  }

  private timeout(key: SentenceKey, ms: number, retry: 'dropped' | 'tcp', reason: string): void {
    this.finish(new XFailure(key, { host: this.client.host, seconds: ms / 1000 }, { retry, reason }));
  }

  private lost(error?: Error): void {
    if (this.over) return;
    const { host } = this.client;
    const reason = error ? failureOfNetwork(error, host).reason : 'closed by X';
    const key = error ? 'x-dropped' : 'x-closed';
    this.finish(new XFailure(key, { host }, { retry: 'dropped', reason }, { cause: error }));
  }

  private finish(failure: XFailure): void {
    if (this.over) return;
    this.close();
    this.listener.end(failure);
  }
}

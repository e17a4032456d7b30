import type { IncomingMessage } from 'node:http';
import { within } from '../../util/within';
import type { XApp } from './app';
import { XClient } from './client';
import { readBody } from './decompress';
import { failureOf, failureOfNetwork, failureOfResponse, notTheApi, XFailure } from './failure';
import { placeOf } from './proxy/proxy';
import { redacted } from './redact';
import type { Headers } from './response-headers';
import type { OpenResponse, StreamRequest } from './twitter-api-internals';

export interface ConnectionOptions {
  app: XApp;
  request: StreamRequest;
  /** Until X has answered. */
  connectTimeoutMs: number;
  /** Longest time without a byte; keep-alives count (X sends one every 20 s). */
  stallTimeoutMs: number;
}

/** Receives the events of a connection; none after `close`. */
export interface ConnectionListener {
  /** X answered 200. */
  onOpen(headers: Headers): void;
  onBytes(chunk: Buffer): void;
  /** The last event. */
  onEnd(failure: XFailure): void;
}

/** How much of a page that is not X's is read, and how long. */
const pageBytes = 2000;
const pageMs = 1000;

/**
 * One attempt to open and read the response of a stream. twitter-api-v2 signs and opens the request; the
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

  get host(): string {
    return this.client.host;
  }

  ref(): void {
    this.response?.socket.ref();
  }

  unref(): void {
    this.response?.socket.unref();
  }

  /** Closes it, also while it is being opened; the listener gets no more events. */
  close(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.response?.destroy();
    this.client.close();
  }

  private async connect(): Promise<void> {
    const opened = await this.client.open(this.options.request);
    if (this.over) opened.response.destroy();
    else await this.read(opened);
  }

  private async read({ request, response }: OpenResponse): Promise<void> {
    request.on('error', (error) => this.lost(error));
    this.response = response;
    const { statusCode = 0, headers } = response;
    const { host } = this.client;
    if (statusCode !== 200) {
      this.finish(failureOfResponse(statusCode, '', headers, host));
      return;
    }
    if (/^text\/html/i.test(String(headers['content-type'] ?? ''))) {
      clearTimeout(this.timer);
      this.finish(notTheApi(host, statusCode, this.clean(await beginningOfPage(response)), headers));
      return;
    }
    readBody(response, {
      onBytes: (chunk) => this.receive(chunk),
      onEnd: (error) => this.lost(error),
    });
    clearTimeout(this.timer);
    this.lastByteAt = performance.now();
    this.checkStallIn(this.options.stallTimeoutMs);
    this.listener.onOpen(headers);
  }

  private clean(page: string): string {
    return redacted(page, this.options.app);
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
    else this.finish(this.stalled(stallTimeoutMs));
  }

  private stalled(ms: number): XFailure {
    return new XFailure('stalled', { host: this.client.host, seconds: ms / 1000 }, { reason: 'stalled' });
  }

  private connectTimeout(): void {
    this.finish(this.client.timeoutFailure(this.options.connectTimeoutMs / 1000));
  }

  private lost(error?: Error): void {
    if (this.over) return;
    const { host } = this.client;
    const { proxy } = this.options.app;
    const reason = error ? failureOfNetwork(error, host).reason : 'closed by X';
    const cut = proxy ? 'proxy-dropped' : 'dropped';
    const params = { host, proxy: proxy ? placeOf(proxy) : '' };
    this.finish(new XFailure(error ? cut : 'closed', params, { reason }, { cause: error }));
  }

  private finish(failure: XFailure): void {
    if (this.over) return;
    this.close();
    this.listener.onEnd(failure);
  }
}

async function beginningOfPage(response: IncomingMessage): Promise<string> {
  let page = '';
  const whole = new Promise<void>((resolve) => {
    readBody(response, {
      onBytes: (chunk) => {
        page += chunk.toString('latin1');
        if (page.length >= pageBytes) resolve();
      },
      onEnd: () => resolve(),
    });
  });
  await within(whole, pageMs, () => {});
  return page;
}

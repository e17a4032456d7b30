import { LineDecoder } from '../line-decoder';
import type { SourceKind } from '../source-kind';
import { StreamLine } from '../stream-line';
import type { XApp } from '../x/app';
import { Connection } from '../x/connection';
import { notTheApi, type XFailure } from '../x/failure';
import { redactedBytes } from '../x/redact';
import { type Headers, lastRequestsUntil } from '../x/response-headers';
import type { StreamRequest } from '../x/twitter-api-internals';
import { healthyMs } from './reconnect-policy';

export interface ReaderOptions {
  app: XApp;
  kind: SourceKind;
  request: StreamRequest;
  connectTimeoutMs: number;
  stallTimeoutMs: number;
  maxLineBytes: number;
}

/** Receives what one connection delivers; no event after `onEnd` or `close`. */
export interface ReaderListener {
  /** X answered 200. @param resetAt where few connects are left: when X counts from 0, epoch ms */
  onAnswer(headers: Headers, resetAt: number | undefined): void;
  /** It is a stream: a line or a keep-alive came, or nothing for a second. */
  onOpen(): void;
  onLine(line: StreamLine): void;
  onAlive(): void;
  /** A line that is longer than the limit, or cut by the end of the connection. */
  onLineCut(bytes: Buffer, reason: 'too long' | 'cut'): void;
  onEnd(failure: XFailure, healthy: boolean): void;
}

/** X closes the connection after it reported its end in the stream; where it does not, this package does. */
const closeAfterErrorMs = 5000;
/** What ends within this time without a line was no stream; a page comes at once. */
const openAfterMs = 1000;

/** Reads the lines of one connection, and finds out why and when it ends. */
export class StreamReader {
  /** X answered 200. */
  answered = false;
  opened = false;
  private readonly decoder: LineDecoder;
  private readonly connection: Connection;
  private openedAt = 0;
  private delivered = false;
  private firstLine = true;
  private over = false;
  /** X announces most ends in the stream; that is a better cause than the closed socket. */
  private announced?: XFailure;
  private closing?: NodeJS.Timeout;
  private opening?: NodeJS.Timeout;

  constructor(
    private readonly options: ReaderOptions,
    private readonly listener: ReaderListener,
  ) {
    const { app, request, connectTimeoutMs, stallTimeoutMs, maxLineBytes } = options;
    this.decoder = new LineDecoder(maxLineBytes);
    this.connection = new Connection(
      { app, request, connectTimeoutMs, stallTimeoutMs },
      {
        onOpen: (headers) => {
          this.answered = true;
          this.openedAt = performance.now();
          this.opening = setTimeout(() => this.open(), openAfterMs);
          this.opening.unref();
          listener.onAnswer(headers, lastRequestsUntil(headers));
        },
        onBytes: (chunk) => this.receive(chunk),
        onEnd: (failure) => this.end(failure),
      },
    );
  }

  ref(): void {
    this.connection.ref();
  }

  unref(): void {
    this.connection.unref();
  }

  close(): void {
    this.over = true;
    clearTimeout(this.closing);
    clearTimeout(this.opening);
    this.connection.close();
  }

  private open(): void {
    if (this.opened || this.over) return;
    clearTimeout(this.opening);
    this.opened = true;
    this.listener.onOpen();
  }

  private receive(chunk: Buffer): void {
    const { number } = this.decoder;
    for (const { bytes, cut } of this.decoder.push(chunk)) {
      // A receiver of an earlier line may have closed the connection.
      if (this.over) return;
      if (cut) {
        this.open();
        this.listener.onLineCut(this.clean(bytes), 'too long');
      } else this.line(bytes);
    }
    if (this.over || this.decoder.number === number) return;
    this.open();
    // Line ends alone are keep-alives: the connection works.
    this.delivered ||= !this.announced && isKeepAlive(chunk);
    this.listener.onAlive();
  }

  private line(bytes: Buffer): void {
    let line = new StreamLine(bytes);
    let failure = this.failureIn(line);
    // Whatever is not a message may be an answer that repeats the credentials.
    if (failure || line.valueIfJson === undefined) {
      line = new StreamLine(this.clean(bytes));
      failure = this.failureIn(line);
    }
    const { host } = this.connection;
    const value = line.valueIfJson;
    if (failure) this.announce(failure);
    else if (this.firstLine && value === undefined) {
      this.finish(notTheApi(host, 200, String(line.text)));
      return;
    } else {
      this.delivered = true;
      if (!endsConnection(this.announced)) this.announced = undefined;
    }
    this.firstLine = false;
    this.open();
    this.listener.onLine(line);
  }

  private failureIn(line: StreamLine): XFailure | undefined {
    const { kind } = this.options;
    const value = line.valueIfJson;
    return kind.failureIn(value, value === undefined ? String(line.text) : '', this.connection.host);
  }

  private clean(bytes: Buffer): Buffer {
    return redactedBytes(bytes, this.options.app);
  }

  private announce(failure: XFailure): void {
    this.announced = failure;
    clearTimeout(this.closing);
    this.closing = setTimeout(() => {
      if (this.announced) this.finish(this.announced);
    }, closeAfterErrorMs);
    this.closing.unref();
  }

  private end(failure: XFailure): void {
    const rest = this.decoder.end();
    if (rest && !rest.cut) {
      const line = new StreamLine(rest.bytes);
      const isPage = this.firstLine && !/^\s*[{[]/.test(String(line.text));
      if (line.valueIfJson !== undefined || isPage) this.line(rest.bytes);
      else this.listener.onLineCut(this.clean(rest.bytes), 'cut');
    }
    this.finish(this.announced ?? failure);
  }

  private finish(failure: XFailure): void {
    if (this.over) return;
    this.close();
    const old = this.opened && performance.now() - this.openedAt >= healthyMs;
    this.listener.onEnd(failure, old && this.delivered);
  }
}

/** Whether the error says that the connection ends; other errors may come with posts after them. */
const endsConnection = (failure: XFailure | undefined): boolean =>
  failure !== undefined && (failure.kind !== 'ended' || /disconnect/i.test(failure.reason));

const isKeepAlive = (chunk: Buffer): boolean => chunk.every((byte) => byte === 0x0a || byte === 0x0d);

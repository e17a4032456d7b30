import { Problem } from '../../util/problem';
import { defaultMaxLineBytes, LineDecoder } from '../line-decoder';
import { beginning, postIdOf, StreamLine } from '../stream-line';
import type { XApp } from './app';
import { Connection, type Query } from './connection';
import { failureInStream, XFailure } from './failure';
import { ReconnectBackoff } from './reconnect-backoff';

/** An outage that is over. */
export interface Gap {
  /** When the last byte had come, epoch ms. */
  from: number;
  to: number;
  lastId?: string;
  cause: XFailure;
}

export interface ReconnectingListener {
  connecting(): void;
  /** @param gap what may have been missed since the connection before */
  connected(gap?: Gap): void;
  line(line: StreamLine): void;
  /** @param waitMs until the next try; undefined: there is none before the next `start` */
  failed(failure: XFailure, waitMs: number | undefined): void;
  /** A part of the stream that is no whole message. */
  problem(problem: Problem, payload: string | Buffer): void;
}

export interface ReconnectingOptions {
  app: XApp;
  path: string;
  connectTimeoutMs?: number;
  maxLineBytes?: number;
  /** Shortens the waits for tests. */
  scale?: number;
}

/** Keeps one stream open until it is stopped: connects, cuts into lines, reconnects by cause. */
export class ReconnectingStream {
  lastId?: string;
  /** When the last byte came, epoch ms; undefined before the first connection. */
  lastData?: number;
  private backoff: ReconnectBackoff;
  private connection?: Connection;
  private timer?: NodeJS.Timeout;
  private query?: Query;
  private stallTimeoutMs = 0;
  private lost?: XFailure;

  constructor(
    private readonly options: ReconnectingOptions,
    private readonly listener: ReconnectingListener,
  ) {
    this.backoff = new ReconnectBackoff(options.scale);
  }

  /** It is connected, connecting or waiting to. */
  get running(): boolean {
    return this.query !== undefined;
  }

  /**
   * Starts, or goes on with another query: for that an open connection has to be opened anew, while a
   * wait goes on as it was.
   */
  start(query: Query, stallTimeoutMs: number): void {
    this.stallTimeoutMs = stallTimeoutMs;
    const same = this.query !== undefined && JSON.stringify(query) === JSON.stringify(this.query);
    this.query = query;
    if (same || this.timer) return;
    if (this.connection) {
      this.lost ??= new XFailure('reopened', {}, { reason: 'settings changed' });
      this.connection.close();
      this.listener.failed(this.lost, 0);
    }
    this.open();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.connection?.close();
    this.connection = undefined;
    this.query = undefined;
    this.lost = undefined;
    this.backoff = new ReconnectBackoff(this.options.scale);
  }

  private open(): void {
    this.timer = undefined;
    const { app, path, connectTimeoutMs = 20_000, maxLineBytes = defaultMaxLineBytes } = this.options;
    const decoder = new LineDecoder(maxLineBytes);
    let openedAt: number | undefined;
    let delivered = false;
    let announced: XFailure | undefined;

    const take = (bytes: Buffer): void => {
      const line = new StreamLine(bytes);
      const value = line.valueIfJson;
      announced = failureInStream(value, new URL(app.baseUrl).host);
      delivered ||= announced === undefined;
      this.lastId = postIdOf(value) ?? this.lastId;
      this.listener.line(line);
    };

    this.listener.connecting();
    const connection = new Connection(
      { app, path, connectTimeoutMs, stallTimeoutMs: this.stallTimeoutMs, query: this.query ?? {} },
      {
        onOpen: () => {
          openedAt = performance.now();
          this.opened();
        },
        onBytes: (chunk) => {
          this.lastData = Date.now();
          // Line ends alone are keep-alives; they prove that the connection works.
          delivered ||= !announced && chunk.every((byte) => byte === 0x0a || byte === 0x0d);
          for (const { bytes, cut } of decoder.push(chunk)) {
            if (this.connection !== connection) return;
            if (cut) this.tooLong(bytes, maxLineBytes);
            else take(bytes);
          }
        },
        onEnd: (failure) => {
          const rest = decoder.end();
          if (rest && !rest.cut) {
            if (new StreamLine(rest.bytes).valueIfJson !== undefined) take(rest.bytes);
            else this.listener.problem(new Problem('line-cut'), new StreamLine(rest.bytes).text);
          }
          if (this.connection !== connection) return;
          const livedMs = openedAt === undefined ? 0 : performance.now() - openedAt;
          this.ended(announced ?? failure, { opened: openedAt !== undefined, delivered, livedMs });
        },
      },
    );
    this.connection = connection;
  }

  private opened(): void {
    const { lost, lastData } = this;
    this.lost = undefined;
    const now = Date.now();
    const gap = lost && lastData ? { from: lastData, to: now, lastId: this.lastId, cause: lost } : undefined;
    this.lastData = now;
    this.listener.connected(gap);
  }

  private ended(failure: XFailure, history: { opened: boolean; delivered: boolean; livedMs: number }): void {
    this.connection = undefined;
    if (history.opened) this.lost = failure;
    const waitMs = this.backoff.next(failure, history);
    if (waitMs === undefined) this.query = undefined;
    else this.timer = setTimeout(() => this.open(), waitMs);
    this.listener.failed(failure, waitMs);
  }

  private tooLong(bytes: Buffer, maxLineBytes: number): void {
    const start = beginning(bytes);
    this.listener.problem(new Problem('line-too-long', { bytes: maxLineBytes, start }), start);
  }
}

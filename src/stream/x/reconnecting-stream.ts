import { Problem } from '../../util/problem';
import { defaultMaxLineBytes, LineDecoder } from '../line-decoder';
import { beginning, postIdOf, StreamLine } from '../stream-line';
import type { XApp } from './app';
import { Connection, type Query } from './connection';
import { failureInStream, XFailure } from './failure';
import { type ConnectionHistory, ReconnectBackoff } from './reconnect-backoff';

/** An outage that is over. */
export interface Gap {
  /** When the last byte before it came, epoch ms. */
  from: number;
  to: number;
  lastId?: string;
  cause: XFailure;
}

export interface ReconnectingListener {
  onConnecting(): void;
  /** @param gap the outage since the previous connection, whose posts are missing */
  onConnected(gap?: Gap): void;
  onLine(line: StreamLine): void;
  /** A part of the stream that is not a complete line. */
  onLineProblem(problem: Problem, payload: string | Buffer): void;
  /** @param waitMs until the next attempt; undefined: no attempt before the next `start` */
  onFailure(failure: XFailure, waitMs: number | undefined): void;
}

export interface ReconnectingOptions {
  app: XApp;
  path: string;
  connectTimeoutMs?: number;
  maxLineBytes?: number;
  /** Factor that shortens the waits in tests. */
  scale?: number;
}

/** Keeps one stream open until it is stopped: connects, splits into lines, reconnects by cause. */
export class ReconnectingStream {
  lastId?: string;
  /** When the last byte came, epoch ms; undefined before the first connection. */
  lastByteAt?: number;
  private backoff: ReconnectBackoff;
  private connection?: Connection;
  private timer?: NodeJS.Timeout;
  private query?: Query;
  private stallTimeoutMs = 0;
  /** Why the last open connection ended. */
  private outage?: XFailure;

  constructor(
    private readonly options: ReconnectingOptions,
    private readonly listener: ReconnectingListener,
  ) {
    this.backoff = new ReconnectBackoff(options.scale);
  }

  /** It is connected, connecting or waiting for the next attempt. */
  get running(): boolean {
    return this.query !== undefined;
  }

  /** Starts, or continues with another query: an open connection is reopened, a wait goes on. */
  start(query: Query, stallTimeoutMs: number): void {
    this.stallTimeoutMs = stallTimeoutMs;
    const same = this.query !== undefined && JSON.stringify(query) === JSON.stringify(this.query);
    this.query = query;
    if (same || this.timer) return;
    if (this.connection) {
      this.outage ??= new XFailure('reopened', {}, { reason: 'settings changed' });
      this.connection.close();
      this.listener.onFailure(this.outage, 0);
    }
    this.open();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.connection?.close();
    this.connection = undefined;
    this.query = undefined;
    this.outage = undefined;
    this.backoff = new ReconnectBackoff(this.options.scale);
  }

  private open(): void {
    this.timer = undefined;
    const { app, path, connectTimeoutMs = 20_000, maxLineBytes = defaultMaxLineBytes } = this.options;
    const decoder = new LineDecoder(maxLineBytes);
    let openedAt: number | undefined;
    let delivered = false;
    // X announces most ends in the stream; that is a better cause than the closed socket.
    let announced: XFailure | undefined;

    const receive = (bytes: Buffer): void => {
      const line = new StreamLine(bytes);
      const value = line.valueIfJson;
      announced = failureInStream(value, new URL(app.baseUrl).host);
      delivered ||= announced === undefined;
      this.lastId = postIdOf(value) ?? this.lastId;
      this.listener.onLine(line);
    };

    this.listener.onConnecting();
    const connection = new Connection(
      { app, path, connectTimeoutMs, stallTimeoutMs: this.stallTimeoutMs, query: this.query ?? {} },
      {
        onOpen: () => {
          openedAt = performance.now();
          this.opened();
        },
        onBytes: (chunk) => {
          this.lastByteAt = Date.now();
          // Line ends alone are keep-alives: the connection works.
          delivered ||= !announced && chunk.every((byte) => byte === 0x0a || byte === 0x0d);
          for (const { bytes, cut } of decoder.push(chunk)) {
            // A receiver of an earlier line may have closed the connection.
            if (this.connection !== connection) return;
            if (cut) this.tooLong(bytes, maxLineBytes);
            else receive(bytes);
          }
        },
        onEnd: (failure) => {
          const rest = decoder.end();
          if (rest && !rest.cut) {
            const line = new StreamLine(rest.bytes);
            if (line.valueIfJson !== undefined) receive(rest.bytes);
            else this.listener.onLineProblem(new Problem('line-cut'), line.text);
          }
          if (this.connection !== connection) return;
          const openMs = openedAt === undefined ? 0 : performance.now() - openedAt;
          this.ended(announced ?? failure, { opened: openedAt !== undefined, delivered, openMs });
        },
      },
    );
    this.connection = connection;
  }

  private opened(): void {
    const { outage, lastByteAt } = this;
    this.outage = undefined;
    const now = Date.now();
    const gap =
      outage && lastByteAt ? { from: lastByteAt, to: now, lastId: this.lastId, cause: outage } : undefined;
    this.lastByteAt = now;
    this.listener.onConnected(gap);
  }

  private ended(failure: XFailure, history: ConnectionHistory): void {
    this.connection = undefined;
    if (history.opened) this.outage = failure;
    const waitMs = this.backoff.next(failure, history);
    if (waitMs === undefined) this.query = undefined;
    else this.timer = setTimeout(() => this.open(), waitMs);
    this.listener.onFailure(failure, waitMs);
  }

  private tooLong(bytes: Buffer, maxLineBytes: number): void {
    const start = beginning(bytes);
    this.listener.onLineProblem(new Problem('line-too-long', { bytes: maxLineBytes, start }), start);
  }
}

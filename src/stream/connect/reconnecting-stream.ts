import { Problem } from '../../util/problem';
import { defaultMaxLineBytes } from '../line-decoder';
import type { SourceKind } from '../source-kind';
import type { RequestBudget } from '../state/request-budget';
import { beginning, StreamLine } from '../stream-line';
import type { XApp } from '../x/app';
import { XFailure } from '../x/failure';
import type { Headers } from '../x/response-headers';
import type { StreamRequest } from '../x/twitter-api-internals';
import { type NextAttempt, ReconnectPolicy } from './reconnect-policy';
import type { StaleConnections } from './stale-connections';
import { StreamReader } from './stream-reader';

/** What an attempt connects with. */
export interface ConnectPlan {
  request: StreamRequest;
  stallTimeoutMs: number;
}

/** Receives what happens to the stream; functions that never throw. */
export interface ReconnectingListener {
  /**
   * Called before each attempt, after `failure`; for example to sync rules.
   * @returns undefined where there is nothing to connect for: the stream stops. Rejects with an XFailure, which counts as a
   *   failed attempt
   */
  prepare(failure?: XFailure): Promise<ConnectPlan | undefined>;
  onConnecting(): void;
  /** X answered 200. */
  onAnswer(headers: Headers): void;
  /** The stream is open. */
  onConnected(): void;
  onLine(line: StreamLine): void;
  /** At least one line was received whole, or a keep-alive. */
  onAlive(): void;
  /** A line is lost. */
  onLineProblem(problem: Problem, payload: string | Buffer): void;
  /** X rejected the request. @returns whether the next one will differ: then it is sent at once */
  onRejected(failure: XFailure): boolean;
  /** A connection ended, or could not be opened. */
  onFailure(failure: XFailure, next: NextAttempt): void;
}

export interface ReconnectingOptions {
  app: XApp;
  kind: SourceKind;
  /** The connects that X answered, of all streams of this App and kind. */
  connects: RequestBudget;
  /** X has served this App before. */
  served(): boolean;
  /** For kinds with a Connections API. */
  stale?: StaleConnections;
  connectTimeoutMs?: number;
  maxLineBytes?: number;
}

/** After the stale connection was ended, X needs a moment to free its place. */
const afterEndedMs = 1000;

/** Keeps one stream open until it is stopped: connects, reads, reconnects by cause and within the budget. */
export class ReconnectingStream {
  private readonly policy = new ReconnectPolicy();
  private reader?: StreamReader;
  private timer?: NodeJS.Timeout;
  private state: 'stopped' | 'preparing' | 'open' | 'waiting' | 'failed' = 'stopped';
  /** Increases with each step, so that a promise of an earlier step has no effect. */
  private step = 0;
  private failure?: XFailure;

  constructor(
    private readonly options: ReconnectingOptions,
    private readonly listener: ReconnectingListener,
  ) {}

  /** It is open, connecting or waiting for the next attempt. */
  get running(): boolean {
    return this.state !== 'stopped' && this.state !== 'failed';
  }

  /** Waits for the next attempt after a failure. */
  get waiting(): boolean {
    return this.state === 'waiting';
  }

  /** X accepted the connection. */
  get connected(): boolean {
    return this.reader?.opened === true;
  }

  /** Connects; after a failure at once. No effect while it runs. */
  start(): void {
    if (!this.running) this.attempt();
  }

  /** Closes an open connection and connects with another request. */
  reopen(): void {
    if (!this.reader) return;
    const { opened } = this.reader;
    this.reader.close();
    this.reader = undefined;
    const failure = new XFailure('reopened', {}, { reason: 'settings changed' });
    if (opened) this.listener.onFailure(failure, { waitMs: 0 });
    this.attempt();
  }

  /** Lets the process end although the stream is open. */
  unref(): void {
    this.reader?.unref();
  }

  /** Keeps the process running while the stream is open. */
  ref(): void {
    this.reader?.ref();
  }

  stop(): void {
    this.step++;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.reader?.close();
    this.reader = undefined;
    this.failure = undefined;
    this.state = 'stopped';
  }

  private attempt(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.state = 'preparing';
    const step = ++this.step;
    this.listener.onConnecting();
    this.listener.prepare(this.failure).then(
      (plan) => {
        if (step !== this.step) return;
        if (plan) this.connect(plan);
        else this.stop();
      },
      (error) => {
        if (step === this.step) this.ended(failureOf(error), false);
      },
    );
  }

  private connect({ request, stallTimeoutMs }: ConnectPlan): void {
    const {
      app,
      kind,
      connects,
      connectTimeoutMs = 20_000,
      maxLineBytes = defaultMaxLineBytes,
    } = this.options;
    const budgetMs = connects.waitMs(Date.now());
    if (budgetMs > 0) {
      this.next(budgetFailure(app, kind), { waitMs: budgetMs });
      return;
    }
    this.state = 'open';
    const reader = new StreamReader(
      { app, kind, request, connectTimeoutMs, stallTimeoutMs, maxLineBytes },
      {
        onAnswer: (headers, resetAt) => {
          connects.spend(Date.now());
          if (resetAt !== undefined) connects.limitTo(resetAt);
          this.listener.onAnswer(headers);
        },
        onOpen: () => {
          this.failure = undefined;
          this.listener.onConnected();
        },
        onLine: (line) => this.listener.onLine(line),
        onAlive: () => this.listener.onAlive(),
        onLineCut: (bytes, reason) => this.lineLost(bytes, reason, maxLineBytes),
        onEnd: (failure, healthy) => {
          if (this.reader !== reader) return;
          this.reader = undefined;
          if (!reader.answered && failure.status !== undefined) connects.spend(Date.now());
          this.ended(failure, healthy);
        },
      },
    );
    this.reader = reader;
  }

  private ended(failure: XFailure, healthy: boolean): void {
    const { stale, connects } = this.options;
    if (failure.resetAt !== undefined) connects.limitTo(failure.resetAt);
    if (failure.status !== undefined && this.listener.onRejected(failure)) {
      this.next(failure, { waitMs: 0 });
    } else if (failure.policy === 'connections' && stale) {
      this.endStale(stale, failure, healthy);
    } else this.next(failure, this.byPolicy(failure, healthy));
  }

  private endStale(stale: StaleConnections, failure: XFailure, healthy: boolean): void {
    this.state = 'preparing';
    const step = ++this.step;
    void stale.end(failure).then((result) => {
      if (step !== this.step) return;
      if (result === 'ended') this.next(failure, { waitMs: afterEndedMs });
      else this.next(result, this.byPolicy(result, healthy));
    });
  }

  private byPolicy(failure: XFailure, healthy: boolean): NextAttempt {
    return this.policy.next(failure, { healthy, served: this.options.served() });
  }

  private next(failure: XFailure, next: NextAttempt): void {
    this.failure = failure;
    this.state = 'failed' in next ? 'failed' : 'waiting';
    this.step++;
    const ms = 'failed' in next ? next.retryMs : next.waitMs;
    if (ms !== undefined) {
      this.timer = setTimeout(() => this.attempt(), ms);
      this.timer.unref();
    }
    this.listener.onFailure(failure, next);
  }

  private lineLost(bytes: Buffer, reason: 'too long' | 'cut', maxLineBytes: number): void {
    if (reason === 'cut') {
      this.listener.onLineProblem(new Problem('line-cut'), new StreamLine(bytes).text);
      return;
    }
    const start = beginning(bytes);
    this.listener.onLineProblem(new Problem('line-too-long', { bytes: maxLineBytes, start }), start);
  }
}

const failureOf = (error: unknown): XFailure =>
  error instanceof XFailure
    ? error
    : new XFailure('unexpected', {}, { reason: 'unexpected' }, { cause: error });

function budgetFailure({ baseUrl }: XApp, { connects }: SourceKind): XFailure {
  const params = { host: new URL(baseUrl).host, count: connects.count, minutes: connects.windowMs / 60_000 };
  return new XFailure('request-budget', params, { reason: 'request budget' });
}

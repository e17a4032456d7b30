import type { ServerResponse } from 'node:http';
import { Feed } from './feed';
import { lineOf } from './fields';
import type { Random } from './generator/random';
import { HttpError, sendJson } from './http';
import { noRules, tooManyConnections } from './problems';
import type { Selection } from './query';
import type { RuleSet } from './rule-set';
import type { Item, Source } from './sources';
import { StreamResponse } from './stream-response';

export interface FeedOptions {
  /** Lines per second [10]; Infinity: as fast as the client reads. */
  rate?: number;
  /** Stops sending after this many lines; the stream stays open. */
  total?: number;
  /** Sends a keep-alive after this time without a line [20000]. */
  keepAliveMs?: number;
  /** `random` splits chunks at arbitrary bytes, `whole` sends one line per chunk [random]. */
  chunking?: 'random' | 'whole';
  /** Called with each line that is sent. */
  onLine?: (line: string) => void;
}

export interface Failure {
  status: number;
  body: object | string;
  headers?: Record<string, string>;
}

/** X allows one connection per app. */
const MAX_STREAMS = 1;

/** GET /2/tweets/search/stream: the open streams and what they receive. */
export class FilteredStream {
  sent = 0;
  connections = 0;
  refused = 0;
  private readonly streams = new Set<StreamResponse>();
  private readonly failures: Failure[] = [];
  private readonly feed: Feed;
  private stalled = false;

  constructor(
    source: Source,
    private readonly ruleSet: RuleSet,
    private readonly random: Random,
    private readonly options: FeedOptions,
  ) {
    this.feed = new Feed(source, options.rate ?? 10, options.total ?? Number.POSITIVE_INFINITY, {
      ready: () => this.streams.size > 0 && [...this.streams].every((stream) => stream.ready),
      send: (item) => {
        for (const stream of this.streams) this.send(stream, bytesOf(item, stream));
      },
    });
  }

  get finished(): boolean {
    return this.feed.finished;
  }

  /** Sends the failure that `failNext` requested, if any. */
  sendFailure(response: ServerResponse, rateLimitHeaders: Record<string, string>): boolean {
    const failure = this.failures.shift();
    if (!failure) return false;
    const headers = { ...(failure.status === 429 && rateLimitHeaders), ...failure.headers };
    sendJson(response, failure.status, failure.body, headers);
    return true;
  }

  failNext(failure: Failure, times: number): void {
    for (let count = 0; count < times; count++) this.failures.push(failure);
  }

  /** Opens a stream on the response. @throws HttpError as X does, without rules or with too many connections */
  open(response: ServerResponse, selection: Selection, headers: Record<string, string>): void {
    if (this.ruleSet.list.length === 0) throw new HttpError(409, noRules(), headers);
    if (this.streams.size >= MAX_STREAMS) throw new HttpError(429, tooManyConnections(), headers);
    const { keepAliveMs = 20_000, chunking = 'random' } = this.options;
    const stream: StreamResponse = new StreamResponse(response, {
      selection,
      headers,
      keepAliveMs,
      ...(chunking === 'random' && { chunkSize: () => this.chunkSize() }),
      onDrain: () => this.feed.wake(),
      onClose: () => this.streams.delete(stream),
    });
    this.streams.add(stream);
    this.connections++;
    if (this.stalled) stream.stall();
    else stream.start();
  }

  sendLine(bytes: Buffer): number {
    for (const stream of this.streams) this.send(stream, bytes);
    return this.streams.size;
  }

  async drop(midLine: boolean): Promise<void> {
    const cuts = [...this.streams].map((stream) => {
      this.streams.delete(stream);
      const item = midLine ? this.feed.take() : undefined;
      if (!item) return stream.cut();
      const bytes = bytesOf(item, stream);
      this.feed.putBack(item);
      return stream.cut(bytes.subarray(0, this.random.int(1, bytes.length - 1)));
    });
    await Promise.all(cuts);
  }

  end(): void {
    for (const stream of this.streams) stream.end();
    this.streams.clear();
  }

  stall(): void {
    this.stalled = true;
    for (const stream of this.streams) stream.stall();
  }

  resume(): void {
    this.stalled = false;
    for (const stream of this.streams) stream.resume();
  }

  close(): void {
    this.feed.stop();
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  private send(stream: StreamResponse, bytes: Buffer): void {
    this.sent++;
    stream.line(bytes);
    this.options.onLine?.(bytes.toString('utf8'));
  }

  /** Most chunks split a line or even a character, a few contain several lines. */
  private chunkSize(): number {
    const longest = this.random.pick([1, 8, 300, 1500, 20_000]);
    return this.random.int(1, longest);
  }
}

function bytesOf(item: Item, stream: StreamResponse): Buffer {
  return 'bytes' in item ? item.bytes : Buffer.from(lineOf(item.post, stream.selection, item.matching));
}

import type { ServerResponse } from 'node:http';
import type { OpenFault, StreamEnd } from '../faults/types';
import type { Random } from '../generator/random';
import { snowflakeTime } from '../generator/snowflake';
import { isRetweet } from '../generator/types';
import { Feed } from './feed';
import { startFault } from './open-fault';
import type { Item, PostItem, Source } from './sources';
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
  /** Posts are also generated while no stream is open or the streams are stalled; no stream gets these. */
  generateWhileClosed?: boolean;
  /** Called with each line that is sent. */
  onLine?: (line: string) => void;
  /** Called with each generated post; `streams` is the number of streams that it was sent to. */
  onPost?: (post: GeneratedPost) => void;
}

export interface GeneratedPost {
  id: string;
  /** Creation time, X's clock, epoch milliseconds. */
  at: number;
  streams: number;
  /** Sent before: a duplicate. */
  again: boolean;
  /** Search does not find it. */
  retweet: boolean;
}

/** A stream that is open, and what it receives. */
export interface OpenStream {
  response: StreamResponse;
  bytesOf: (item: Item) => Buffer;
  /** Receives no lines of the feed any more. */
  muted: boolean;
  /** Called when the stream ends, before the response has closed. */
  onEnd: () => void;
}

export interface NewStream {
  headers: Record<string, string>;
  date: () => string;
  bytesOf: (item: Item) => Buffer;
  fault?: OpenFault;
  /** Receives no lines of the feed. */
  muted?: boolean;
  onStart: () => void;
  /** Called once, when either side ends the stream. */
  onEnd: () => void;
}

/** The open streams of one endpoint, and the feed that they receive. */
export class OpenStreams {
  sent = 0;
  private readonly streams = new Set<OpenStream>();
  private readonly feed: Feed;
  private stalled = false;

  constructor(
    source: Source,
    private readonly random: Random,
    private readonly options: FeedOptions,
    private readonly hooks: { generated?: (item: PostItem) => void; delivered?: (id: string) => void } = {},
  ) {
    const { rate = 10, total = Number.POSITIVE_INFINITY, generateWhileClosed = false } = options;
    this.feed = new Feed(source, rate, total, {
      ready: () => {
        const receivers = this.receivers;
        if (generateWhileClosed) return receivers.every(({ response }) => response.ready || response.silent);
        return receivers.length > 0 && receivers.every(({ response }) => response.ready);
      },
      send: (item) => this.deliver(item),
    });
    if (generateWhileClosed) this.feed.wake();
  }

  get size(): number {
    return this.streams.size;
  }

  get finished(): boolean {
    return this.feed.finished;
  }

  open(response: ServerResponse, wanted: NewStream): OpenStream {
    const { keepAliveMs = 20_000, chunking = 'random' } = this.options;
    const { fault, onStart, onEnd } = wanted;
    const stream: OpenStream = {
      bytesOf: wanted.bytesOf,
      muted: wanted.muted ?? false,
      onEnd: () => {
        if (this.streams.delete(stream)) onEnd();
        // The others may be ready.
        this.feed.wake();
      },
      response: new StreamResponse(response, {
        headers: wanted.headers,
        date: wanted.date,
        keepAliveMs:
          fault?.kind === 'then' && fault.keepAlives === false ? Number.POSITIVE_INFINITY : keepAliveMs,
        ...(fault?.kind === 'encoding' && { encoding: fault }),
        ...(chunking === 'random' && { chunkSize: () => this.chunkSize() }),
        onDrain: () => this.feed.wake(),
        onStart: () => {
          onStart();
          if (!fault) return;
          const cancel = startFault(fault, {
            line: (text) => this.send(stream, Buffer.from(text)),
            error: (body, close) => this.sendError(body, close, [stream]),
            end: (how) => this.endAs(how, stream),
          });
          response.once('close', cancel);
        },
        onClose: () => stream.onEnd(),
      }),
    };
    if (fault?.kind === 'then' && fault.lines) stream.muted = true;
    this.streams.add(stream);
    if (this.stalled) stream.response.stall();
    else stream.response.start();
    return stream;
  }

  /** Sends a line to all open streams and returns their number. */
  sendLine(bytes: Buffer): number {
    for (const stream of this.streams) this.send(stream, bytes);
    return this.streams.size;
  }

  /** Sends a line to one stream. */
  send(stream: OpenStream, bytes: Buffer): void {
    this.sent++;
    stream.response.line(bytes);
    this.options.onLine?.(bytes.toString('utf8'));
  }

  /** Sends a line with an error; then the stream ends, or gets only keep-alives. */
  sendError(body: object, close: boolean, streams: Iterable<OpenStream> = this.streams): void {
    for (const stream of [...streams]) {
      this.send(stream, Buffer.from(JSON.stringify(body)));
      stream.muted = true;
      if (close) this.end([stream]);
    }
  }

  async drop(midLine: boolean, streams: Iterable<OpenStream> = this.streams): Promise<void> {
    const cuts = [...streams].map((stream) => {
      const item = midLine && !stream.muted ? this.feed.take() : undefined;
      stream.onEnd();
      if (!item) return stream.response.cut(midLine ? Buffer.from('{"data":{"id":"1') : undefined);
      const bytes = stream.bytesOf(item);
      // With generateWhileClosed this post is lost, like at X.
      if (this.options.generateWhileClosed) this.deliver(item);
      else this.feed.putBack(item);
      return stream.response.cut(bytes.subarray(0, this.random.int(1, bytes.length - 1)));
    });
    await Promise.all(cuts);
  }

  end(streams: Iterable<OpenStream> = this.streams): void {
    this.each(streams, (response) => response.end());
  }

  reset(streams: Iterable<OpenStream> = this.streams): void {
    this.each(streams, (response) => response.reset());
  }

  truncateChunk(streams: Iterable<OpenStream> = this.streams): void {
    this.each(streams, (response) => response.truncateChunk());
  }

  stall(): void {
    this.stalled = true;
    for (const { response } of this.streams) response.stall();
  }

  resume(): void {
    this.stalled = false;
    for (const { response } of this.streams) response.resume();
  }

  close(): void {
    this.feed.stop();
    this.each(this.streams, (response) => response.destroy());
  }

  private endAs(how: StreamEnd, stream: OpenStream): void {
    if (how === 'silence') stream.response.stall();
    else if (how === 'mid-line') void this.drop(true, [stream]);
    else if (how === 'close') this.end([stream]);
    else if (how === 'reset') this.reset([stream]);
    else this.truncateChunk([stream]);
  }

  private get receivers(): OpenStream[] {
    return [...this.streams].filter((stream) => !stream.muted);
  }

  private each(streams: Iterable<OpenStream>, end: (response: StreamResponse) => void): void {
    for (const stream of [...streams]) {
      stream.onEnd();
      end(stream.response);
    }
  }

  private deliver(item: Item): void {
    const reached = this.receivers.filter(({ response }) => !response.silent);
    for (const stream of reached) this.send(stream, stream.bytesOf(item));
    if (!('post' in item)) return;
    const { id } = item.post.data;
    if (!item.again) this.hooks.generated?.(item);
    if (reached.length > 0) this.hooks.delivered?.(id);
    this.options.onPost?.({
      id,
      at: snowflakeTime(id),
      streams: reached.length,
      again: item.again ?? false,
      retweet: isRetweet(item.post),
    });
  }

  /** Most chunks split a line or even a character, a few contain several lines. */
  private chunkSize(): number {
    const longest = this.random.pick([1, 8, 300, 1500, 20_000]);
    return this.random.int(1, longest);
  }
}

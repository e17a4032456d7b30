import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FeedOptions, FilteredStream } from './filtered-stream';
import { createGenerator } from './generator';
import { Random } from './generator/random';
import { router } from './router';
import { type Rule, RuleSet } from './rule-set';
import { GeneratedLines, RecordedLines } from './sources';

export interface XApiOptions extends FeedOptions {
  /** Port on 127.0.0.1; 0, the default, is a free one. */
  port?: number;
  /** The app's credentials. */
  bearerToken?: string;
  apiKey?: string;
  apiSecret?: string;
  /** The same seed gives the same posts, but for ids and times. */
  seed?: number;
  /** Rules the app has from the start. */
  rules?: { value: string; tag?: string }[];
  /** Sends this file's lines, plain or gzip, byte for byte, in place of generated posts. */
  file?: string;
  /** Begins the file again when it is through. */
  repeat?: boolean;
  /** How much of what is generated are notices (deletes and others), 0 to 1. */
  noticeShare?: number;
  /** Requests in 15 minutes, as X counts them. */
  limits?: { connect?: number; readRules?: number; writeRules?: number };
}

export interface XApi {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Lines sent, keep-alives not counted. */
  readonly sent: number;
  /** Streams opened since the start. */
  readonly connections: number;
  /** Stream requests that were not answered with a stream. */
  readonly refused: number;
  /** The file, or the total, is through: open streams get keep-alives only. */
  readonly finished: boolean;
  rules(): Rule[];
  /** Sends a line of one's own to the open streams; says to how many. */
  sendLine(line: string | Buffer): number;
  /** Cuts the open streams off; with `midLine` each after a part of its next line, which a later stream gets whole. */
  dropConnections(options?: { midLine?: boolean }): Promise<void>;
  /** Ends the open streams in order, as a server that restarts does. */
  endStreams(): void;
  /** Answers the next stream requests with this status and body; a 429 says in its headers that none is left. */
  failNext(status: number, body: object | string, times?: number, headers?: Record<string, string>): void;
  /** Sends nothing any more, not even keep-alives or the head of a response. */
  stall(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Starts an X API on the loopback interface. */
export async function startXApi(options: XApiOptions = {}): Promise<XApi> {
  const { seed = 1, noticeShare = 0.02, limits = {} } = options;
  const ruleSet = new RuleSet();
  const [wrong] = ruleSet.add(options.rules ?? []).errors;
  if (wrong)
    throw new Error(
      `X would refuse the rule ${JSON.stringify(wrong.value)}: ${wrong.details ?? wrong.title}`,
    );
  const source =
    options.file === undefined
      ? new GeneratedLines(createGenerator({ seed }), ruleSet, noticeShare, new Random(seed + 1))
      : new RecordedLines(options.file, options.repeat ?? false);
  const stream = new FilteredStream(source, ruleSet, new Random(seed + 2), options);
  const server = createServer(
    router({
      ruleSet,
      stream,
      bearerToken: options.bearerToken ?? 'simulated-token',
      apiKey: options.apiKey ?? 'simulated-key',
      apiSecret: options.apiSecret ?? 'simulated-secret',
      limits: { connect: 50, readRules: 450, writeRules: 100, ...limits },
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    get sent() {
      return stream.sent;
    },
    get connections() {
      return stream.connections;
    },
    get refused() {
      return stream.refused;
    },
    get finished() {
      return stream.finished;
    },
    rules: () => ruleSet.list,
    sendLine: (line) => stream.sendLine(Buffer.from(line)),
    dropConnections: ({ midLine = false } = {}) => stream.drop(midLine),
    endStreams: () => stream.end(),
    failNext: (status, body, times = 1, headers) => stream.failNext({ status, body, headers }, times),
    stall: () => stream.stall(),
    resume: () => stream.resume(),
    close: async () => {
      stream.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

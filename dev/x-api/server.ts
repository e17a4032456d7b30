import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FeedOptions, FilteredStream } from './filtered-stream';
import { createGenerator } from './generator';
import { Random } from './generator/random';
import { router } from './router';
import { type Rule, RuleSet } from './rule-set';
import { GeneratedLines, RecordedLines } from './sources';

export interface XApiOptions extends FeedOptions {
  /** Port on 127.0.0.1 [0 = a free one]. */
  port?: number;
  /** The app's credentials. */
  bearerToken?: string;
  apiKey?: string;
  apiSecret?: string;
  /** The same seed gives the same posts except for ids and times. */
  seed?: number;
  /** Initial rules of the app. */
  rules?: { value: string; tag?: string }[];
  /** Sends the lines of this file (plain or gzip) byte for byte instead of generated posts. */
  file?: string;
  /** Loops the file. */
  repeat?: boolean;
  /** Share of notices (deletes and others) among generated lines, 0 to 1. */
  noticeShare?: number;
  /** Rate limits: requests per 15 minutes. */
  limits?: { connect?: number; readRules?: number; writeRules?: number };
}

export interface XApi {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Number of lines sent, without keep-alives. */
  readonly sent: number;
  /** Number of streams opened. */
  readonly connections: number;
  /** Number of rejected stream requests. */
  readonly refused: number;
  /** The file or the total is exhausted: open streams get only keep-alives. */
  readonly finished: boolean;
  rules(): Rule[];
  /** Sends this line to the open streams and returns their number. */
  sendLine(line: string | Buffer): number;
  /** Cuts the open connections; with `midLine` after a part of the next line, which the next stream gets in full. */
  dropConnections(options?: { midLine?: boolean }): Promise<void>;
  /** Ends the open streams properly, like a server that restarts. */
  endStreams(): void;
  /** Answers the next stream requests with this status and body; a 429 gets rate limit headers. */
  failNext(status: number, body: object | string, times?: number, headers?: Record<string, string>): void;
  /** Sends nothing more, not even keep-alives or response headers, until `resume`. */
  stall(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Starts the simulator on 127.0.0.1. */
export async function startXApi(options: XApiOptions = {}): Promise<XApi> {
  const { seed = 1, noticeShare = 0.02, limits = {} } = options;
  const ruleSet = new RuleSet();
  const [invalid] = ruleSet.add(options.rules ?? []).errors;
  if (invalid)
    throw new Error(
      `X would reject the rule ${JSON.stringify(invalid.value)}: ${invalid.details ?? invalid.title}`,
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

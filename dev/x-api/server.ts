import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionRegistry } from './connections/registry';
import { RULES } from './endpoints';
import { FaultQueue } from './faults/queue';
import { RequestFaults } from './faults/request-faults';
import type { Fault } from './faults/types';
import { FilteredStream } from './filtered-stream';
import { createGenerator } from './generator';
import { Random } from './generator/random';
import { ApiLog } from './log';
import { type Limits, xLimits } from './parts';
import { router } from './router';
import { RuleSet } from './rule-set';
import { PostStore, type StoreOptions } from './search/post-store';
import { Clock, type Settings, settingsFrom } from './settings';
import { type FeedOptions, OpenStreams } from './streams/open-streams';
import { OtherClient } from './streams/other-client';
import { Shuffled } from './streams/shuffled';
import { GeneratedLines, RecordedLines, type Source } from './streams/sources';
import { Usage } from './usage';
import { V1Api } from './v1/api';
import { V1Posts } from './v1/filter';
import { OAuth1 } from './v1/oauth1';
import { v1Endpoints } from './v1/statuses';
import type { XApi } from './x-api';

export type { XApi } from './x-api';

export interface XApiOptions extends FeedOptions, StoreOptions, Partial<Settings> {
  /** Port on 127.0.0.1 [0 = a free one]. */
  port?: number;
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
  /** Shares of generated lines that are sent again, and that are swapped with the next, 0 to 1 [0]. */
  duplicateShare?: number;
  reorderShare?: number;
  /** Faults of the first stream requests. */
  faults?: Fault[];
  /** X's limits of requests; the defaults are X's. */
  limits?: Partial<Limits>;
}

/** Starts the simulator on 127.0.0.1. */
export async function startXApi(options: XApiOptions = {}): Promise<XApi> {
  const { seed = 1 } = options;
  const settings = settingsFrom(options);
  const clock = new Clock(settings);
  const log = new ApiLog();
  const ruleSet = new RuleSet(settings, clock.now);
  const [invalid] = ruleSet.add(options.rules ?? [], false, 0).errors;
  if (invalid)
    throw new Error(
      `X would reject the rule ${JSON.stringify(invalid.value)}: ${invalid.details ?? invalid.title}`,
    );
  const registry = new ConnectionRegistry(settings, clock.now);
  const store = new PostStore(clock.now, options);
  const usage = new Usage(settings, clock.now);
  const source = sourceOf(options, ruleSet, clock);
  const streams = new OpenStreams(source, new Random(seed + 2), options, {
    generated: (item) => store.add(item),
    delivered: (id) => usage.add(id),
  });
  const recoveries = new OpenStreams({ next: () => 'end' }, new Random(seed + 3), options);
  const stream = new FilteredStream({ streams, recoveries, ruleSet, registry, store, settings, clock });
  const faults = new FaultQueue<Fault>();
  for (const fault of options.faults ?? []) faults.add(fault, 1);
  const requestFaults = new RequestFaults();
  const limits = { ...xLimits, ...options.limits };
  const parts = {
    settings,
    clock,
    log,
    limits,
    ruleSet,
    registry,
    stream,
    store,
    usage,
    faults,
    requestFaults,
  };
  const v1Posts = new V1Posts(
    createGenerator({ seed, now: clock.now }),
    new Random(seed + 4),
    noticesOf(options),
  );
  const v1Streams = new OpenStreams(v1Posts, new Random(seed + 5), {
    keepAliveMs: 30_000,
    ...options,
    generateWhileClosed: false,
  });
  const v1 = { parts, streams: v1Streams, posts: v1Posts, oauth: new OAuth1(settings, clock.now) };
  const server = createServer(router(parts, v1Endpoints(v1)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings,
    log,
    otherClient: new OtherClient(registry, ruleSet),
    v1: new V1Api(v1Streams),
    get sent() {
      return streams.sent;
    },
    get connections() {
      return stream.connections;
    },
    get refused() {
      return log.refused;
    },
    get rejected429() {
      return log.rejected429;
    },
    get maxOverlapMs() {
      return log.maxOverlapMs;
    },
    get open() {
      return streams.size;
    },
    get finished() {
      return streams.finished;
    },
    get pendingFaults() {
      return faults.size;
    },
    rules: () => ruleSet.list,
    sendLine: (line) => streams.sendLine(Buffer.from(line)),
    sendError: (body, { close = false } = {}) => streams.sendError(body, close),
    dropConnections: ({ midLine = false } = {}) => streams.drop(midLine),
    endStreams: () => streams.end(),
    truncateChunks: () => streams.truncateChunk(),
    reset: () => streams.reset(),
    failNext: (status, body, times = 1, headers) => {
      const json = { 'content-type': 'application/json; charset=utf-8' };
      faults.add({ kind: 'answer', status, body, headers: { ...json, ...headers } }, times);
    },
    faultNext: (fault, times = 1) => faults.add(fault, times),
    clearFaults: () => faults.clear(),
    failRulesNext: (fault, times = 1, method) => requestFaults.add(RULES, fault, times, method),
    failRequestNext: (path, fault, times = 1, method) => requestFaults.add(path, fault, times, method),
    stall: () => streams.stall(),
    resume: () => streams.resume(),
    close: async () => {
      for (const each of [streams, recoveries, v1Streams]) each.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

const noticesOf = ({ noticeShare = 0.02 }: XApiOptions) => noticeShare;

function sourceOf(options: XApiOptions, ruleSet: RuleSet, clock: Clock): Source {
  const { seed = 1, file, duplicateShare = 0, reorderShare = 0 } = options;
  if (file !== undefined) return new RecordedLines(file, options.repeat ?? false);
  const generator = createGenerator({ seed, now: clock.now });
  const lines = new GeneratedLines(generator, ruleSet, noticesOf(options), new Random(seed + 1));
  if (duplicateShare === 0 && reorderShare === 0) return lines;
  return new Shuffled(lines, new Random(seed + 6), { duplicate: duplicateShare, reorder: reorderShare });
}

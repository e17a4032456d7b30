import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionRegistry } from './connections/registry';
import type { FaultQueue } from './faults/queue';
import type { RequestFaults } from './faults/request-faults';
import type { Fault } from './faults/types';
import type { FilteredStream } from './filtered-stream';
import { HttpError } from './http';
import type { ApiLog, ConnectRecord } from './log';
import { unauthorized, unsupportedAuthentication } from './problems';
import { RateLimit, type RateLimitOptions } from './rate-limit';
import type { RuleSet } from './rule-set';
import type { PostStore } from './search/post-store';
import type { Clock, Settings } from './settings';
import type { Usage } from './usage';

/** X's limits: requests per 15 minutes, of archive search also per second; v1.1 connects per 5 minutes. */
export interface Limits {
  connect: number;
  readRules: number;
  writeRules: number;
  connections: number;
  searchRecent: number;
  searchAll: number;
  searchAllPerSecond: number;
  usage: number;
  v1Connect: number;
}

export const xLimits: Limits = {
  connect: 50,
  readRules: 450,
  writeRules: 100,
  connections: 25,
  searchRecent: 450,
  searchAll: 300,
  searchAllPerSecond: 1,
  usage: 50,
  v1Connect: 5,
};

/** What the endpoints share. */
export interface Parts {
  settings: Settings;
  clock: Clock;
  log: ApiLog;
  limits: Limits;
  ruleSet: RuleSet;
  registry: ConnectionRegistry;
  stream: FilteredStream;
  store: PostStore;
  usage: Usage;
  /** For the next stream requests. */
  faults: FaultQueue<Fault>;
  requestFaults: RequestFaults;
}

/** A request that an endpoint answers. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: URLSearchParams;
  /** The log's record of a stream request. */
  record?: ConnectRecord;
  /** The body, if the method has one. */
  body: string;
}

export type Handler = (call: Call) => void;

/** Endpoints by path and method. */
export type Endpoints = Record<string, Record<string, Handler>>;

/** A limit that counts its rejections in the log. */
export function limitOf(
  { clock, log }: Parts,
  limit: number,
  options: Partial<RateLimitOptions> = {},
): RateLimit {
  return new RateLimit(limit, {
    now: clock.now,
    onReject: () => {
      log.rejected429++;
    },
    ...options,
  });
}

/** Counts a request and checks its token. @throws HttpError 429, 401 or 403 */
export function admit(call: Call, limit: RateLimit, { settings }: Parts): Record<string, string> {
  const headers = limit.take();
  const header = call.request.headers.authorization ?? '';
  if (/^OAuth /i.test(header)) throw new HttpError(403, unsupportedAuthentication());
  if (header !== `Bearer ${settings.bearerToken}`) throw new HttpError(401, unauthorized());
  return headers;
}

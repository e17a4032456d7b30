import type { Fault, RequestFault } from './faults/types';
import type { ApiLog } from './log';
import type { Rule } from './rule-set';
import type { Settings } from './settings';
import type { OtherClient } from './streams/other-client';
import type { V1Api } from './v1/api';

/** A running simulator. */
export interface XApi {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Can be changed at any time. */
  readonly settings: Settings;
  /** What the clients did. */
  readonly log: ApiLog;
  /** A second client of the same app. */
  readonly otherClient: OtherClient;
  /** The streams of v1.1. */
  readonly v1: V1Api;
  /** Number of lines sent on the filtered stream, without keep-alives. */
  readonly sent: number;
  /** Number of filtered streams opened. */
  readonly connections: number;
  /** Number of rejected requests for the filtered stream. */
  readonly refused: number;
  /** Number of 429 responses, and 420 of v1.1, caused by X's limits of requests. */
  readonly rejected429: number;
  /** The longest time that two requests of the client for one stream were open together. */
  readonly maxOverlapMs: number;
  /** Number of filtered streams that are open now. */
  readonly open: number;
  /** The file or the total is exhausted: open streams get only keep-alives. */
  readonly finished: boolean;
  /** Faults of `faultNext` and `failNext` that no request has had yet. */
  readonly pendingFaults: number;
  rules(): Rule[];
  /** Sends this line to the open streams and returns their number. */
  sendLine(line: string | Buffer): number;
  /** Sends this error to the open streams; then they end, or get only keep-alives. */
  sendError(body: object, options?: { close?: boolean }): void;
  /** Cuts the open connections; with `midLine` after a part of the next line, which the next stream gets in full. */
  dropConnections(options?: { midLine?: boolean }): Promise<void>;
  /** Ends the open streams properly, like a server that restarts. */
  endStreams(): void;
  /** Closes the open connections in the middle of a chunk. */
  truncateChunks(): void;
  /** Resets the TCP connections of the open streams. */
  reset(): void;
  /** Answers the next stream requests with this status and body; a 429 gets rate limit headers. */
  failNext(status: number, body: object | string, times?: number, headers?: Record<string, string>): void;
  /** Applies this fault to the next stream requests, those of v1.1 included. */
  faultNext(fault: Fault, times?: number): void;
  /** Forgets the faults that no stream request has had yet. */
  clearFaults(): void;
  /** Applies this fault to the next requests for rules, with this method or any. */
  failRulesNext(fault: RequestFault, times?: number, method?: 'GET' | 'POST'): void;
  /** Applies this fault to the next requests for this path. */
  failRequestNext(path: string, fault: RequestFault, times?: number, method?: string): void;
  /** Sends nothing more, not even keep-alives or response headers, until `resume`. */
  stall(): void;
  resume(): void;
  close(): Promise<void>;
}

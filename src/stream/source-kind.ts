import { stallTimeouts } from './stall-timeouts';
import { failureInStream, failureInV1Stream, type XFailure } from './x/failure';

/** A stream of the X API: one row for each source that twitter-stream-in receives live. */
export interface SourceKind {
  /** 2: with the App's bearer token; 1: signed with OAuth 1.0a. */
  version: 1 | 2;
  /** POST sends the parameters as a form. */
  method: 'GET' | 'POST';
  /** Below the base URL and the version. */
  path: string;
  /** X sends what matches the App's rules. */
  rules: boolean;
  /** Its name in the Connections API, where it has one. */
  endpoint?: string;
  /** Longest time without a byte by default, s. */
  stallTimeout: number;
  /** Connects that this package makes at most: fewer than X allows. */
  connects: { count: number; windowMs: number };
  /** The error that a message of the stream reports. `value`: the parsed line, undefined where it is not JSON. */
  failureIn(value: unknown, text: string, host: string): XFailure | undefined;
  /** How many posts X has left out since the connection opened, where a message says so. */
  leftOut(value: unknown): number | undefined;
  /** The id of the post in a message, decimal; undefined for other messages. */
  postId(value: unknown): string | undefined;
}

const v2 = {
  version: 2,
  method: 'GET',
  stallTimeout: stallTimeouts.v2.default,
  failureIn: (value: unknown, _text: string, host: string) => failureInStream(value, host),
  leftOut: () => undefined,
  postId: (value: unknown) => decimal((value as { data?: { id?: unknown } } | null | undefined)?.data?.id),
} as const;

const v1 = {
  version: 1,
  rules: false,
  stallTimeout: stallTimeouts.v1.default,
  connects: { count: 4, windowMs: 5 * 60_000 },
  failureIn: failureInV1Stream,
  leftOut: (value: unknown) => {
    const { limit } = Object(value) as { limit?: unknown };
    const { track } = Object(limit) as { track?: unknown };
    return typeof track === 'number' && track >= 0 ? track : undefined;
  },
  postId: (value: unknown) => {
    const { id_str: id, text, full_text: fullText } = Object(value) as Record<string, unknown>;
    return typeof text === 'string' || typeof fullText === 'string' ? decimal(id) : undefined;
  },
} as const;

/** The live sources by the value of twitter-stream-in's property `source`. */
export const sourceKinds = {
  filtered: {
    ...v2,
    path: 'tweets/search/stream',
    rules: true,
    endpoint: 'filtered_stream',
    connects: { count: 40, windowMs: 15 * 60_000 },
  },
  'v1-filter': { ...v1, method: 'POST', path: 'statuses/filter.json' },
  'v1-sample': { ...v1, method: 'GET', path: 'statuses/sample.json' },
} as const satisfies Record<string, SourceKind>;

export type LiveSource = keyof typeof sourceKinds;

const decimal = (id: unknown): string | undefined =>
  typeof id === 'string' && /^\d+$/.test(id) ? id : undefined;

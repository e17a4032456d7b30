import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionRegistry } from './connections/registry';
import type { OpenFault } from './faults/types';
import { lineOf } from './fields';
import { HttpError } from './http';
import type { ConnectRecord } from './log';
import { noRules, tooManyConnections } from './problems';
import type { Selection } from './query';
import type { RuleSet } from './rule-set';
import type { PostStore } from './search/post-store';
import type { Clock, Settings } from './settings';
import type { OpenStreams } from './streams/open-streams';
import type { Item } from './streams/sources';

/** Recovery connections that the app may have. */
const RECOVERY_JOBS = 2;
const MINUTE = 60_000;

/** What a request for the stream wants. */
export interface StreamRequest {
  selection: Selection;
  /** Resends the posts of this time. */
  backfillMinutes: number;
  /** Sends only the posts created then, and closes. */
  recovery?: { from: number; to: number };
  fault?: OpenFault;
}

interface Parts {
  streams: OpenStreams;
  /** Streams without a feed. */
  recoveries: OpenStreams;
  ruleSet: RuleSet;
  registry: ConnectionRegistry;
  store: PostStore;
  settings: Settings;
  clock: Clock;
}

/** GET /2/tweets/search/stream. */
export class FilteredStream {
  connections = 0;

  constructor(private readonly parts: Parts) {}

  /** Opens a stream on the response. @throws HttpError as X does, without rules or with too many connections */
  open(
    { socket }: IncomingMessage,
    response: ServerResponse,
    wanted: StreamRequest,
    headers: Record<string, string>,
    record: ConnectRecord,
  ): void {
    const { ruleSet, registry, settings, store, clock } = this.parts;
    const { selection, recovery, backfillMinutes, fault } = wanted;
    const limit = recovery ? RECOVERY_JOBS : settings.maxConnections;
    const open = recovery ? this.parts.recoveries.size : registry.counted('filtered_stream');
    if (ruleSet.list.length === 0) throw new HttpError(409, noRules(), headers);
    if (open >= limit) throw new HttpError(429, tooManyConnections(), headers);
    const streams = recovery ? this.parts.recoveries : this.parts.streams;
    const clientIp = socket.remoteAddress ?? '127.0.0.1';
    const connection = registry.open({ endpoint: 'filtered_stream', clientIp, counted: !recovery }, () =>
      streams.end([stream]),
    );
    record.id = connection.id;
    this.connections++;
    const { from, to } = recovery ?? {
      from: clock.now() - backfillMinutes * MINUTE,
      to: backfillMinutes > 0 ? Number.POSITIVE_INFINITY : 0,
    };
    const earlier = store.between(from, to);
    const stream = streams.open(response, {
      headers,
      date: clock.date,
      bytesOf: (item) => bytesOf(item, selection),
      fault,
      onStart: () => {
        record.openedAt = Date.now();
        record.status = 200;
      },
      onEnd: () => registry.close(connection, 'client_disconnect'),
    });
    for (const item of earlier) streams.send(stream, bytesOf(item, selection));
    if (recovery) streams.end([stream]);
  }
}

function bytesOf(item: Item, selection: Selection): Buffer {
  return 'bytes' in item ? item.bytes : Buffer.from(lineOf(item.post, selection, item.matching));
}

import { applyFault } from '../faults/answer';
import { opensStream } from '../faults/types';
import { type Call, type Endpoints, limitOf, type Parts } from '../parts';
import type { RateLimit } from '../rate-limit';
import type { OpenStreams } from '../streams/open-streams';
import { type Filter, filterOf, type V1Posts } from './filter';
import type { OAuth1 } from './oauth1';
import { v1Line } from './post';

export interface V1Parts {
  parts: Parts;
  streams: OpenStreams;
  posts: V1Posts;
  oauth: OAuth1;
}

const FIVE_MINUTES = 5 * 60_000;

/** The streams of the v1.1 API: one connection for both. */
export function v1Endpoints(v1: V1Parts): Endpoints {
  const limit = limitOf(v1.parts, v1.parts.limits.v1Connect, {
    windowMs: FIVE_MINUTES,
    status: 420,
    body: () => 'Exceeded connection limit for user\r\n',
  });
  return {
    '/1.1/statuses/filter.json': {
      POST: (call) => connect(v1, call, limit, () => filterOf(new URLSearchParams(call.body))),
    },
    '/1.1/statuses/sample.json': { GET: (call) => connect(v1, call, limit, () => undefined) },
  };
}

function connect(v1: V1Parts, call: Call, limit: RateLimit, filter: () => Filter | undefined): void {
  const { faults, settings, clock } = v1.parts;
  const { response, record } = call;
  const fault = faults.peek();
  if (fault && record) record.fault = fault.kind;
  if (fault && !opensStream(fault)) {
    faults.shift();
    applyFault(response, fault);
    return;
  }
  limit.take();
  v1.oauth.check(call.request, call.body);
  const wanted = filter();
  if (v1.streams.size >= settings.maxConnections) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('Exceeded connection limit for user\r\n');
    return;
  }
  v1.posts.filter = wanted;
  v1.streams.open(response, {
    headers: {},
    date: clock.date,
    bytesOf: (item) => ('bytes' in item ? item.bytes : Buffer.from(v1Line(item.post))),
    fault,
    onStart: () => {
      if (record) Object.assign(record, { openedAt: Date.now(), status: 200 });
    },
    onEnd: () => {},
  });
  if (fault) faults.shift();
}

import {
  killConnections,
  killEndpoint,
  listConnections,
  requireConnectionsApi,
} from './connections/endpoint';
import { applyFault } from './faults/answer';
import { type AnswerFault, opensStream } from './faults/types';
import { HttpError, sendJson } from './http';
import { admit, type Call, type Endpoints, type Handler, limitOf, type Parts } from './parts';
import { invalidRequest, wrongCredentials } from './problems';
import type { RateLimit } from './rate-limit';
import { changeRules, countRules, listRules } from './rules-endpoint';
import { archiveSearch, recentSearch, type SearchKind, search } from './search/endpoint';
import { streamRequest } from './streams/stream-request';

export const STREAM = '/2/tweets/search/stream';
export const RULES = '/2/tweets/search/stream/rules';

/** The endpoints of the v2 API. */
export function v2Endpoints(parts: Parts): Endpoints {
  const { limits, ruleSet, registry, settings, usage } = parts;
  const connects = limitOf(parts, limits.connect);
  const connectionCalls = limitOf(parts, limits.connections);
  const perSecond = limitOf(parts, limits.searchAllPerSecond, { windowMs: 1000 });

  const json =
    (limit: RateLimit, answer: (call: Call) => unknown): Handler =>
    (call) => {
      const headers = admit(call, limit, parts);
      sendJson(call.response, 200, answer(call), headers);
    };
  const rules = json(limitOf(parts, limits.readRules), ({ query }) => listRules(ruleSet, query));
  const counts = json(limitOf(parts, limits.readRules), ({ query }) =>
    countRules(ruleSet, settings.ruleCap, query),
  );
  const writes = limitOf(parts, limits.writeRules);
  const connections = (answer: (call: Call) => unknown) =>
    json(connectionCalls, (call) => {
      requireConnectionsApi(settings);
      return answer(call);
    });

  return {
    [STREAM]: { GET: (call) => connect(parts, call, connects) },
    [RULES]: {
      GET: rules,
      POST: (call) => {
        const headers = admit(call, writes, parts);
        const { status, body } = changeRules(ruleSet, call.query, call.body);
        sendJson(call.response, status, body, headers);
      },
    },
    [`${RULES}/counts`]: { GET: counts },
    '/2/tweets/search/recent': {
      GET: json(limitOf(parts, limits.searchRecent), (call) => found(parts, recentSearch, call)),
    },
    '/2/tweets/search/all': {
      GET: json(limitOf(parts, limits.searchAll), (call) => {
        perSecond.take();
        return found(parts, archiveSearch, call);
      }),
    },
    '/2/usage/tweets': { GET: json(limitOf(parts, limits.usage), ({ query }) => usage.body(query)) },
    '/2/connections': {
      GET: connections(({ query }) => listConnections(registry, query)),
      DELETE: connections(({ body }) => killConnections(registry, body)),
    },
    '/2/connections/:endpoint': {
      DELETE: connections(({ path }) => killEndpoint(registry, path.split('/').at(-1) as string)),
    },
    '/oauth2/token': { POST: (call) => token(parts, call) },
  };
}

function connect(parts: Parts, call: Call, limit: RateLimit): void {
  const { faults, stream, settings, clock } = parts;
  const fault = faults.peek();
  if (fault && call.record) call.record.fault = fault.kind;
  if (fault && !opensStream(fault)) {
    faults.shift();
    applyFault(call.response, fault, answered(fault) ? faultHeaders(fault, limit) : {});
    return;
  }
  const headers = admit(call, limit, parts);
  const wanted = streamRequest(call.query, settings, clock.now());
  if (!call.record) return;
  stream.open(call.request, call.response, { ...wanted, fault }, headers, call.record);
  if (fault) faults.shift();
}

/** X counts a request that it answers. */
const answered = ({ kind }: AnswerFault) =>
  kind === 'answer' || kind === 'html-200' || kind === 'not-json-200';

/** A 429 says that no request is left, unless its body names another cause. */
function faultHeaders(fault: AnswerFault, limit: RateLimit): Record<string, string> {
  const headers = limit.take();
  if (fault.kind !== 'answer' || typeof fault.body === 'string') return limit.headers(0);
  const { type, connection_issue } = fault.body as { type?: unknown; connection_issue?: unknown };
  return connection_issue || /usage-capped$/.test(String(type)) ? headers : limit.headers(0);
}

function found(parts: Parts, kind: SearchKind, { query }: Call): unknown {
  const { body, ids } = search(kind, parts.store, query, parts.settings, parts.clock.now());
  for (const id of ids) parts.usage.add(id);
  return body;
}

function token({ settings }: Parts, { request, response, body }: Call): void {
  const basic = Buffer.from(`${settings.apiKey}:${settings.apiSecret}`).toString('base64');
  if (request.headers.authorization !== `Basic ${basic}`) throw new HttpError(403, wrongCredentials());
  if (new URLSearchParams(body).get('grant_type') !== 'client_credentials')
    throw new HttpError(
      400,
      invalidRequest([{ parameters: {}, message: 'grant_type must be client_credentials' }]),
    );
  sendJson(response, 200, { token_type: 'bearer', access_token: settings.bearerToken });
}

import { HttpError } from '../http';
import { type Body, clientForbidden, invalidRequest, notFound } from '../problems';
import type { Settings } from '../settings';
import type { Connection, ConnectionRegistry } from './registry';

/** X's ids of the endpoints that have connections. */
const endpointIds = (
  'filtered_stream sample_stream sample10_stream firehose_stream firehose_stream_lang_en ' +
  'firehose_stream_lang_ja firehose_stream_lang_ko firehose_stream_lang_pt likes_firehose_stream ' +
  'likes_sample10_stream tweets_compliance_stream users_compliance_stream likes_compliance_stream ' +
  'tweet_label_stream'
).split(' ');
const statuses = ['active', 'inactive', 'all'];
const fields = ['id', 'endpoint_name', 'connected_at', 'disconnected_at', 'disconnect_reason', 'client_ip'];
const parameters = ['status', 'endpoints', 'max_results', 'pagination_token', 'connection.fields'];

const invalid = (message: string, named: Record<string, string[]> = {}) =>
  new HttpError(400, invalidRequest([{ parameters: named, message }]));

/** @throws HttpError 404 or 403 if the settings say that the app has no Connections API */
export function requireConnectionsApi({ connectionsApi }: Settings): void {
  if (connectionsApi === 403) throw new HttpError(403, clientForbidden());
  if (connectionsApi !== true) throw new HttpError(404, notFound());
}

/** GET /2/connections: the connections of the app, newest first, paginated. */
export function listConnections(registry: ConnectionRegistry, query: URLSearchParams): Body {
  for (const name of query.keys())
    if (!parameters.includes(name))
      throw invalid(`The query parameter [${name}] is not one of [${parameters.join(',')}]`, {
        [name]: query.getAll(name),
      });
  const status = oneOf(query, 'status', statuses, ['active'])[0];
  const endpoints = oneOf(query, 'endpoints', endpointIds, endpointIds);
  const shown = oneOf(query, 'connection.fields', fields, fields);
  const limit = query.get('max_results') ?? '10';
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 100)
    throw invalid(`The \`max_results\` query parameter value [${limit}] is not between 1 and 100`, {
      max_results: [limit],
    });
  const from = Number.parseInt(query.get('pagination_token') ?? '0', 36) || 0;
  const found = registry.list.filter(
    (one) =>
      endpoints.includes(one.endpoint) &&
      (status === 'all' || registry.isActive(one) === (status === 'active')),
  );
  const page = found.slice(from, from + Number(limit));
  const next = from + page.length;
  const meta: Body = { result_count: page.length };
  if (next < found.length) meta.next_token = next.toString(36).padStart(16, '0');
  const data = page.map((one) => pick(bodyOf(one, registry.isActive(one)), ['id', ...shown]));
  return data.length > 0 ? { data, meta } : { meta };
}

/** DELETE /2/connections with `uuids`. */
export function killConnections(registry: ConnectionRegistry, text: string): Body {
  let uuids: unknown;
  try {
    uuids = (JSON.parse(text) as { uuids?: unknown } | null)?.uuids;
  } catch {
    throw invalid('The request body is not valid JSON');
  }
  if (!Array.isArray(uuids) || uuids.length === 0 || uuids.some((uuid) => typeof uuid !== 'string'))
    throw invalid('$.uuids: must be a list with at least one string');
  return killed(registry, uuids as string[]);
}

/** DELETE /2/connections/all, or of one endpoint. */
export function killEndpoint(registry: ConnectionRegistry, name: string): Body {
  if (name !== 'all' && !endpointIds.includes(name)) throw new HttpError(404, notFound());
  const active = registry.list.filter((one) => registry.isActive(one));
  return killed(
    registry,
    active.filter((one) => name === 'all' || one.endpoint === name).map(({ id }) => id),
  );
}

function killed(registry: ConnectionRegistry, uuids: string[]): Body {
  const results = uuids.map((uuid) => {
    const success = registry.kill(uuid);
    return { uuid, success, ...(!success && { error_message: 'Connection not found' }) };
  });
  const successes = results.filter(({ success }) => success).length;
  return { data: { successful_kills: successes, failed_kills: results.length - successes, results } };
}

function oneOf(query: URLSearchParams, name: string, known: string[], otherwise: string[]): string[] {
  const text = query.get(name);
  if (text === null) return otherwise;
  const values = text.split(',');
  for (const value of values)
    if (!known.includes(value))
      throw invalid(`The \`${name}\` query parameter value [${value}] is not one of [${known.join(',')}]`, {
        [name]: [text],
      });
  return values;
}

const time = (at: number) => new Date(at).toISOString();

function bodyOf(connection: Connection, active: boolean): Record<string, string> {
  const { closed } = connection;
  return {
    id: connection.id,
    endpoint_name: connection.endpoint,
    connected_at: time(connection.connectedAt),
    ...(closed && !active && { disconnected_at: time(closed.releasedAt), disconnect_reason: closed.reason }),
    client_ip: connection.clientIp,
  };
}

const pick = (body: Record<string, string>, names: string[]) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));

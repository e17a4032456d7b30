import { parsedJson } from '../../util/json-text';
import type { XClient } from './client';

/** A connection of the App to a stream, as X lists it. */
export interface ListedConnection {
  id: string;
  /** Epoch ms by X's clock. */
  connectedAt?: number;
  clientIp?: string;
}

/**
 * The App's open connections to a stream ("Connections").
 * @param endpoint e.g. "filtered_stream"
 * @returns rejects with an XFailure; not every App may use this API
 */
export async function listConnections(client: XClient, endpoint: string): Promise<ListedConnection[]> {
  const query = {
    status: 'active',
    endpoints: endpoint,
    max_results: 100,
    'connection.fields': 'client_ip,connected_at,endpoint_name,id',
  };
  const { body } = await client.request({ method: 'GET', path: 'connections', query });
  const { data } = Object(parsedJson(body)) as { data?: unknown };
  if (!Array.isArray(data)) return [];
  return data.map((entry) => {
    const { id, connected_at: at, client_ip: ip } = Object(entry) as Record<string, unknown>;
    const connectedAt = Date.parse(String(at));
    return {
      id: String(id),
      connectedAt: Number.isNaN(connectedAt) ? undefined : connectedAt,
      clientIp: typeof ip === 'string' ? ip : undefined,
    };
  });
}

/** Ends connections. @returns rejects with an XFailure */
export async function endConnections(client: XClient, ids: string[]): Promise<void> {
  await client.request({ method: 'DELETE', path: 'connections', body: { uuids: ids } });
}

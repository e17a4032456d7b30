import { join } from 'node:path';
import type { ClusterOptions } from './cluster-options';
import { freePorts } from './ports';
import type { NodeConfig } from './server-properties';

/** Configurations of the nodes of a cluster in the directory `home`, with free ports. */
export async function nodeConfigs(home: string, options: ClusterOptions): Promise<NodeConfig[]> {
  const { nodes: count = 3, secured = {}, advertised = {} } = options;
  const listeners = Object.entries(secured);
  const each = 3 + listeners.length;
  // In one call, so that all ports differ.
  const ports = await freePorts(Array(count * each).fill(undefined));
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const portOf = (id: number, which: number) => ports[(id - 1) * each + which] as number;
  const voters = ids.map((id) => ({ id, port: portOf(id, 2) }));
  return ids.map((id) => ({
    id,
    home,
    dir: join(home, `node-${id}`),
    ports: { client: portOf(id, 0), internal: portOf(id, 1), controller: portOf(id, 2) },
    voters,
    secured: listeners.map(([name, protocol], index) => ({ name, protocol, port: portOf(id, 3 + index) })),
    advertised: Object.fromEntries(
      Object.entries(advertised).flatMap(([name, list]) => {
        const own = list[id - 1];
        return own ? [[name, own]] : [];
      }),
    ),
  }));
}

/** "127.0.0.1:port,127.0.0.1:port,…" */
export function addresses(ports: number[]): string {
  return ports.map((port) => `127.0.0.1:${port}`).join(',');
}

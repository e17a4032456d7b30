import { createServer, type Server } from 'node:net';

const host = '127.0.0.1';

/**
 * Free ports of 127.0.0.1, all different: each wanted port if it is free, otherwise (or for undefined) one that the
 * system chooses.
 */
export async function freePorts(wanted: (number | undefined)[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (const port of wanted) {
      servers.push((port && (await listen(port).catch(() => undefined))) || (await listen(0)));
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

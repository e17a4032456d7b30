import { createServer, type Server } from 'node:net';

const host = '127.0.0.1';

/**
 * Ports of 127.0.0.1 that nobody listens on, one for each wish: the wished one if it is free,
 * otherwise (or for undefined) one that the system chooses. All differ.
 */
export async function freePorts(wishes: (number | undefined)[]): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (const wish of wishes) {
      held.push((wish && (await hold(wish).catch(() => undefined))) || (await hold(0)));
    }
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function hold(port: number): Promise<Server> {
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

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** A test that needs [::1]: not registered on a machine without it. */
export function ipv6Test(title: string, run: () => Promise<void>): void {
  if (hasIpv6) test(title, run);
  else console.log(`This machine has no [::1]: not run: ${title}`);
}

/** Starts a server on [::1]. @returns its port */
export async function listenOnIpv6(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '::1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A free port of [::1]. */
export async function freeIpv6Port(): Promise<number> {
  const server = createServer();
  const port = await listenOnIpv6(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

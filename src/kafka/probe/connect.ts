import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { flatten, Problem } from '../../util/problem';
import { within } from '../../util/within';
import { type Address, formatAddress } from '../connection/address';
import { describeError } from '../errors';

const nameLimitMs = 3000;
const connectLimitMs = 4000;

/**
 * Opens a connection in steps: DNS, TCP, TLS.
 * @param ssl options of `tls.connect`; undefined: plaintext
 * @throws Problem with the step that failed and the address
 */
export async function connectTo({ host, port }: Address, ssl?: tls.ConnectionOptions): Promise<net.Socket> {
  await resolveName(host);
  const socket = await connected(net.connect({ host, port }), 'connect', { host, port });
  if (!ssl) return socket;
  const servername = net.isIP(host) ? {} : { servername: host };
  // `host`: the name or address to check the certificate for.
  const secure = tls.connect({ host, ...servername, ...ssl, socket });
  return connected(secure, 'secureConnect', { host, port });
}

async function resolveName(host: string): Promise<void> {
  if (net.isIP(host)) return;
  try {
    await within(lookup(host), nameLimitMs, () => {
      throw new Problem('kafka-probe-name-late', { host });
    });
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('kafka-probe-name', { host, code: codeOf(error) });
  }
}

async function connected<Socket extends net.Socket>(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  address: Address,
): Promise<Socket> {
  // Without a listener, an error between this step and the next would end the process.
  socket.on('error', () => {});
  try {
    await within(once(socket, event), connectLimitMs, () => {
      const place = formatAddress(address);
      throw event === 'secureConnect'
        ? new Problem('kafka-probe-tls-silent', { place })
        : new Problem('connection-timeout', { place, code: 'ETIMEDOUT' });
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof Problem ? error : socketProblem(error as Error, address);
  }
}

/** The sentence for a socket's error; for several IP addresses of a host, the error of the first. */
export function socketProblem(error: Error, address: Address): Problem {
  const { code } = error as { code?: unknown };
  return describeError(Object.assign(new Error(flatten(error)), { code, ...address }));
}

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? 'ENOTFOUND');

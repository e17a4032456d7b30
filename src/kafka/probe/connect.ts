import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { flatten, Problem } from '../../util/problem';
import { describeError } from '../errors';

const nameLimitMs = 3000;
const connectLimitMs = 4000;

/** A broker's address in its parts. */
export interface Address {
  host: string;
  port: number;
}

/** "host:port" in its parts. */
export function addressOf(broker: string): Address {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
}

/**
 * Opens a connection step by step: name, TCP, TLS.
 * @param ssl what `tls.connect` takes; undefined: plaintext
 * @throws Problem that says which step failed and where
 */
export async function connectTo({ host, port }: Address, ssl?: tls.ConnectionOptions): Promise<net.Socket> {
  await resolveName(host);
  const socket = await connected(net.connect({ host, port }), 'connect', { host, port });
  if (!ssl) return socket;
  const servername = net.isIP(host) ? {} : { servername: host };
  // The certificate is checked against this name or address.
  const secure = tls.connect({ host, ...servername, ...ssl, socket });
  return connected(secure, 'secureConnect', { host, port });
}

async function resolveName(host: string): Promise<void> {
  if (net.isIP(host)) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Problem('kafka-probe-name-late', { host })), nameLimitMs);
  });
  try {
    await Promise.race([lookup(host), late]);
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('kafka-probe-name', { host, code: codeOf(error) });
  } finally {
    clearTimeout(timer);
  }
}

function connected<Socket extends net.Socket>(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  place: Address,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (problem: Problem): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(problem);
    };
    const failed = (error: Error): void => fail(socketProblem(error, place));
    const timer = setTimeout(() => {
      const address = `${place.host}:${place.port}`;
      if (event === 'secureConnect') fail(new Problem('kafka-probe-tls-silent', { place: address }));
      else fail(new Problem('connection-timeout', { place: address, code: 'ETIMEDOUT' }));
    }, connectLimitMs);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', failed);
      // Whoever uses the socket next listens for its errors; none may end the process in between.
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', failed);
  });
}

/** The sentence for a socket's error at a place; where several addresses were tried, of the first. */
export function socketProblem(error: Error, place: Address): Problem {
  const { code } = error as { code?: unknown };
  return describeError(Object.assign(new Error(flatten(error)), { code, ...place }));
}

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? 'ENOTFOUND');

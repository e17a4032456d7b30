import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { KafkaProblem } from '../kafka-problem';
import { formatAddress } from './address';
import { BrokerHealth } from './broker-health';
import { Frames } from './frames';

const keepAliveMs = 30_000;

/**
 * The sockets of one kafkajs client: without Nagle's delay, with complete frames only, and counted, so that an
 * idle client notices when its last connection closes (kafkajs does not report it).
 */
export class Sockets {
  /** Each with its broker, `host:port`. */
  private readonly open = new Map<net.Socket, string>();
  private ended = false;
  private destroyed = false;

  /**
   * @param onAllClosed called when the last open socket closes, unless `destroy`, `abandon` or `end` came before
   * @param brokerHealth records the outcome of each connect
   * @param onRequest called with the API key of each request at the moment it is sent
   */
  constructor(
    private readonly onAllClosed: () => void = () => {},
    private readonly brokerHealth: BrokerHealth = new BrokerHealth(),
    private readonly onRequest?: (apiKey: number) => void,
  ) {}

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    const place = formatAddress({ host, port });
    this.open.set(socket, place);
    this.watch(socket, place, ssl ? 'secureConnect' : 'connect');
    socket.once('close', () => {
      this.open.delete(socket);
      if (this.open.size === 0 && !this.ended) this.onAllClosed();
    });
    deliverFrames(socket);
    if (this.onRequest) watchRequests(socket, this.onRequest);
    if (this.destroyed) process.nextTick(close, socket, place);
    return socket;
  };

  /** Closes all sockets, and those created later: requests on them fail at once. */
  destroy(): void {
    this.ended = true;
    this.destroyed = true;
    for (const [socket, place] of this.open) close(socket, place);
  }

  /** Closes the sockets to one broker (`host:port`), and those created later; other brokers may still answer. */
  abandon(place: string): void {
    this.ended = true;
    this.destroyed = true;
    for (const [socket, to] of this.open) if (to === place) close(socket, place);
  }

  /** The client disconnects: sockets that close are no longer reported. */
  end(): void {
    this.ended = true;
  }

  private watch(socket: net.Socket, place: string, connected: 'connect' | 'secureConnect'): void {
    let reported = false;
    const failed = (): void => {
      // A socket that closes because the client ends says nothing about the broker.
      if (!reported && !this.ended) this.brokerHealth.unreachable(place);
      reported = true;
    };
    socket.once(connected, () => {
      reported = true;
      this.brokerHealth.connected(place);
    });
    socket.once('close', failed);
    // kafkajs ends a socket that did not connect in time; the operating system would try for minutes.
    const end = socket.end.bind(socket) as (...args: unknown[]) => net.Socket;
    socket.end = ((...args: unknown[]) => {
      failed();
      return end(...args);
    }) as typeof socket.end;
  }
}

/** Destroys with an error, because kafkajs does not listen for a socket's close. */
function close(socket: net.Socket, place: string): void {
  socket.destroy(new KafkaProblem('CONNECTION_ABANDONED', { place }));
}

/** kafkajs writes each request with one call: its length (4 bytes), then its API key. */
function watchRequests(socket: net.Socket, onRequest: (apiKey: number) => void): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = ((...args: unknown[]) => {
    const [request] = args;
    // A destroyed socket sends nothing.
    if (!socket.destroyed && Buffer.isBuffer(request) && request.length >= 6) {
      onRequest(request.readInt16BE(4));
    }
    return write(...args);
  }) as typeof socket.write;
}

function deliverFrames(socket: net.Socket): void {
  const on = socket.on.bind(socket) as (event: string, listener: (...args: never[]) => void) => net.Socket;
  socket.on = ((event: string, listener: (...args: unknown[]) => void) => {
    if (event !== 'data') return on(event, listener);
    const frames = new Frames();
    return on(event, (chunk: Buffer) => {
      let complete: Buffer | undefined;
      try {
        complete = frames.push(chunk);
      } catch (error) {
        socket.destroy(error as Error);
        return;
      }
      if (complete) listener(complete);
    });
  }) as typeof socket.on;
}

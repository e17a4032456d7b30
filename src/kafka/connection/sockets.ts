import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { KafkaProblem } from '../kafka-problem';
import { BrokerHealth } from './broker-health';
import { Frames } from './frames';

const keepAliveMs = 30_000;

/**
 * The sockets of one kafkajs client: made without Nagle's delay, handing on whole frames only, and
 * counted, so that an idle client learns at once when its last connection is gone (kafkajs does not tell).
 */
export class Sockets {
  /** With where they lead to, `host:port`. */
  private readonly open = new Map<net.Socket, string>();
  private ended = false;
  private cutOff = false;

  /**
   * @param onAllGone called when the last open socket closed, unless `destroy` closed it
   * @param brokerHealth told of each attempt to connect
   */
  constructor(
    private readonly onAllGone: () => void = () => {},
    private readonly brokerHealth: BrokerHealth = new BrokerHealth(),
  ) {}

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    const place = `${host}:${port}`;
    this.open.set(socket, place);
    this.tellReach(socket, place, ssl ? 'secureConnect' : 'connect');
    socket.once('close', () => {
      this.open.delete(socket);
      if (this.open.size === 0 && !this.ended) this.onAllGone();
    });
    deliverWholeFrames(socket);
    if (this.cutOff) process.nextTick(cut, socket, place);
    return socket;
  };

  /** Cuts all sockets, and those that are still asked for: what waits on them fails now. */
  destroy(): void {
    this.ended = true;
    this.cutOff = true;
    for (const [socket, place] of this.open) cut(socket, place);
  }

  /** Cuts the sockets to one broker (`host:port`), and those that are still asked for; the other brokers may answer. */
  abandon(place: string): void {
    this.ended = true;
    this.cutOff = true;
    for (const [socket, to] of this.open) if (to === place) cut(socket, place);
  }

  /** From here on nobody is told when the sockets close: the client is being disconnected. */
  end(): void {
    this.ended = true;
  }

  private tellReach(socket: net.Socket, place: string, stands: 'connect' | 'secureConnect'): void {
    let told = false;
    const failed = (): void => {
      // What ends because the client is let go says nothing of the broker.
      if (!told && !this.ended) this.brokerHealth.unreachable(place);
      told = true;
    };
    socket.once(stands, () => {
      told = true;
      this.brokerHealth.connected(place);
    });
    socket.once('close', failed);
    // kafkajs ends a socket whose connection took too long; the operating system goes on trying for minutes.
    const end = socket.end.bind(socket) as (...args: unknown[]) => net.Socket;
    socket.end = ((...args: unknown[]) => {
      failed();
      return end(...args);
    }) as typeof socket.end;
  }
}

/** With an error, because kafkajs does not listen for a socket's close. */
function cut(socket: net.Socket, place: string): void {
  socket.destroy(new KafkaProblem('CONNECTION_ABANDONED', { place }));
}

function deliverWholeFrames(socket: net.Socket): void {
  const on = socket.on.bind(socket) as (event: string, listener: (...args: never[]) => void) => net.Socket;
  socket.on = ((event: string, listener: (...args: unknown[]) => void) => {
    if (event !== 'data') return on(event, listener);
    const frames = new Frames();
    return on(event, (chunk: Buffer) => {
      let whole: Buffer | undefined;
      try {
        whole = frames.push(chunk);
      } catch (error) {
        socket.destroy(error as Error);
        return;
      }
      if (whole) listener(whole);
    });
  }) as typeof socket.on;
}

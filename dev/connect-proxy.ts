import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What the proxy does with each CONNECT. */
export type ProxyMode =
  | { kind: 'work' }
  /** Answers with this status instead of a tunnel. */
  | { kind: 'refuse'; status: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** Answers, and connects to the target, only when `answerLate()` is called. */
  | { kind: 'late' }
  /** Closes the connection instead of an answer. */
  | { kind: 'close' }
  /** Opens the tunnel, and cuts it after so many bytes from the target, or after a time. */
  | { kind: 'cut'; afterBytes?: number; afterMs?: number };

/** An HTTP proxy for tests. It only tunnels. */
export interface ConnectProxy {
  readonly url: string;
  /** "127.0.0.1:3128" */
  readonly place: string;
  mode: ProxyMode;
  /** "user:password" that it requires, from the next CONNECT on. */
  credentials?: string;
  /** The targets of all CONNECT requests, as "host:port". */
  readonly connects: string[];
  /** Requests other than CONNECT. */
  readonly others: string[];
  /** Tunnels that were opened. */
  readonly opened: number;
  /** Connections of clients that are open now. */
  readonly clients: number;
  /** Opens the tunnels of all late CONNECT requests whose client is still there. */
  answerLate(): void;
  /** Cuts all open tunnels with a TCP reset. */
  cutAll(): void;
  /** Ends all tunnels in order. */
  endAll(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startConnectProxy(mode: ProxyMode = { kind: 'work' }): Promise<ConnectProxy> {
  const server = createServer();
  const clients = new Set<Socket>();
  const tunnels = new Set<[Duplex, Socket]>();
  const late: (() => void)[] = [];
  let opened = 0;

  server.on('connection', (socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
    socket.on('error', () => {});
  });
  server.on('request', (request, response) => {
    proxy.others.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? '';
    proxy.connects.push(target);
    client.on('error', () => {});
    const { credentials } = proxy;
    const sent = request.headers['proxy-authorization'];
    if (credentials !== undefined && sent !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      answer(client, 407, 'Proxy Authentication Required', 'proxy-authenticate: Basic realm="test"\r\n');
      return;
    }
    const { mode: now } = proxy;
    if (now.kind === 'refuse') answer(client, now.status, 'Refused');
    else if (now.kind === 'close') client.destroy();
    else if (now.kind === 'hang' || now.kind === 'late') {
      // A client that closes is noticed only while its bytes are read.
      client.on('end', () => client.destroy()).resume();
      if (now.kind === 'late') late.push(() => openTunnel(target, client, head));
    } else openTunnel(target, client, head, now);
  });

  function openTunnel(target: string, client: Duplex, head: Buffer, cut?: ProxyMode): void {
    if (client.destroyed) return;
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(Number(port || 80), hostname.replace(/^\[(.*)\]$/, '$1'));
    const tunnel: [Duplex, Socket] = [client, upstream];
    upstream.on('error', () => {
      if (!client.destroyed && upstream.bytesRead === 0) answer(client, 502, 'Bad Gateway');
      else client.destroy();
    });
    upstream.on('connect', () => {
      opened++;
      tunnels.add(tunnel);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream);
      upstream.pipe(client);
      if (cut?.kind === 'cut') cutLater(tunnel, cut);
    });
    const end = (): void => {
      tunnels.delete(tunnel);
      client.destroy();
      upstream.destroy();
    };
    client.on('close', end);
    upstream.on('close', () => client.end(end));
  }

  const proxy: ConnectProxy = {
    url: '',
    place: '',
    mode,
    connects: [],
    others: [],
    get opened() {
      return opened;
    },
    get clients() {
      return clients.size;
    },
    answerLate() {
      for (const open of late.splice(0)) open();
    },
    cutAll() {
      for (const tunnel of tunnels) reset(tunnel);
    },
    endAll() {
      for (const [client] of tunnels) client.end();
    },
    close() {
      for (const socket of clients) socket.destroy();
      for (const [, upstream] of tunnels) upstream.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(proxy, { url: `http://${place}`, place });
}

function answer(client: Duplex, status: number, words: string, headers = ''): void {
  client.end(`HTTP/1.1 ${status} ${words}\r\n${headers}content-length: 0\r\n\r\n`);
}

function cutLater(
  tunnel: [Duplex, Socket],
  { afterBytes, afterMs = 0 }: { afterBytes?: number; afterMs?: number },
): void {
  const [, upstream] = tunnel;
  if (afterBytes === undefined) {
    setTimeout(() => reset(tunnel), afterMs).unref();
    return;
  }
  upstream.on('data', () => {
    if (upstream.bytesRead >= afterBytes) reset(tunnel);
  });
  if (afterBytes === 0) reset(tunnel);
}

function reset([client, upstream]: [Duplex, Socket]): void {
  (client as Socket).resetAndDestroy();
  upstream.destroy();
}

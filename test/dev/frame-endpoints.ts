import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '../until';

/** A request in Kafka's framing. */
export function request(apiKey: number, correlationId: number, body = 'body'): Buffer {
  const text = Buffer.from(body);
  const frame = Buffer.alloc(12 + text.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt16BE(apiKey, 4);
  frame.writeInt32BE(correlationId, 8);
  text.copy(frame, 12);
  return frame;
}

/** The response that `FramesServer` sends to it. */
export function response(correlationId: number, body = 'response'): Buffer {
  const frame = Buffer.alloc(8 + body.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt32BE(correlationId, 4);
  frame.write(body, 8);
  return frame;
}

/** A server that records what it receives and responds to every complete request. */
export class FramesServer {
  /** Received bytes, by connection. */
  readonly got: Buffer[] = [];
  readonly sockets: Socket[] = [];
  readonly #responded: number[] = [];
  /** false: records requests without responding. */
  responds = true;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const index = this.sockets.push(socket) - 1;
      this.got[index] = Buffer.alloc(0);
      this.#responded[index] = 0;
      socket.on('error', () => {});
      socket.on('data', (part) => {
        this.got[index] = Buffer.concat([this.got[index] as Buffer, part]);
        this.#respond(index, socket);
      });
    });
  }

  static async start(): Promise<FramesServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FramesServer(server);
  }

  get target(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  #respond(index: number, socket: Socket): void {
    const bytes = this.got[index] as Buffer;
    for (let at = this.#responded[index] as number; this.responds && bytes.length >= at + 4; ) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (bytes.length < end) return;
      socket.write(response(bytes.readInt32BE(at + 8)));
      this.#responded[index] = at = end;
    }
  }
}

/** A client that records what it receives. */
export class FramesClient {
  got: Buffer = Buffer.alloc(0);
  error: NodeJS.ErrnoException | undefined;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (part) => {
      this.got = Buffer.concat([this.got, part]);
    });
    this.socket.on('error', (error) => {
      this.error = error;
    });
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  get closed(): boolean {
    return this.socket.closed;
  }

  /** Resolves when it has received at least `bytes` bytes. */
  has(bytes: number): Promise<void> {
    return until(() => this.got.length >= bytes, `${bytes} bytes from the proxy`);
  }
}

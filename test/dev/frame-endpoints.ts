import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '../until';

export { until };

/** A request as Kafka frames it. */
export function request(apiKey: number, correlationId: number, body = 'body'): Buffer {
  const text = Buffer.from(body);
  const frame = Buffer.alloc(12 + text.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt16BE(apiKey, 4);
  frame.writeInt32BE(correlationId, 8);
  text.copy(frame, 12);
  return frame;
}

/** The answer that `FramesServer` gives to it. */
export function answer(correlationId: number, body = 'answer'): Buffer {
  const frame = Buffer.alloc(8 + body.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt32BE(correlationId, 4);
  frame.write(body, 8);
  return frame;
}

/** A server that keeps what it gets, and answers every whole request. */
export class FramesServer {
  /** What came on each connection, in the order of the connections. */
  readonly got: Buffer[] = [];
  readonly sockets: Socket[] = [];
  readonly #answered: number[] = [];
  /** Off: requests are kept and not answered. */
  answers = true;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const index = this.sockets.push(socket) - 1;
      this.got[index] = Buffer.alloc(0);
      this.#answered[index] = 0;
      socket.on('error', () => {});
      socket.on('data', (part) => {
        this.got[index] = Buffer.concat([this.got[index] as Buffer, part]);
        this.#answerAll(index, socket);
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

  #answerAll(index: number, socket: Socket): void {
    const bytes = this.got[index] as Buffer;
    for (let at = this.#answered[index] as number; this.answers && bytes.length >= at + 4; ) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (bytes.length < end) return;
      socket.write(answer(bytes.readInt32BE(at + 8)));
      this.#answered[index] = at = end;
    }
  }
}

/** A client that keeps what it gets. */
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

  /** Resolves when it has so many bytes or more. */
  has(bytes: number): Promise<void> {
    return until(() => this.got.length >= bytes);
  }
}

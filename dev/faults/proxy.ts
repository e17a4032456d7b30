import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ProxyConnection, type Target } from './proxy-connection';
import { type Counts, type Fault, type FaultOptions, FaultPlan } from './proxy-plan';

export type { Counts, FaultOptions, Target };

/**
 * Starts a proxy for one broker on a port of 127.0.0.1 that the system chooses. Its `target` may be told later, for
 * the broker must know the proxy's address before it starts; until then connections are closed.
 */
export async function startProxy(): Promise<FaultProxy> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new FaultProxy(server);
}

/**
 * Passes Kafka's frames on in both directions, and breaks them as it is told. One fault is in force at a time: the
 * next one replaces it, `calm` ends it. Faults hit Produce requests unless told otherwise.
 */
export class FaultProxy {
  target: Target | undefined;
  readonly port: number;
  readonly #plan = new FaultPlan();
  readonly #open = new Set<ProxyConnection>();

  constructor(private readonly server: Server) {
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#accept(client));
  }

  /** "127.0.0.1:port" */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Since the start; a copy. */
  get counts(): Counts {
    const { connections, requests, faults } = this.#plan.counts;
    return { connections, requests: { ...requests }, faults };
  }

  /** How many connections are open now, towards the client or the broker. */
  get open(): number {
    return this.#open.size;
  }

  /** The request goes to the broker whole; its answer is thrown away and both sides are cut. */
  cutBeforeResponse(options?: FaultOptions): void {
    this.#set('cutBeforeResponse', options);
  }

  /** Half of the request's bytes go to the broker, then both sides are cut. */
  cutMidRequest(options?: FaultOptions): void {
    this.#set('cutMidRequest', options);
  }

  /** Half of the answer's bytes go to the client, then its side is reset. */
  resetMidResponse(options?: FaultOptions): void {
    this.#set('resetMidResponse', options);
  }

  /**
   * On the connections that are open now requests go on to the broker, but no answer ever comes back, and they stay
   * open, after `calm` too: a firewall that has forgotten a connection does not remember it. New ones work.
   */
  dropResponses(): void {
    this.#plan.set(undefined);
    for (const connection of this.#open) connection.dropResponses();
  }

  /** Each request, whatever it is, is passed on only after so many milliseconds, in order, even if its client has gone. */
  delay(ms: number, options?: FaultOptions): void {
    this.#set('delay', { apiKey: 'any', ...options }, ms);
  }

  /** Open connections are cut, and new ones are closed at once. */
  refuse(): void {
    this.#set('refuse');
    this.#plan.counts.faults += this.#open.size;
    this.#cutAll();
  }

  /** Everything is passed on again; what is held already comes at its time. */
  passThrough(): void {
    this.#plan.set(undefined);
  }

  /** Cuts every connection and listens no more. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.#cutAll();
    await closed;
  }

  #set(kind: Fault['kind'], options: FaultOptions = {}, ms = 0): void {
    this.#plan.set({ kind, every: 1, apiKey: 0, ms, ...options });
  }

  #accept(client: Socket): void {
    this.#plan.counts.connections++;
    if (this.#plan.refuses) this.#plan.done();
    if (this.#plan.refuses || !this.target) {
      client.destroy();
      return;
    }
    this.#open.add(
      new ProxyConnection(client, this.target, this.#plan, (connection) => this.#open.delete(connection)),
    );
  }

  #cutAll(): void {
    for (const connection of this.#open) connection.cut();
  }
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ProxyConnection, type Target } from './proxy-connection';
import { type Counts, type Fault, type FaultOptions, FaultPlan } from './proxy-plan';

export type { Counts, FaultOptions, Target };

/**
 * Starts a proxy for one broker on a free port of 127.0.0.1. Set its `target` later: the broker needs the proxy's
 * address before it starts. Until then the proxy closes connections.
 */
export async function startProxy(): Promise<FaultProxy> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new FaultProxy(server);
}

/**
 * Forwards Kafka frames in both directions and injects faults. One fault is active at a time: the next one replaces
 * it, `passThrough` ends it. By default faults hit Produce requests.
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

  /** A copy of the counters since the start. */
  get counts(): Counts {
    const { connections, requests, faults } = this.#plan.counts;
    return { connections, requests: { ...requests }, faults };
  }

  /** Number of connections that are open to the client or to the broker. */
  get open(): number {
    return this.#open.size;
  }

  /** Forwards the request, drops its response and cuts both connections. */
  cutBeforeResponse(options?: FaultOptions): void {
    this.#set('cutBeforeResponse', options);
  }

  /** Forwards half of the request and cuts both connections. */
  cutMidRequest(options?: FaultOptions): void {
    this.#set('cutMidRequest', options);
  }

  /** Forwards half of the response and resets the client's connection. */
  resetMidResponse(options?: FaultOptions): void {
    this.#set('resetMidResponse', options);
  }

  /**
   * The connections that are open now stay open and forward requests, but never another response, not even after
   * `passThrough`: like a firewall that has dropped its connection state. New connections work.
   */
  dropResponses(): void {
    this.#plan.set(undefined);
    for (const connection of this.#open) connection.dropResponses();
  }

  /** Delays every request by `ms` milliseconds, in order, even if its client disconnects. Hits any API by default. */
  delay(ms: number, options?: FaultOptions): void {
    this.#set('delay', { apiKey: 'any', ...options }, ms);
  }

  /** Cuts open connections and closes new ones at once. */
  refuse(): void {
    this.#set('refuse');
    this.#plan.counts.faults += this.#open.size;
    this.#cutAll();
  }

  /** Forwards everything again; requests that are already delayed keep their delay. */
  passThrough(): void {
    this.#plan.set(undefined);
  }

  /** Cuts all connections and stops listening. */
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
    if (this.#plan.refuses) this.#plan.countFault();
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

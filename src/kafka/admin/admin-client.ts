import type { Admin } from 'kafkajs';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { placeOf } from '../connection/address';
import { BrokerHealth } from '../connection/broker-health';
import type { BrokerRequests } from '../connection/broker-requests';
import { type ClusterSettings, createAdmin, type DetailLog } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { isAnswer, noteAdvertiser } from '../errors';

/** A client for one operation that changes something. */
export interface OwnClient {
  /** Cuts the client's connections: nothing is sent afterwards. */
  ending: AbortSignal;
  /** Called with the API key of each request at the moment it is sent. */
  onRequest(apiKey: number): void;
}

/** Sends requests over a connected client. */
type Run<T> = (requests: BrokerRequests) => Promise<T>;

const idleMs = 10_000;
const disconnectLimitMs = 2000;

interface OpenClient {
  admin: Admin;
  requests: BrokerRequests;
  sockets: Sockets;
  ready: Promise<void>;
  users: number;
  broken: boolean;
}

/**
 * One kafkajs admin client for all users of a cluster: connects at the first use, disconnects when idle for
 * ten seconds, and is replaced after a failure. An operation that changes something gets a client of its own:
 * kafkajs cannot cancel a request or its own retries, but a cut connection ends both, and hits no other user.
 */
export class AdminClient {
  private client?: OpenClient;
  private readonly own = new Set<OpenClient>();
  private idle?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly settings: ClusterSettings,
    private readonly detail: DetailLog,
    private readonly brokerHealth = new BrokerHealth(),
  ) {}

  /**
   * Calls `run` with a connected client.
   * @param own for an operation that changes something: the client is its own, and cut when the operation ends
   * @throws what kafkajs threw, or Problem "closing" after `close`
   */
  async use<T>(run: Run<T>, own?: OwnClient): Promise<T> {
    if (this.closed) throw new Problem('closing');
    if (own) return this.useOwn(run, own);
    this.client ??= this.open();
    const client = this.client;
    client.users++;
    clearTimeout(this.idle);
    try {
      return await this.runWith(client, run);
    } catch (error) {
      if (!isAnswer(error)) this.drop(client);
      throw error;
    } finally {
      client.users--;
      if (client.users === 0) this.release(client);
    }
  }

  /** Closes the client; operations in flight fail. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    const client = this.client;
    this.client = undefined;
    for (const { sockets } of this.own) sockets.destroy();
    await Promise.all([...(client ? [client] : []), ...this.own].map(end));
  }

  private async useOwn<T>(run: Run<T>, own: OwnClient): Promise<T> {
    const client = this.open(own.onRequest);
    client.users++;
    this.own.add(client);
    const cut = (): void => client.sockets.destroy();
    own.ending.addEventListener('abort', cut, { once: true });
    try {
      return await this.runWith(client, run);
    } finally {
      own.ending.removeEventListener('abort', cut);
      void end(client).finally(() => this.own.delete(client));
    }
  }

  private async runWith<T>({ ready, requests }: OpenClient, run: Run<T>): Promise<T> {
    try {
      await ready;
      const result = await run(requests);
      this.brokerHealth.answered();
      return result;
    } catch (error) {
      noteAdvertiser(error, this.settings.brokers, this.brokerHealth);
      throw error;
    }
  }

  private open(onRequest?: OwnClient['onRequest']): OpenClient {
    const sockets = new Sockets(
      () => {
        // The broker closed an idle connection: the next use creates a new client.
        if (client.users === 0) this.drop(client);
      },
      this.brokerHealth,
      onRequest,
    );
    const brokers = this.brokerHealth.bootstrapOrder(this.settings.brokers);
    const { admin, requests } = createAdmin({ ...this.settings, brokers }, sockets, this.detail);
    admin.on(admin.events.REQUEST_TIMEOUT, ({ payload }) =>
      this.brokerHealth.unresponsive(placeOf(payload.broker)),
    );
    const client: OpenClient = { admin, requests, sockets, ready: admin.connect(), users: 0, broken: false };
    client.ready.catch(() => {});
    return client;
  }

  private release(client: OpenClient): void {
    if (client.broken) void end(client);
    else if (this.client === client) {
      this.idle = setTimeout(() => this.drop(client), idleMs);
      this.idle.unref();
    }
  }

  private drop(client: OpenClient): void {
    client.broken = true;
    if (this.client === client) this.client = undefined;
    if (client.users === 0) void end(client);
  }
}

async function end(client: OpenClient): Promise<void> {
  client.broken = true;
  client.sockets.end();
  const disconnected = client.admin.disconnect().catch(() => {});
  await within(disconnected, disconnectLimitMs, () => {});
  client.sockets.destroy();
}

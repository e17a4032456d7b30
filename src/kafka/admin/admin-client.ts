import type { Admin } from 'kafkajs';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { placeOf } from '../connection/address';
import { BrokerHealth } from '../connection/broker-health';
import { type ClusterSettings, createClient, type DetailLog } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { isAnswer, noteAdvertiser } from '../errors';

const idleMs = 10_000;
const disconnectLimitMs = 2000;

interface OpenClient {
  admin: Admin;
  sockets: Sockets;
  ready: Promise<void>;
  users: number;
  broken: boolean;
}

/**
 * One kafkajs admin client for all users of a cluster: connects at the first use, disconnects when idle for
 * ten seconds, and is replaced after a failure.
 */
export class AdminClient {
  private client?: OpenClient;
  private idle?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly settings: ClusterSettings,
    private readonly detail: DetailLog,
    private readonly brokerHealth = new BrokerHealth(),
  ) {}

  /** Calls `run` with a connected client. @throws what kafkajs threw, or Problem "closing" after `close` */
  async use<T>(run: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new Problem('closing');
    this.client ??= this.open();
    const client = this.client;
    client.users++;
    clearTimeout(this.idle);
    try {
      await client.ready;
      const result = await run(client.admin);
      this.brokerHealth.answered();
      return result;
    } catch (error) {
      noteAdvertiser(error, this.settings.brokers, this.brokerHealth);
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
    if (client) await end(client);
  }

  private open(): OpenClient {
    const sockets = new Sockets(() => {
      // The broker closed an idle connection: the next use creates a new client.
      if (client.users === 0) this.drop(client);
    }, this.brokerHealth);
    const brokers = this.brokerHealth.bootstrapOrder(this.settings.brokers);
    const admin = createClient({ ...this.settings, brokers }, sockets, this.detail).admin();
    admin.on(admin.events.REQUEST_TIMEOUT, ({ payload }) =>
      this.brokerHealth.unresponsive(placeOf(payload.broker)),
    );
    const client: OpenClient = { admin, sockets, ready: admin.connect(), users: 0, broken: false };
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

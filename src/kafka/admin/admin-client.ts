import type { Admin } from 'kafkajs';
import { BrokerHealth } from '../connection/broker-health';
import { type ClusterSettings, createClient, type DetailLog } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { rootOf } from '../errors';

const idleMs = 10_000;
const disconnectLimitMs = 2000;

interface Held {
  admin: Admin;
  sockets: Sockets;
  ready: Promise<void>;
  users: number;
  broken: boolean;
}

/**
 * One kafkajs admin client shared by all who ask a cluster something; connected when first used,
 * disconnected when unused for ten seconds, replaced after a failure.
 */
export class AdminClient {
  private held?: Held;
  private idle?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly settings: ClusterSettings,
    private readonly detail: DetailLog,
    private readonly brokerHealth = new BrokerHealth(),
  ) {}

  /** Runs with a connected admin client. Rejects with what kafkajs threw. */
  async use<T>(run: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the cluster node is closed');
    this.held ??= this.make();
    const held = this.held;
    held.users++;
    clearTimeout(this.idle);
    try {
      await held.ready;
      return await run(held.admin);
    } catch (error) {
      if (!isAnswer(error)) this.drop(held);
      throw error;
    } finally {
      held.users--;
      if (held.users === 0) this.rest(held);
    }
  }

  /** Ends the client; what is under way fails. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    const held = this.held;
    this.held = undefined;
    if (held) await end(held);
  }

  private make(): Held {
    const sockets = new Sockets(() => {
      // A connection that the broker closed: the next use makes a new client.
      if (held.users === 0) this.drop(held);
    }, this.brokerHealth);
    const brokers = this.brokerHealth.bootstrapOrder(this.settings.brokers);
    const admin = createClient({ ...this.settings, brokers }, sockets, this.detail).admin();
    admin.on(admin.events.REQUEST_TIMEOUT, ({ payload }) => this.brokerHealth.unresponsive(payload.broker));
    const held: Held = { admin, sockets, ready: admin.connect(), users: 0, broken: false };
    held.ready.catch(() => {});
    return held;
  }

  private rest(held: Held): void {
    if (held.broken) void end(held);
    else if (this.held === held) {
      this.idle = setTimeout(() => this.drop(held), idleMs);
      this.idle.unref();
    }
  }

  private drop(held: Held): void {
    held.broken = true;
    if (this.held === held) this.held = undefined;
    if (held.users === 0) void end(held);
  }
}

async function end(held: Held): Promise<void> {
  held.broken = true;
  held.sockets.end();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, disconnectLimitMs);
  });
  await Promise.race([held.admin.disconnect().catch(() => {}), limit]);
  clearTimeout(timer);
  held.sockets.destroy();
}

/** The broker answered, if only with an error: the connection is fine. */
const isAnswer = (error: unknown): boolean => typeof (rootOf(error) as { type?: unknown })?.type === 'string';

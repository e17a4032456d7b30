import type { XApp } from '../x/app';
import { XClient } from '../x/client';
import { endConnections, type ListedConnection, listConnections } from '../x/connections-api';
import { XFailure } from '../x/failure';

/** What is known about our own connections. Times are epoch ms. */
export interface OwnConnection {
  /** When we were connected last, by the local clock. */
  connectedUntil?: number;
  /** The `Date` of X's last 200, by X's clock. */
  openedAt?: number;
}

export interface StaleOptions {
  app: XApp;
  /** The stream's name in the Connections API. */
  endpoint: string;
  own(): OwnConnection;
  /** Ends connections of other clients too. */
  takeOver(): boolean;
}

/** X notices within this time that a connection has ended. */
const staleForMs = 5 * 60_000;
const sameOpenMs = 5000;
const endEveryMs = 60_000;

/**
 * Ends the connection that X still counts although it is closed here: X notices late, and allows one connection an App.
 * It must be ours: opened when X's last 200 came.
 */
export class StaleConnections {
  private endedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: StaleOptions) {}

  /**
   * @param failure X's answer: too many connections
   * @returns 'ended': connect again; otherwise why not, for the policy. Never rejects
   */
  async end(failure: XFailure): Promise<'ended' | XFailure> {
    const { app, endpoint, own, takeOver } = this.options;
    const { connectedUntil = Number.NEGATIVE_INFINITY, openedAt } = own();
    const maybeOurs = Date.now() - connectedUntil < staleForMs && openedAt !== undefined;
    const client = new XClient(app);
    try {
      const listed = await listConnections(client, endpoint);
      const ours = maybeOurs ? listed.filter(({ connectedAt }) => isSame(connectedAt, openedAt)) : [];
      const ended = takeOver() ? listed : ours;
      if (ended.length > 0 && performance.now() - this.endedAt >= endEveryMs) {
        this.endedAt = performance.now();
        await endConnections(
          client,
          ended.map(({ id }) => id),
        );
        return 'ended';
      }
      const [other] = listed.filter((connection) => !ours.includes(connection));
      return other ? otherConnection(failure, other) : failure;
    } catch {
      // Not every App may use the Connections API: the policy waits instead.
      return failure;
    } finally {
      client.close();
    }
  }
}

const isSame = (connectedAt: number | undefined, openedAt: number): boolean =>
  connectedAt !== undefined && Math.abs(connectedAt - openedAt) <= sameOpenMs;

function otherConnection(failure: XFailure, { connectedAt, clientIp }: ListedConnection): XFailure {
  const time = connectedAt === undefined ? '?' : new Date(connectedAt).toISOString().slice(11, 16);
  return new XFailure('other-connection', { ...failure.params, time, ip: clientIp ?? '?' }, failure);
}

import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings';

/** Ended connections that the Connections API still lists. */
const REMEMBERED = 100;

/** A connection as the Connections API reports it. Times are X's, epoch milliseconds. */
export interface Connection {
  readonly id: string;
  /** X's id of the endpoint: `filtered_stream`. */
  readonly endpoint: string;
  readonly connectedAt: number;
  readonly clientIp: string;
  /** Counts to the limit of connections; recovery does not. */
  readonly counted: boolean;
  closed?: { at: number; releasedAt: number; reason: string };
}

/** The connections of the app. X may notice late that one has closed. */
export class ConnectionRegistry {
  private readonly connections: Connection[] = [];
  private readonly ends = new Map<Connection, () => void>();

  constructor(
    private readonly settings: Settings,
    private readonly now: () => number,
  ) {}

  /** Registers a connection; `end` ends it when the Connections API does. */
  open(connection: { endpoint: string; clientIp: string; counted?: boolean }, end: () => void): Connection {
    const made: Connection = { counted: true, ...connection, id: randomUUID(), connectedAt: this.now() };
    this.connections.push(made);
    this.ends.set(made, end);
    const ended = this.connections.filter((one) => !this.isActive(one));
    if (ended.length > REMEMBERED)
      this.connections.splice(this.connections.indexOf(ended[0] as Connection), 1);
    return made;
  }

  /** The connection has closed; it counts until X notices. */
  close(connection: Connection, reason: string): void {
    if (connection.closed) return;
    this.ends.delete(connection);
    const at = this.now();
    connection.closed = { at, releasedAt: at + this.settings.lateReleaseMs, reason };
  }

  /** Ends a connection, and releases it at once. False if there is no such active one. */
  kill(id: string): boolean {
    const found = this.connections.find((one) => one.id === id && this.isActive(one));
    if (!found) return false;
    const end = this.ends.get(found);
    this.ends.delete(found);
    found.closed = { at: this.now(), releasedAt: this.now(), reason: 'operator_disconnect' };
    end?.();
    return true;
  }

  isActive(connection: Connection): boolean {
    return connection.closed === undefined || this.now() < connection.closed.releasedAt;
  }

  /** The number of connections that count to the limit. */
  counted(endpoint: string): number {
    return this.connections.filter((one) => one.endpoint === endpoint && one.counted && this.isActive(one))
      .length;
  }

  /** All connections, newest first. */
  get list(): Connection[] {
    return [...this.connections].reverse();
  }
}

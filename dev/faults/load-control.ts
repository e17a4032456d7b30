import { setTimeout as wait } from 'node:timers/promises';
import type { NodeRedLives } from './node-red-lives';

// Longer than the scenario that freezes Node-RED.
const fetchLimitMs = 60_000;

/** State of one load. */
export interface LoadState {
  /** Since the process started. */
  accepted: number;
  done: number;
  caught: number;
  /** By Kafka, as far as the producer tells. */
  acked: number;
  /** Messages from the output for records that were on disk. */
  fromDisk: number;
  /** Accepted since the process started, and not answered yet. */
  open: number;
  /** The counters that the node under test reported last, if it reports any. */
  counters?: Record<string, unknown>;
  /** The payload of its last response to each action. */
  responses: Record<string, unknown>;
}

/** State of a Node-RED under test; memory in bytes. */
export interface State {
  rss: number;
  peak: { rss: number; heap: number };
  loads: Record<string, LoadState>;
}

/** What a Node-RED under test holds, after a garbage collection. */
export interface Resources {
  /** Bytes. */
  heap: number;
  /** By kind of handle, timer or request. */
  counts: Record<string, number>;
}

/** Controls the loads in one Node-RED, over HTTP. */
export class LoadControl {
  constructor(private readonly nodeRed: NodeRedLives) {}

  /** Undefined if Node-RED does not respond. */
  fetchState(): Promise<State | undefined> {
    return this.#get('/faults');
  }

  /** Undefined if Node-RED does not respond. */
  fetchResources(): Promise<Resources | undefined> {
    return this.#get('/faults/resources');
  }

  /** Sets the rate (records per second and lane), sends all nodes a command, or makes host names unresolvable. */
  async configure(settings: { rate?: number; action?: string; unresolvable?: string[] }): Promise<void> {
    await fetch(`${this.nodeRed.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
      signal: AbortSignal.timeout(fetchLimitMs),
    }).catch(() => {});
  }

  /** Polls until the condition holds (true), or until Node-RED has exited or the limit is reached (false). */
  async until(
    condition: (state: State) => boolean,
    limitMs: number,
    { askFirst }: { askFirst?: string } = {},
  ): Promise<boolean> {
    const limit = Date.now() + limitMs;
    for (;;) {
      if (askFirst) await this.configure({ action: askFirst });
      const state = await this.fetchState();
      // Node-RED responds before its flow has started: a load may not exist yet.
      if (state && Object.keys(state.loads).length > 0 && condition(state)) return true;
      if (!state && this.nodeRed.pid === undefined) return false;
      if (Date.now() > limit) return false;
      await wait(200);
    }
  }

  /**
   * Waits until every record is answered and nothing waits, neither in memory nor on disk, but `left` records.
   * @returns false after `limitMs`
   */
  untilDrained(limitMs: number, left: (load: LoadState) => number = () => 0): Promise<boolean> {
    const isDrained = (load: LoadState): boolean =>
      load.open === 0 && Number(load.counters?.waiting ?? 0) === left(load);
    return this.until(({ loads }) => Object.values(loads).every(isDrained), limitMs, { askFirst: 'status' });
  }

  async #get<T>(path: string): Promise<T | undefined> {
    const response = await fetch(`${this.nodeRed.url}${path}`, {
      signal: AbortSignal.timeout(fetchLimitMs),
    }).catch(() => undefined);
    return response?.ok ? ((await response.json().catch(() => undefined)) as T | undefined) : undefined;
  }
}

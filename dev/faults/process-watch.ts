import { setTimeout as wait } from 'node:timers/promises';
import type { State } from './load-control';
import type { RunContext } from './run-context';

/** Measurements of Node-RED while it ran, over all its processes; in bytes. */
export interface ProcessStats {
  rssAtStart: number;
  rssPeak: number;
  /** Once a second. */
  rss: number[];
  /** The most bytes that one node held in memory. */
  waitingPeak: number;
  /** The most records that one node had on disk. */
  onDiskPeak: number;
  /** The most bytes of one node's files. */
  diskBytesPeak: number;
  /** Counters that did not add up, by load: the first ones. */
  imbalances: Map<string, string>;
  last?: State;
}

/** A node's counters, as it reports them. */
export type ReportedCounters = Record<string, unknown>;

/** in + restored = acked + failed + waiting + damaged + discarded; none is negative. */
export function addUp(counters: ReportedCounters): boolean {
  const count = (name: string): number => Number(counters[name] ?? 0);
  if (count('waiting') < 0 || count('waitingBytes') < 0) return false;
  const came = count('in') + count('restored');
  return came === count('acked') + count('failed') + count('waiting') + count('damaged') + count('discarded');
}

/** Polls memory and counters every second, also of the next Node-RED. */
export function watchProcess(context: RunContext, hasCounters: boolean): { end(): Promise<ProcessStats> } {
  const stats: ProcessStats = {
    ...{ rssAtStart: 0, rssPeak: 0, waitingPeak: 0, onDiskPeak: 0, diskBytesPeak: 0 },
    rss: [],
    imbalances: new Map(),
  };
  const stopped = new AbortController();
  const poll = async (): Promise<void> => {
    if (hasCounters) await context.configure({ action: 'status' });
    const state = await context.fetchState();
    if (state) note(stats, state);
  };
  const polling = (async () => {
    while (!stopped.signal.aborted) {
      await poll();
      await wait(1000, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();
  return {
    async end() {
      stopped.abort();
      await polling;
      await poll();
      // The counters requested last arrive with the next state.
      await poll();
      return stats;
    },
  };
}

function note(stats: ProcessStats, state: State): void {
  stats.rssAtStart ||= state.rss;
  stats.rss.push(state.rss);
  stats.rssPeak = Math.max(stats.rssPeak, state.peak.rss);
  stats.last = state;
  for (const [load, { counters }] of Object.entries(state.loads)) {
    if (counters?.in === undefined) continue;
    stats.waitingPeak = Math.max(stats.waitingPeak, Number(counters.waitingBytes ?? 0));
    stats.onDiskPeak = Math.max(stats.onDiskPeak, Number(counters.onDisk ?? 0));
    stats.diskBytesPeak = Math.max(stats.diskBytesPeak, Number(counters.diskBytes ?? 0));
    if (!addUp(counters) && !stats.imbalances.has(load)) stats.imbalances.set(load, JSON.stringify(counters));
  }
}

import { SharedApp } from '../../src/stream/app/shared-app';
import type { SharedStream } from '../../src/stream/filtered/shared-stream';
import type { SourceState } from '../../src/stream/source';
import { startXApi, type XApi } from '../x-api/server';
import { faultsOf, type MonthFault } from './month-faults';
import { type FaultResult, PostTracker } from './month-verdict';
import { VirtualClock } from './virtual-clock';

export interface MonthOptions {
  days: number;
  seed: number;
  /** Posts that X makes. */
  ratePerSecond: number;
  /** How the nodes fetch the posts of outages. */
  recover: 'none' | 'search';
  /** Called after each day of virtual time. */
  onDay?(day: number): void;
}

export interface MonthResult {
  hours: number;
  faults: FaultResult[];
  /** What contradicts the requirements; empty: passed. */
  violations: string[];
  /** 429 of X's own limits of requests. */
  rejected429: number;
  maxOverlapMs: number;
  /** Most connects in any 15 minutes. */
  mostConnects: number;
  /** Heap after a garbage collection at the end of day 10 and at the end, bytes; needs --expose-gc. */
  heapBytes?: { day10?: number; end: number };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const windowMs = 15 * 60_000;
/** After this time a stream is healthy. */
const healthyMs = 62_000;
const nodes = ['a', 'b'];
const words: Record<string, string> = { a: 'kafka', b: 'stream' };
const nothing = {
  ...{ times: 0, made: 0, delivered: 0, recovered: 0, missed: 0, findable: 0, lost: 0, duplicates: 0 },
  ...{ connects: 0, longestWaitMs: 0 },
};
/** Until then the ids fill that the stream and this test remember. */
const warmUpDays = 10;
/** V8 compiles code for days; what else it counts did not grow (compared by heap snapshots of days 8 and 23). */
const maxGrowthBytes = 3_000_000;
const maxOverlapMs = 1000;
const maxConnects = 40;

/**
 * Runs the filtered stream for days of virtual time against the simulator. Each hour has a fault of every row of the
 * reconnect policy; every fourth hour has a deploy.
 */
export async function runMonth(options: MonthOptions): Promise<MonthResult> {
  const clock = new VirtualClock(Date.UTC(2026, 7, 1));
  const posts = new PostTracker();
  const api = await startXApi({
    rate: options.ratePerSecond,
    seed: options.seed,
    noticeShare: 0,
    duplicateShare: 0.01,
    generateWhileClosed: true,
    onPost: (post) => posts.post(post),
  });
  const credentials = { baseUrl: api.url, bearerToken: api.settings.bearerToken };
  const app = new SharedApp(credentials, { id: 'app', folder: undefined, onWarning() {}, onIdle() {} });
  try {
    await app.load();
    return await new Month(options, clock, api, app, posts).run();
  } finally {
    await app.close();
    await api.close();
    clock.uninstall();
  }
}

class Month {
  private readonly stream: SharedStream;
  private readonly results = new Map<string, FaultResult>();
  private readonly recentConnects: number[] = [];
  private readonly states: Record<string, SourceState> = {};
  private waits: number[] = [];
  private mostConnects = 0;

  constructor(
    private readonly options: MonthOptions,
    private readonly clock: VirtualClock,
    private readonly api: XApi,
    private readonly app: SharedApp,
    private readonly posts: PostTracker,
  ) {
    this.stream = app.stream('filtered', {}, 10_000);
  }

  async run(): Promise<MonthResult> {
    const { days, seed, onDay } = this.options;
    const { clock, api } = this;
    const start = clock.now;
    const end = start + days * dayMs;
    let day10: number | undefined;
    let day = 0;
    let hour = 0;
    this.register();
    await this.connected('the first connection');
    await clock.advance(healthyMs);
    this.posts.take(true);
    this.countConnects();
    for (; clock.now < end; hour++) {
      for (const fault of faultsOf(hour + seed)) await this.fault(fault);
      if (hour % 4 === 0) await this.deploy();
      await this.step('–', 'between faults', { waits: [] }, async () => {
        await clock.advance(Math.max(healthyMs, start + (hour + 1) * hourMs - clock.now));
      });
      while (day < Math.floor((clock.now - start) / dayMs)) {
        onDay?.(++day);
        if (day === warmUpDays) day10 = heap();
      }
    }
    const endBytes = heap();
    const faults = [...this.results.values()].sort((one, other) => one.row.localeCompare(other.row));
    const result = {
      hours: hour,
      faults,
      rejected429: api.rejected429,
      maxOverlapMs: api.maxOverlapMs,
      mostConnects: this.mostConnects,
      ...(endBytes !== undefined && { heapBytes: { day10, end: endBytes } }),
    };
    return { ...result, violations: violationsOf(result) };
  }

  private async fault(fault: MonthFault): Promise<void> {
    const { api, clock } = this;
    await this.step(String(fault.row), fault.name, fault, async () => {
      fault.start(api);
      await clock.until(() => this.waits.length >= fault.waits.length, `${fault.name}: its waits`);
      await this.connected(fault.name);
      fault.end?.(api);
      await clock.advance(healthyMs);
    });
  }

  /** Node-RED closes all nodes, and starts them 3 s later. */
  private deploy(): Promise<void> {
    return this.step('–', 'deploy', { waits: [] }, async () => {
      for (const node of nodes) this.stream.unregister(node, 'close');
      await this.clock.advance(3000);
      this.register();
      this.app.flowsStarted();
      await this.connected('after a deploy');
      await this.clock.advance(healthyMs);
    });
  }

  private async step(
    row: string,
    name: string,
    { waits, cuts = false, outages }: Pick<MonthFault, 'waits' | 'cuts' | 'outages'>,
    run: () => Promise<void>,
  ): Promise<void> {
    this.waits = [];
    await run();
    const { connects, opened } = this.countConnects();
    const result = this.resultOf(row, name);
    const gaps = this.posts.gaps.length;
    const taken = this.posts.take(cuts);
    result.times++;
    result.connects += connects;
    result.longestWaitMs = Math.max(result.longestWaitMs, ...this.waits);
    for (const [key, count] of Object.entries(taken)) result[key as keyof typeof taken] += count;
    const inPolicy =
      this.waits.length === waits.length &&
      waits.every(
        ([from, to], index) => Number(this.waits[index]) >= from && Number(this.waits[index]) <= to,
      );
    const at = new Date(this.clock.now).toISOString();
    const violation = (what: string): void => void result.violations.push(`${at} ${what}`);
    if (!inPolicy)
      violation(
        `waits ${JSON.stringify(this.waits.map(Math.round))}, not ${JSON.stringify(waits.map(rounded))}`,
      );
    const expectedGaps = (outages ?? opened) * nodes.length;
    if (gaps !== expectedGaps) violation(`${gaps} gap events, not ${expectedGaps}`);
    if (this.options.recover === 'search' && taken.findable > 0)
      violation(`${taken.findable} posts not fetched by search`);
    if (taken.lost > 0) violation(`${taken.lost} lost outside gaps`);
    if (taken.duplicates > 0) violation(`${taken.duplicates} duplicates`);
  }

  private resultOf(row: string, name: string): FaultResult {
    const key = `${row} ${name}`;
    const result = this.results.get(key) ?? { row, name, ...nothing, violations: [] };
    this.results.set(key, result);
    return result;
  }

  /** Takes the connects from the log, which would grow. */
  private countConnects(): { connects: number; opened: number } {
    const { log } = this.api;
    log.ruleRequests.length = 0;
    const connects = log.connects.splice(0);
    for (const { at } of connects) {
      const times = this.recentConnects;
      times.push(at);
      while (Number(times[0]) <= at - windowMs) times.shift();
      this.mostConnects = Math.max(this.mostConnects, times.length);
    }
    const opened = connects.filter(({ openedAt }) => openedAt !== undefined).length;
    return { connects: connects.length, opened };
  }

  private connected(what: string): Promise<void> {
    const all = (): boolean => nodes.every((node) => this.states[node]?.state === 'connected');
    return this.clock.until(all, `connected: ${what}`);
  }

  private register(): void {
    for (const node of nodes) {
      this.states[node] = { state: 'stopped' };
      this.stream.register({
        node,
        mode: 'own',
        rules: [{ value: words[node] ?? '', tag: '' }],
        fields: { fields: 'default' },
        stallTimeoutMs: 30_000,
        dedupe: 10_000,
        recover: this.options.recover,
        takeOver: false,
        mayReceive: () => true,
        output: {
          onMessage: (line, recovered) => {
            const { data } = Object(line.valueIfJson) as { data?: { id?: string } };
            if (data?.id) this.posts.message(node, data.id, recovered !== undefined);
          },
          onEvent: (event) => {
            if (event.event === 'gap') this.posts.gaps.push(event);
          },
          onState: (state) => {
            this.states[node] = state;
            const { untilMs } = state as { untilMs?: number };
            if (node === nodes[0] && untilMs !== undefined) this.waits.push(untilMs - this.clock.now);
          },
          onProblem() {},
          onWarning() {},
        },
      });
    }
  }
}

const rounded = ([from, to]: readonly [number, number]): [number, number] => [from, Math.round(to)];

function heap(): number | undefined {
  if (!globalThis.gc) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function violationsOf(result: Omit<MonthResult, 'violations'>): string[] {
  const { faults, rejected429, heapBytes } = result;
  const found = faults.flatMap(({ row, name, violations }) =>
    violations.map((text) => `${row} ${name}: ${text}`),
  );
  if (rejected429 > 0) found.push(`${rejected429} responses 429 of X's limits of requests`);
  if (result.maxOverlapMs > maxOverlapMs) found.push(`connections overlap by ${result.maxOverlapMs} ms`);
  if (result.mostConnects > maxConnects) found.push(`${result.mostConnects} connects in 15 min`);
  const { day10, end } = heapBytes ?? {};
  if (day10 !== undefined && end !== undefined && end - day10 > maxGrowthBytes)
    found.push(`heap ${day10} bytes, then ${end}`);
  return found;
}

import { join } from 'node:path';
import type { Problem } from '../../util/problem';
import { SharedStream } from '../filtered/shared-stream';
import type { Query } from '../request/fields';
import { type LiveSource, sourceKinds } from '../source-kind';
import { DayCounters } from '../state/day-counters';
import { RecentIds } from '../state/recent-ids';
import { RequestBudget } from '../state/request-budget';
import { StateFile } from '../state/state-file';
import type { XApp } from '../x/app';
import type { RuleBudgets } from '../x/rules-api';
import { type AppData, appDataVersion, emptyRecord, readAppData } from './app-data';

export interface SharedAppOptions {
  /** Names the App's file: the same for the same App. */
  id: string;
  /** The folder of the state files; undefined: no state is kept. */
  folder: string | undefined;
  /** Something is wrong with the state file. */
  onWarning(problem: Problem): void;
  /** A stream has no nodes any more. */
  onIdle(): void;
  /** An earlier object of the same App writes its file until then. */
  after?: Promise<void>;
}

const windowMs = 15 * 60_000;
/** Fewer than X allows: 100 and 450 requests about rules, 450 and 300 searches. */
const limits = {
  ruleWrites: { count: 80, windowMs },
  ruleReads: { count: 300, windowMs },
  searches: { count: 400, windowMs },
  archiveSearches: { count: 250, windowMs },
};
/** Always remembered, because X charges for each unique post. */
const minRecentIds = 100_000;

/**
 * What belongs to an App at X, however many twitter-app nodes name it: its streams, requests, counters and state file. It
 * outlives the nodes, which a deploy replaces.
 */
export class SharedApp {
  counters!: DayCounters;
  rules!: RuleBudgets;
  private data!: AppData;
  private readonly file: StateFile<AppData>;
  private readonly streams = new Map<string, SharedStream>();
  private readonly connects = new Map<string, RequestBudget>();
  private loading?: Promise<void>;

  constructor(
    readonly app: XApp,
    private readonly options: SharedAppOptions,
  ) {
    this.file = new StateFile<AppData>(options.folder && join(options.folder, `${options.id}.json`), {
      version: appDataVersion,
      read: readAppData,
      onProblem: options.onWarning,
    });
  }

  /** Reads the state file, once. Never rejects. */
  load(): Promise<void> {
    this.loading ??= this.read();
    return this.loading;
  }

  /**
   * A stream of the App; nodes with the same source and parameters share it. Call it after `load`.
   * @param dedupe ids that a node wants to be remembered
   */
  stream(source: LiveSource, parameters: Query, dedupe: number): SharedStream {
    const key = [source, new URLSearchParams(parameters).toString()].filter(Boolean).join('?');
    const existing = this.streams.get(key);
    if (existing) return existing;
    this.data.streams[key] ??= emptyRecord();
    const record = this.data.streams[key];
    const changed = (): void => this.file.changed();
    const kind = sourceKinds[source];
    const recent = new RecentIds(Math.max(minRecentIds, dedupe));
    for (const [, id] of record.recent) recent.add(id);
    const own = new Set(this.data.ownRules);
    const stream = new SharedStream({
      app: this.app,
      kind,
      parameters,
      connects: this.connectsOf(source),
      rules: kind.rules
        ? {
            budgets: this.rules,
            own,
            onOwnChanged: () => {
              this.data.ownRules = [...own];
              changed();
            },
          }
        : undefined,
      record,
      onRecordChanged: (atOnce) => {
        changed();
        // A connection is rare, and what is lost without the file is the outage that follows.
        if (atOnce) void this.file.flush();
      },
      recent,
      counters: this.counters,
      searches: {
        recent: new RequestBudget(limits.searches, this.data.searches, changed),
        all: new RequestBudget(limits.archiveSearches, this.data.archiveSearches, changed),
      },
      onIdle: this.options.onIdle,
    });
    this.streams.set(key, stream);
    return stream;
  }

  /** A stream is open, or waits for the nodes that a deploy starts. */
  get inUse(): boolean {
    return [...this.streams.values()].some(({ inUse }) => inUse);
  }

  /** Node-RED stops flows. */
  flowsStopping(): void {
    for (const stream of this.streams.values()) stream.flowsStopping();
  }

  /** Node-RED has started the flows. */
  flowsStarted(): void {
    for (const stream of this.streams.values()) stream.flowsStarted();
  }

  /** Writes what has changed. Never rejects. */
  async flush(): Promise<void> {
    await this.loading;
    await this.file.flush();
  }

  /** Closes all streams at once. */
  async close(): Promise<void> {
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
    await this.flush();
  }

  private async read(): Promise<void> {
    await this.options.after;
    this.data = await this.file.load();
    const changed = (): void => this.file.changed();
    this.counters = new DayCounters(this.data.today, changed);
    this.rules = {
      reads: new RequestBudget(limits.ruleReads, this.data.ruleReads, changed),
      writes: new RequestBudget(limits.ruleWrites, this.data.ruleWrites, changed),
    };
  }

  private connectsOf(source: LiveSource): RequestBudget {
    const kind = sourceKinds[source];
    const existing = this.connects.get(kind.path);
    if (existing) return existing;
    this.data.connects[kind.path] ??= [];
    const times = this.data.connects[kind.path];
    const budget = new RequestBudget(kind.connects, times, () => this.file.changed());
    this.connects.set(kind.path, budget);
    return budget;
  }
}

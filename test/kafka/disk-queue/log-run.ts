import { DiskLog, type StoredFrame } from '../../../src/kafka/disk-queue/disk-log';
import type { Problem } from '../../../src/util/problem';
import { FakeClock } from '../delivery/fake-clock';
import { contentOf, type Known, LogModel } from './log-model';
import type { Random } from './memory-disk';
import { type Crash, type Fault, MemoryFiles, type Operation } from './memory-files';

export const folder = '/user/twitter-kafka/n1';

export interface RunOptions {
  limit: number;
  syncIntervalMs: number;
  seed: number;
}

/** Calls of these operations succeed `after` times, and then fail `times` times. */
export interface PlannedFault extends Fault {
  operations: readonly Operation[];
  after: number;
  times: number;
}

/** A DiskLog on files in memory, through several processes, checked against a model. */
export class LogRun {
  readonly clock = new FakeClock(['setTimeout', 'setInterval', 'Date']);
  readonly model = new LogModel();
  readonly problems: Problem[] = [];
  files = new MemoryFiles();
  log!: DiskLog;
  limit: number;
  /** Resolves when the scan is complete; undefined afterwards. */
  opening: Promise<void> | undefined;
  refused = 0;
  private readonly random: Random;
  private faults: PlannedFault[] = [];
  private process = 0;
  private bytesAtOpen = 0;
  private isLocked = false;

  constructor(private readonly options: RunOptions) {
    this.random = randomOf(options.seed);
    this.limit = options.limit;
    this.open();
  }

  /** Starts a process on the files that are there. It restores in the background. */
  open(): void {
    const process = ++this.process;
    const { files, model } = this;
    model.hadFault = false;
    this.bytesAtOpen = files.bytesIn(folder);
    files.pace = () => (this.random() < 0.3 ? new Promise(setImmediate) : undefined);
    files.fault = (operation) => this.nextFault(operation);
    files.onGrowth = () => this.checkLimit(files);
    this.log = new DiskLog({
      folder,
      limit: this.limit,
      syncIntervalMs: this.options.syncIntervalMs,
      onProblem: (problem) => this.problems.push(problem),
      onChange: () => {},
      files,
      lock: async () => this.lock(process),
    });
    const opening = this.log.open((frame) => {
      if (process === this.process) model.restored(frame);
    });
    this.opening = opening.then(
      () => {
        if (process !== this.process) return;
        this.opening = undefined;
        model.opened();
      },
      (error) => model.fail(`open rejected: ${error}`),
    );
  }

  async opened(): Promise<void> {
    if (this.opening) await this.drive(this.opening, 60_000, 'open');
  }

  /** @returns whether it was accepted */
  append(bytes: number): boolean {
    const { log, model, process } = this;
    const record = model.next(bytes, log.clusterId);
    try {
      const seq = log.append(contentOf(record.id, bytes), () => {
        if (process !== this.process) return;
        if (record.isSynced) model.fail(`${record.id} synced twice`);
        record.isSynced = true;
      });
      model.appended(record, seq);
      if (!log.isPending(seq)) model.fail(`${record.id} is not pending after append`);
      return true;
    } catch (error) {
      this.refused++;
      this.checkRefusal(error, bytes);
      return false;
    }
  }

  settle(record: Known): void {
    const { log, model } = this;
    if (record.seq === undefined) return;
    log.settle(record.seq);
    model.settled(record, this.clock.now);
    if (log.isPending(record.seq)) model.fail(`${record.id} is pending after settle`);
  }

  setCluster(id: string): void {
    this.log.clusterId = id;
    this.model.clusterChanged(id);
  }

  async flush(): Promise<void> {
    const { model } = this;
    const { pending } = model;
    await this.drive(this.log.flush(), 30_000, 'flush');
    if (model.hadFault || this.opening) return;
    for (const { id, isSynced, isSettled } of pending) {
      if (!isSynced && !isSettled && this.model.records.get(id)?.seq) model.fail(`${id} not synced by flush`);
    }
  }

  /** Reads all there is, some bytes at a time. */
  async read(maxBytes: number, which: 'own' | 'foreign' | 'all'): Promise<void> {
    const { log, model } = this;
    const { pending } = model;
    const mustBeRead = pending.filter(({ isSynced }) => isSynced);
    const seen = new Set<number>();
    let last = 0;
    let from: number | undefined = 0;
    for (let pages = 0; from !== undefined; pages++) {
      const reading: ReturnType<DiskLog['read']> = log.read(from, maxBytes, which);
      const page = await this.drive(model.hadFault ? reading.catch(() => noPage) : reading, 60_000, 'read');
      const bytes = page.frames.reduce((sum, { content }) => sum + content.length, 0);
      const lastBytes = page.frames.at(-1)?.content.length ?? 0;
      if (bytes - lastBytes >= maxBytes && page.frames.length > 1)
        model.fail(`read ${bytes} of ${maxBytes} bytes`);
      for (const frame of page.frames) {
        model.checkFrame(frame);
        if (frame.seq < from || frame.seq <= last)
          model.fail(`read ${frame.seq} after ${last}, from ${from}`);
        last = frame.seq;
        const isForeign = frame.clusterId !== '' && frame.clusterId !== log.clusterId;
        if (log.clusterId && which !== 'all' && isForeign !== (which === 'foreign'))
          model.fail(`read a record of '${frame.clusterId}' as ${which}`);
        seen.add(frame.seq);
      }
      if (page.next !== undefined && (page.next <= from || pages > 5000)) {
        model.fail(`read goes on at ${page.next} after ${from}`);
        break;
      }
      from = page.next;
    }
    if (model.hadFault || which !== 'all' || this.opening) return;
    for (const { id, seq, isSettled } of mustBeRead) {
      if (seq !== undefined && !isSettled && !seen.has(seq)) model.fail(`${id} was not read`);
    }
  }

  async close(limitMs = 2000): Promise<void> {
    const { model, files, clock } = this;
    const begin = clock.now;
    await this.drive(this.log.close(limitMs), limitMs + 5000, 'close');
    if (clock.now - begin > limitMs + 100) model.fail(`close took ${clock.now - begin} ms`);
    if (!model.hadFault) {
      if (files.openHandles > 0) model.fail(`${files.openHandles} handles after close`);
      if (this.isLocked) model.fail('locked after close');
      const isEmpty = [...model.records.values()].every(({ isSettled }) => isSettled);
      const left = Object.keys(files.sizes(folder));
      if (isEmpty && !model.everHadFault && !this.opening && left.some((name) => !name.endsWith('.damaged')))
        model.fail(`empty, but there is ${left}`);
    }
    this.end('close');
  }

  /** The process dies, or the power fails. */
  crash(kind: Crash): void {
    this.files = this.files.crash(kind, this.random);
    this.end(kind);
  }

  plan(fault: PlannedFault): void {
    this.faults.push({ ...fault });
  }

  /** No call fails any more. */
  heal(): void {
    this.faults = [];
    this.files.others = 0;
    this.files.deniesOpen = false;
  }

  async wait(ms: number, stepMs = 10): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.tick(Math.min(stepMs, left));
      await turn();
    }
  }

  /** Lets time pass until a promise resolves; 10 ms after each few answers of the disk. */
  async drive<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    promise.then(done, done);
    await turn();
    for (let turns = 1, waited = 0; !isDone; turns++) {
      if (turns % 8 === 0) {
        const step = waited < 100 ? 10 : 100;
        this.clock.tick(step);
        waited += step;
      }
      if (waited > limitMs) throw new Error(`${what} never ended`);
      await turn();
    }
    return promise;
  }

  /** What the log says about itself. */
  checkStats(): void {
    const { model, log } = this;
    if (this.opening || model.hadFault) return;
    const { pending } = model;
    const { stats } = log;
    const expect = (name: string, is: number, should: number): void => {
      if (is !== should) model.fail(`${name} is ${is}, not ${should}`);
    };
    expect('limit', stats.limit, this.limit);
    expect('records', stats.records, pending.length);
    if (!model.hadPowerFailure && !model.everHadFault)
      expect('damage', stats.damagedRecords + stats.damagedBytes, 0);
    for (const [seq, { id, isSettled }] of model.bySeq) {
      if (log.isPending(seq) === isSettled) model.fail(`isPending is wrong for ${id}`);
    }
    const { clusterId } = log;
    if (!clusterId) return;
    const mayBeForeign = (record: Known): boolean =>
      [...record.clusters].some((id) => id !== '' && id !== clusterId);
    const mayBeOwn = ({ clusters }: Known): boolean => clusters.has('') || clusters.has(clusterId);
    const between = (name: string, is: number, least: number, most: number): void => {
      if (is < least || is > most) model.fail(`${name} is ${is}, not ${least} to ${most}`);
    };
    const foreign = pending.filter(mayBeForeign).length;
    between(
      'foreignRecords',
      stats.foreignRecords,
      pending.length - pending.filter(mayBeOwn).length,
      foreign,
    );
    for (const { seq } of pending.slice(-3)) {
      const before = pending.filter((one) => (one.seq ?? 0) <= (seq ?? 0));
      const own = before.filter(mayBeOwn).length;
      between(
        `pendingUpTo(${seq})`,
        log.pendingUpTo(seq ?? 0),
        before.length - before.filter(mayBeForeign).length,
        own,
      );
    }
  }

  /** Holds when nothing is under way. */
  checkFileBytes(): void {
    if (this.opening || this.model.everHadFault) return;
    const bytes = this.files.bytesIn(folder);
    if (this.log.stats.fileBytes !== bytes)
      this.model.fail(`fileBytes is ${this.log.stats.fileBytes}, not ${bytes}`);
  }

  private checkRefusal(error: unknown, bytes: number): void {
    const { model, log, files } = this;
    const { key } = error as Problem;
    if (key !== 'disk-full' && !(model.hadFault && log.unusable === error))
      return model.fail(`append threw ${error}`);
    if (model.everHadFault || files.others > 0) return;
    // What a segment's header, marks and records in the tail take besides their contents, and room to rewrite a segment.
    const overhead = 2000 + 50 * (model.pending.length + 1) + this.limit / 8;
    const { fileBytes, tailBytes } = log.stats;
    if (fileBytes + tailBytes + bytes + overhead < this.limit)
      model.fail(`${bytes} refused with ${fileBytes} and ${tailBytes} of ${this.limit}`);
  }

  private checkLimit(files: MemoryFiles): void {
    const bytes = files.bytesIn(folder);
    if (bytes > Math.max(this.limit, this.bytesAtOpen))
      this.model.fail(`${bytes} bytes with a limit of ${this.limit}`);
  }

  private end(kind: 'close' | Crash): void {
    this.process++;
    this.isLocked = false;
    this.opening = undefined;
    this.model.ended(kind, this.clock.now);
  }

  private async lock(process: number): Promise<{ release(): Promise<void> }> {
    if (this.isLocked) this.model.fail('locked twice');
    this.isLocked = true;
    return {
      release: async () => {
        if (process === this.process) this.isLocked = false;
      },
    };
  }

  private nextFault(operation: Operation): Fault | undefined {
    const fault = this.faults.find(({ operations }) => operations.includes(operation));
    if (!fault || fault.after-- > 0) return undefined;
    if (--fault.times <= 0) this.faults.splice(this.faults.indexOf(fault), 1);
    this.model.hadFault = true;
    this.model.everHadFault = true;
    return fault;
  }
}

const noPage: Awaited<ReturnType<DiskLog['read']>> = { frames: [] as StoredFrame[], next: undefined };

/** Numbers that follow from a seed. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets promises and immediates run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

import { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import type { Problem } from '../../../src/util/problem';
import { FakeClock } from '../delivery/fake-clock';
import { contentOf, type Known, LogModel } from './log-model';
import { type Random, randomOf } from './memory-disk';
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
  /** Where `read-on` goes on. */
  cursor = 0;
  private readonly random: Random;
  private faults: PlannedFault[] = [];
  private process = 0;
  private bytesAtOpen = 0;
  private handlesAtOpen = 0;
  private highestLimit = 0;
  private isLocked = false;
  /** A call of this process never ends. */
  private isHung = false;
  private isClosing = false;

  constructor(private readonly options: RunOptions) {
    this.random = randomOf(options.seed);
    this.limit = options.limit;
    this.open();
  }

  /** Starts a process on the files that are there. It restores in the background. */
  open(): void {
    const process = ++this.process;
    const { files, model } = this;
    model.hadFault = files.others > 0;
    this.isHung = false;
    this.highestLimit = Math.max(this.highestLimit, this.limit);
    this.bytesAtOpen = files.bytesIn(folder);
    this.handlesAtOpen = files.openHandles;
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
        if (process !== this.process || this.isClosing) return;
        this.opening = undefined;
        model.opened();
      },
      (error) => model.fail(`open rejected: ${error}`),
    );
  }

  async opened(): Promise<void> {
    if (this.opening) await this.driveUnlessHung(this.opening, 60_000, 'open');
  }

  /** @returns what was thrown if it was refused */
  append(bytes: number): unknown {
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
      return undefined;
    } catch (error) {
      return error;
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

  /** @param then called as soon as it is flushed */
  async flush(then: () => unknown = () => {}): Promise<void> {
    const { pending } = this.model;
    await this.drive(this.log.flush().then(then), 30_000, 'flush');
    this.checkSynced(pending);
  }

  /** By now these must be on the disk. */
  checkSynced(records: Known[]): void {
    const { model, log } = this;
    if (model.hadFault || this.opening || log.failing?.key === 'disk-full') return;
    for (const { id, isSynced, isSettled, isRestored } of records) {
      if (!isSynced && !isSettled && !isRestored) model.fail(`${id} is not synced`);
    }
  }

  async close(limitMs = 2000): Promise<void> {
    const { model, files, clock } = this;
    const begin = clock.now;
    this.isClosing = true;
    await this.drive(this.log.close(limitMs), limitMs + 5000, 'close');
    if (clock.now - begin > limitMs + 100) model.fail(`close took ${clock.now - begin} ms`);
    if (this.isLocked) model.fail('locked after close');
    if (!model.hadFault) {
      if (files.openHandles > this.handlesAtOpen) model.fail(`${files.openHandles} handles after close`);
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

  /** Others leave no room on the disk. */
  fillDisk(): void {
    this.files.total = 1e11;
    this.files.others = 1e11;
    this.faulted();
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

  /** Like `drive`; without a result if the disk does not answer. What has no limit of its own waits for it. */
  async driveUnlessHung<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T | undefined> {
    try {
      return await this.drive(promise, limitMs, what);
    } catch (error) {
      if (this.isHung) return undefined;
      throw error;
    }
  }

  private get isLowered(): boolean {
    return this.limit < this.highestLimit;
  }

  private checkLimit(files: MemoryFiles): void {
    const bytes = files.bytesIn(folder);
    // Above a limit that was lowered, or with deleted files that a power loss brought back, marks still get a place: they are
    // what frees the disk.
    const marks = 20 * this.model.records.size;
    const allowed =
      this.isLowered || this.bytesAtOpen > this.limit
        ? Math.max(this.limit, this.bytesAtOpen + marks)
        : this.limit;
    if (bytes > allowed) this.model.fail(`${bytes} bytes with a limit of ${this.limit}`);
  }

  private end(kind: 'close' | Crash): void {
    this.process++;
    this.isLocked = false;
    this.isClosing = false;
    this.cursor = 0;
    this.opening = undefined;
    this.model.ended(kind, this.clock.now);
  }

  private async lock(process: number): Promise<{ release(): Promise<void> }> {
    if (process !== this.process) return new Promise(() => {});
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
    this.isHung ||= fault.wait !== undefined;
    this.faulted();
    return fault;
  }

  private faulted(): void {
    this.model.hadFault = true;
    this.model.everHadFault = true;
  }
}

/** Lets promises and immediates run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

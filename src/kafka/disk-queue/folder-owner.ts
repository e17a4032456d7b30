import { Problem } from '../../util/problem';

/** A folder that belongs to this process until it is released. */
export interface Lock {
  release(): Promise<void>;
}

/** What an owner does with its folder. */
export interface OwnedFolder {
  make(): Promise<void>;
  /** Waits for another owner, until the signal is aborted. */
  acquire(signal: AbortSignal): Promise<Lock>;
  /** Nothing is in it: it is removed. */
  isEmpty(): boolean;
  remove(): Promise<void>;
  /** The log was closed meanwhile. */
  isStopped(): boolean;
}

/** Owns a log's folder while something is in it. What is asked of it happens in order. */
export class FolderOwner {
  private lock?: Lock;
  private last: Promise<Lock | undefined> = Promise.resolve(undefined);
  private readonly waiting = new AbortController();

  constructor(private readonly folder: OwnedFolder) {}

  /** Resolves when the folder exists and belongs to this log. */
  own(): Promise<Lock | undefined> {
    this.last = this.last
      .catch(() => undefined)
      .then(async (lock) => {
        if (lock) return lock;
        await this.folder.make();
        const acquired = await this.folder.acquire(this.waiting.signal);
        if (this.folder.isStopped()) {
          await acquired.release();
          throw new Error('The log is closed.');
        }
        this.lock = acquired;
        return acquired;
      });
    return this.last;
  }

  /** Ends the wait for another owner. */
  stopWaiting(): void {
    this.waiting.abort(new Problem('closing'));
  }

  /** Gives the folder free; an empty one is removed. */
  release(): Promise<unknown> {
    this.last = this.last
      .catch(() => undefined)
      .then(async (lock) => {
        await this.lock?.release();
        this.lock = undefined;
        if (lock && this.folder.isEmpty()) await this.folder.remove().catch(() => {});
        return undefined;
      });
    return this.last;
  }

  /** Gives the folder free at once, although the disk does not answer. */
  async releaseNow(): Promise<void> {
    await this.lock?.release();
  }
}

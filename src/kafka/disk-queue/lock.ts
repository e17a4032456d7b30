import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import {
  describeThisProcess,
  lockName,
  look,
  parseOwner,
  putBack,
  renamedLocks,
  type SeenLock,
  same,
  stateOf,
  takeAway,
} from './lock-file';

// How a folder has one owner.
// The file `lock` is made only where there is none. Its owner touches it every 5 s. A lock whose owner is dead, or shows
// no sign of life for 15 s where it cannot be told, is renamed first and then compared: two processes may judge the same
// file dead, and the slower one must not remove the lock that the faster one has made since. It links that one back.
// Meanwhile a third process may make its own, so a process that made one also looks for renamed locks. For a living one
// it removes its own again, links that one back, and tries again. A crash between two of these steps costs the next process
// at most another wait.

export interface LockOptions {
  /** Milliseconds to watch for a sign of life of an owner that cannot be checked. */
  doubtMs?: number;
  /** Milliseconds between two signs of life of this process. */
  beatMs?: number;
  /** Ends the wait; the promise is rejected with its reason. */
  signal?: AbortSignal;
}

export interface Lock {
  /** Removes the lock file. May be called twice; never rejects. */
  release(): Promise<void>;
}

const attempts = 12;
const pauseMs = 50;

// Folders of this process: when each is free again.
const turns = new Map<string, Promise<void>>();
// The tokens of the locks that this process holds.
const held = new Set<string>();

/**
 * One owner per folder, which is made (0700) if it is missing. In this process the next caller waits for release();
 * a lock file keeps other processes out.
 * @throws Problem `queue-in-use` if another living process owns the folder; Node.js's error if it cannot be written
 */
export async function acquireFolder(folder: string, options: LockOptions = {}): Promise<Lock> {
  const path = resolve(folder);
  const previous = turns.get(path) ?? Promise.resolve();
  let finish = (): void => {};
  const finished = new Promise<void>((end) => {
    finish = end;
  });
  const turn = previous.then(() => finished);
  turns.set(path, turn);
  void turn.then(() => turns.get(path) === turn && turns.delete(path));
  try {
    await unlessAborted(previous, options.signal);
    const file = await acquireFile(path, options);
    let released: Promise<void> | undefined;
    return {
      release() {
        released ??= file.remove().then(finish, finish);
        return released;
      },
    };
  } catch (error) {
    finish();
    throw error;
  }
}

async function acquireFile(
  folder: string,
  { doubtMs = 15_000, beatMs = 5_000, signal }: LockOptions,
): Promise<LockFile> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    let file: LockFile | undefined;
    let other = '';
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      file = await LockFile.create(folder, beatMs);
      for (const one of file ? await renamedLocks(folder) : [join(folder, lockName)]) {
        const seen = await look(one);
        if (!seen || file?.isIn(seen)) continue;
        other = one;
        const dead = await findDead(one, doubtMs, signal);
        if (dead) await takeAway(folder, one, dead);
      }
      const now = await look(join(folder, lockName));
      if (now && file?.isIn(now)) return file;
      await file?.remove();
      if (attempt >= attempts) throw inUse(now);
    } catch (error) {
      await file?.remove();
      // The renamed lock of a living process, which may not own the folder yet: if both processes ended here, none would own it.
      const renamed = file !== undefined && error instanceof Problem;
      if (renamed) await putBack(other, join(folder, lockName)).catch(() => {});
      if (attempt >= attempts || !(renamed || mayPass(error))) throw error;
      await sleep(pauseMs * attempt * Math.random(), signal ?? new AbortController().signal);
    }
  }
}

/** Whether an error may be gone at the next attempt. */
function mayPass(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  // A queue that was just closed removes its empty folder.
  if (code === 'ENOENT') return true;
  // Windows denies what concerns a file that a virus scanner reads.
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
}

/**
 * Waits until a lock is known to be dead.
 * @returns undefined if it is gone
 * @throws Problem `queue-in-use` if its owner lives
 */
async function findDead(path: string, doubtMs: number, signal?: AbortSignal): Promise<SeenLock | undefined> {
  const deadline = performance.now() + doubtMs;
  let first: SeenLock | undefined;
  for (;;) {
    const seen = await look(path);
    if (!seen) return undefined;
    const owner = parseOwner(seen.content);
    const state = owner && held.has(owner.token) ? 'alive' : await stateOf(owner);
    if (state === 'dead') return seen;
    if (state === 'alive' || (first && !same(first, seen))) throw inUse(seen);
    if (performance.now() >= deadline) return seen;
    first = seen;
    await sleep(Math.min(250, doubtMs / 10), signal ?? new AbortController().signal);
    signal?.throwIfAborted();
  }
}

function inUse(seen: SeenLock | undefined): Problem {
  const owner = seen && parseOwner(seen.content);
  return new Problem('queue-in-use', { host: owner?.host ?? '?', pid: owner?.pid ?? '?' });
}

async function unlessAborted(work: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return work;
  signal.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<void>((end) => {
    abort = end;
  });
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
}

/** A lock file that this process has made. */
class LockFile {
  private readonly timer: NodeJS.Timeout;
  private beat = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly token: string,
    private readonly file: FileHandle,
    private readonly inode: bigint,
    beatMs: number,
  ) {
    held.add(token);
    this.timer = setInterval(() => {
      const now = new Date();
      this.beat = this.beat.then(() => file.utimes(now, now)).catch(() => {});
    }, beatMs).unref();
  }

  /** @returns undefined if there is a lock file */
  static async create(folder: string, beatMs: number): Promise<LockFile | undefined> {
    const owner = await describeThisProcess(randomUUID());
    const path = join(folder, lockName);
    const file = await open(path, 'wx', 0o600).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!file) return undefined;
    try {
      // On a full disk an empty file must do: what is queued there can still be sent.
      await file.writeFile(JSON.stringify(owner)).catch((error) => {
        if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
      });
      const { ino } = await file.stat({ bigint: true });
      return new LockFile(folder, owner.token, file, ino, beatMs);
    } catch (error) {
      await file.close().catch(() => {});
      await unlink(path).catch(() => {});
      throw error;
    }
  }

  /** Whether a file is this one. */
  isIn(seen: SeenLock): boolean {
    const owner = parseOwner(seen.content);
    return owner ? owner.token === this.token : seen.inode === this.inode;
  }

  /** Never rejects. */
  async remove(): Promise<void> {
    clearInterval(this.timer);
    await this.beat;
    await this.file.close().catch(() => {});
    // Another process may be about to rename it, or to put it back.
    const path = join(this.folder, lockName);
    const others = await renamedLocks(this.folder).catch(() => []);
    for (const one of [path, ...others, path]) {
      const seen = await look(one).catch(() => undefined);
      if (seen && this.isIn(seen)) await takeAway(this.folder, one, seen).catch(() => {});
    }
    held.delete(this.token);
  }
}

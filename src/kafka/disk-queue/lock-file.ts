import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who holds a lock, as its file says. `boot` and `started` are only known on Linux. */
export interface LockOwner {
  /** Random, another one for every lock. */
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  /** Random id of this run of the operating system. */
  readonly boot?: string;
  /** When the process started, in clock ticks since the operating system did. */
  readonly started?: string;
}

/** A lock file at one moment. */
export interface SeenLock {
  /** Empty if the file cannot be read. */
  readonly content: string;
  /** Nanoseconds. */
  readonly modified: bigint;
  readonly inode: bigint;
}

export const lockName = 'lock';
const renamed = /^lock\../;
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const lengthLimit = 4096;

/** What a lock file of this process says. */
export async function describeThisProcess(token: string): Promise<LockOwner> {
  const [boot, process_] = await Promise.all([bootId(), runningProcess(process.pid)]);
  return { token, host: hostname(), pid: process.pid, boot, started: process_?.started };
}

/** @returns undefined if the content is not a complete lock */
export function parseOwner(content: string): LockOwner | undefined {
  try {
    const { token, host, pid, boot, started } = JSON.parse(content);
    if (typeof token !== 'string' || typeof host !== 'string' || !Number.isInteger(pid)) return undefined;
    return { token, host, pid, boot, started };
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that wrote a lock runs. Only for locks that this process does not hold.
 * @returns unknown if that cannot be told from here
 */
export async function stateOf(owner: LockOwner | undefined): Promise<'alive' | 'dead' | 'unknown'> {
  if (owner === undefined || owner.host !== hostname()) return 'unknown';
  // The pods of a set have the same names on every machine, so another boot may be another machine.
  if (owner.boot !== (await bootId())) return 'unknown';
  // A process before this one had the same pid, as in a container, or this one could not remove the file.
  if (owner.pid === process.pid) return 'dead';
  if (!exists(owner.pid)) return 'dead';
  const found = await runningProcess(owner.pid);
  if (found === undefined || owner.started === undefined) return exists(owner.pid) ? 'unknown' : 'dead';
  return found.ended || found.started !== owner.started ? 'dead' : 'alive';
}

/**
 * Reads a lock file through a newly opened file, because network file systems may answer from a cache otherwise.
 * @returns undefined if there is none
 */
export async function look(path: string): Promise<SeenLock | undefined> {
  try {
    // Neither follows a link out of the folder nor waits for the other end of a pipe.
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { mtimeNs, ino } = await file.stat({ bigint: true });
      const { buffer, bytesRead } = await file.read(Buffer.alloc(lengthLimit), 0, lengthLimit, 0);
      return { content: buffer.toString('utf8', 0, bytesRead), modified: mtimeNs, inode: ino };
    } finally {
      await file.close();
    }
  } catch {
    return lstat(path, { bigint: true }).then(
      ({ mtimeNs, ino }) => ({ content: '', modified: mtimeNs, inode: ino }),
      (error) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
  }
}

/** Removes a lock file if it is still the one that was seen. */
export async function takeAway(folder: string, path: string, seen: SeenLock): Promise<void> {
  const aside = join(folder, `${lockName}.${randomUUID()}`);
  try {
    await rename(path, aside);
    const found = await look(aside);
    // What cannot be removed is no lock any more: a folder, or a file that Windows denies.
    if (found && same(found, seen)) return await unlink(aside).catch(() => {});
    await putBack(aside, join(folder, lockName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Gives a renamed lock file its name again, unless there is another one. */
export async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A process that made a lock meanwhile finds this one and gives way, or its owner did.
    if (code === 'EEXIST') return;
    // File systems without hard links.
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    return await rename(aside, path);
  }
  await unlink(aside);
}

/** The lock files in a folder that some process has renamed. */
export async function renamedLocks(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && renamed.test(entry.name))
    .map((entry) => join(folder, entry.name));
}

/** Whether a lock file is the same one, without a sign of life in between. */
export function same(one: SeenLock, other: SeenLock): boolean {
  return one.content === other.content && one.modified === other.modified;
}

async function bootId(): Promise<string | undefined> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function runningProcess(pid: number): Promise<{ started?: string; ended: boolean } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets, which may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A killed process keeps its pid until its parent asks for it, which the first process of a container may never do.
    return { started: fields[19], ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

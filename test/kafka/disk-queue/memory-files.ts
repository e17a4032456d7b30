import { basename, dirname } from 'node:path';
import type { FileHandle, FileSystem } from '../../../src/kafka/disk-queue/file-system';
import { type Fate, fates, MemoryFile, MemoryFolder, type Random } from './memory-disk';

export type Operation = keyof FileSystem | keyof FileHandle;

/** What goes wrong in one call. */
export interface Fault {
  /** The error's code, such as ENOSPC. */
  code?: string;
  /** Of a write: only so many bytes are written. */
  bytes?: number;
  /** The call ends when this resolves. */
  wait?: Promise<unknown>;
}

/** 'kill': the process ends, what it wrote stays. The others: the power fails; 'mixed' decides per file. */
export type Crash = 'kill' | 'mixed' | Fate;
export const crashes: readonly Crash[] = ['kill', 'mixed', ...fates];

const never = new Promise<never>(() => {});

export const failure = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: test`), { code });

/** A file system in memory that can lose power. `/user` exists. */
export class MemoryFiles implements FileSystem {
  /** Bytes of the disk, and bytes that others have on it. */
  total = 1e12;
  others = 0;
  /** Files that are open can neither be removed nor renamed, as on Windows. */
  deniesOpen = false;
  /** Decides before every call what goes wrong in it. */
  fault: (operation: Operation, path: string) => Fault | undefined = () => undefined;
  /** What every call waits for before it answers. */
  pace: () => Promise<unknown> | undefined = () => undefined;
  /** Called whenever a file has grown. */
  onGrowth: () => void = () => {};
  /** Times of performance.now() at which a file was synced. */
  readonly syncs: number[] = [];
  folderSyncs = 0;
  /** Bytes of the largest read. */
  largestRead = 0;
  /** Calls so far. */
  calls = 0;
  openHandles = 0;
  private isDead = false;

  constructor(private root: MemoryFolder = withUserFolder()) {}

  /** Ends the process, or the power. Nothing that uses these files gets another answer. @returns the files found at the next start */
  crash(kind: Crash, random: Random): MemoryFiles {
    this.isDead = true;
    const fateOf = (): Fate =>
      kind === 'mixed' || kind === 'kill' ? (fates[Math.floor(random() * fates.length)] ?? 'torn') : kind;
    const next = new MemoryFiles(kind === 'kill' ? this.root : this.root.afterCrash(fateOf, random));
    next.forgetHandles(next.root);
    next.total = this.total;
    next.others = this.others;
    next.deniesOpen = this.deniesOpen;
    return next;
  }

  /** Sizes of the files in a folder. */
  sizes(path: string): Record<string, number> {
    const sizes: Record<string, number> = {};
    for (const [name, entry] of this.find(path)?.entries ?? []) {
      if (entry instanceof MemoryFile) sizes[name] = entry.length;
    }
    return sizes;
  }

  bytesIn(path: string): number {
    return Object.values(this.sizes(path)).reduce((sum, size) => sum + size, 0);
  }

  hasFolder(path: string): boolean {
    return this.find(path) !== undefined;
  }

  contentOf(path: string): Buffer {
    return Buffer.from(this.file(path).content);
  }

  /** Puts a file there, synced. */
  place(path: string, content: Buffer): void {
    this.makeFolders(dirname(path));
    this.folder(dirname(path)).change({ entry: new MemoryFile(content), added: basename(path) });
    this.syncAll();
  }

  /** All names and bytes are on the disk. */
  syncAll(folder = this.root): void {
    folder.sync()(false);
    for (const entry of folder.entries.values()) {
      if (entry instanceof MemoryFolder) this.syncAll(entry);
      else entry.sync()(false);
    }
  }

  makeFolder = (path: string): Promise<void> =>
    this.call('makeFolder', path, () => {
      this.makeFolders(path);
    });

  list = (path: string): Promise<Array<{ name: string; size: number }>> =>
    this.call('list', path, () => Object.entries(this.sizes(path)).map(([name, size]) => ({ name, size })));

  create = (path: string): Promise<FileHandle> =>
    this.call('create', path, () => {
      const folder = this.folder(dirname(path));
      if (folder.entries.has(basename(path))) throw failure('EEXIST');
      const file = new MemoryFile();
      folder.change({ entry: file, added: basename(path) });
      return this.handle(path, file);
    });

  openToRead = (path: string): Promise<FileHandle> =>
    this.call('openToRead', path, () => this.handle(path, this.file(path)));

  openToWrite = (path: string): Promise<FileHandle> =>
    this.call('openToWrite', path, () => this.handle(path, this.file(path)));

  remove = (path: string): Promise<void> =>
    this.call('remove', path, () => {
      const file = this.file(path);
      if (this.deniesOpen && file.handles > 0) throw failure('EPERM');
      this.folder(dirname(path)).change({ entry: file, removed: basename(path) });
    });

  removeFolder = (path: string): Promise<void> =>
    this.call('removeFolder', path, () => {
      const folder = this.folder(path);
      if (folder.entries.size > 0) throw failure('ENOTEMPTY');
      this.folder(dirname(path)).change({ entry: folder, removed: basename(path) });
    });

  rename = (from: string, to: string): Promise<void> =>
    this.call('rename', from, () => {
      const file = this.file(from);
      const replaced = this.find(dirname(to))?.entries.get(basename(to));
      const isOpen = file.handles > 0 || (replaced instanceof MemoryFile && replaced.handles > 0);
      if (this.deniesOpen && isOpen) throw failure('EPERM');
      this.folder(dirname(from)).change({ entry: file, removed: basename(from), added: basename(to) });
    });

  syncFolder = (path: string): Promise<void> =>
    this.syncing('syncFolder', path, () => {
      this.folderSyncs++;
      return this.folder(path).sync();
    });

  space = (path: string): Promise<{ total: number; free: number }> =>
    this.call('space', path, () => ({ total: this.total, free: Math.max(0, this.total - this.used) }));

  private get used(): number {
    const bytesOf = (folder: MemoryFolder): number =>
      [...folder.entries.values()].reduce(
        (sum, entry) => sum + (entry instanceof MemoryFolder ? bytesOf(entry) : entry.length),
        0,
      );
    return this.others + bytesOf(this.root);
  }

  private handle(path: string, file: MemoryFile): FileHandle {
    this.openHandles++;
    file.handles++;
    let isOpen = true;
    const use = (): void => {
      if (!isOpen) throw failure('EBADF');
    };
    return {
      write: (data, position) =>
        this.call('write', path, (fault) => {
          use();
          const growth = Math.max(0, position + data.length - file.length);
          const room = this.others > 0 ? Math.max(0, this.total - this.used) : growth;
          if (room === 0 && growth > 0) throw failure('ENOSPC');
          const bytes = Math.min(fault?.bytes ?? data.length, data.length - Math.max(0, growth - room));
          file.write(data.subarray(0, bytes), position);
          if (growth > 0) this.onGrowth();
          return bytes;
        }),
      read: (buffer, position) =>
        this.call('read', path, () => {
          use();
          this.largestRead = Math.max(this.largestRead, buffer.length);
          return file.content.copy(buffer, 0, position);
        }),
      sync: () =>
        this.syncing('sync', path, () => {
          use();
          this.syncs.push(performance.now());
          return file.sync();
        }),
      truncate: (length) =>
        this.call('truncate', path, () => {
          use();
          file.truncate(length);
        }),
      close: () =>
        this.call('close', path, () => {
          use();
          isOpen = false;
          file.handles--;
          this.openHandles--;
        }),
    };
  }

  /** Does something at once, and answers later. A write or read that fails may have happened in part. */
  private async call<T>(operation: Operation, path: string, work: (fault?: Fault) => T): Promise<T> {
    if (this.isDead) return never;
    this.calls++;
    const fault = this.fault(operation, path);
    const isDone = !fault?.code || (operation === 'write' && fault.bytes !== undefined);
    let outcome: { value: T } | { error: unknown } = { error: failure(fault?.code ?? 'EIO') };
    try {
      // A close that fails has closed the file all the same.
      if (isDone || operation === 'close') outcome = { value: work(fault) };
    } catch (error) {
      outcome = { error };
    }
    await fault?.wait;
    await this.pace();
    if (this.isDead) return never;
    if (fault?.code) throw failure(fault.code);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  private async syncing(
    operation: Operation,
    path: string,
    begin: () => (failed: boolean) => void,
  ): Promise<void> {
    if (this.isDead) return never;
    this.calls++;
    const fault = this.fault(operation, path);
    const end = begin();
    await fault?.wait;
    await this.pace();
    if (this.isDead) return never;
    end(fault?.code !== undefined);
    if (fault?.code) throw failure(fault.code);
  }

  private find(path: string): MemoryFolder | undefined {
    let folder: MemoryFolder | undefined = this.root;
    for (const name of path.split('/').filter(Boolean)) {
      const entry: unknown = folder?.entries.get(name);
      folder = entry instanceof MemoryFolder ? entry : undefined;
    }
    return folder;
  }

  private folder(path: string): MemoryFolder {
    const folder = this.find(path);
    if (!folder) throw failure('ENOENT');
    return folder;
  }

  private file(path: string): MemoryFile {
    const file = this.folder(dirname(path)).entries.get(basename(path));
    if (!(file instanceof MemoryFile)) throw failure('ENOENT');
    return file;
  }

  private makeFolders(path: string): void {
    if (this.find(path)) return;
    this.makeFolders(dirname(path));
    this.folder(dirname(path)).change({ entry: new MemoryFolder(), added: basename(path) });
  }

  private forgetHandles(folder: MemoryFolder): void {
    for (const entry of folder.entries.values()) {
      if (entry instanceof MemoryFolder) this.forgetHandles(entry);
      else entry.handles = 0;
    }
  }
}

function withUserFolder(): MemoryFolder {
  const root = new MemoryFolder();
  root.change({ entry: new MemoryFolder(), added: 'user' });
  root.sync()(false);
  return root;
}

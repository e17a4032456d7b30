import {
  constants,
  mkdir,
  type FileHandle as NodeFileHandle,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** An open file. */
export interface FileHandle {
  /** Writes at a position. @returns how many bytes were written, which may be fewer than given */
  write(data: Buffer, position: number): Promise<number>;
  /** Reads at a position. @returns how many bytes were read: fewer only at the end of the file */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Resolves when all written bytes are on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The file operations of the log. Tests replace them. Each rejects with Node.js's error. */
export interface FileSystem {
  /** Makes a folder (mode 0700) and its parents. */
  makeFolder(path: string): Promise<void>;
  /** The files of a folder; an empty list if there is none. */
  list(path: string): Promise<Array<{ name: string; size: number }>>;
  /** Makes a new file (mode 0600). Rejects if it exists. */
  create(path: string): Promise<FileHandle>;
  /** Opens an existing file to read it. */
  openToRead(path: string): Promise<FileHandle>;
  /** Opens an existing file to write to it. */
  openToWrite(path: string): Promise<FileHandle>;
  remove(path: string): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: string): Promise<void>;
  /** Renames a file; one with the new name is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Resolves when the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Bytes of the file system: all, and those that may still be used. */
  space(path: string): Promise<{ total: number; free: number }>;
}

// DNS and gzip share Node.js's four threads with the disk: a slow one must leave them some.
const maxOperations = 2;

/** Lets so many operations run at once; the others wait in order. */
class Gate {
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.running >= maxOperations) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await operation();
    } finally {
      // The place goes to the next one in line.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

// One for all logs of the process.
const gate = new Gate();

class RealFile implements FileHandle {
  constructor(private readonly file: NodeFileHandle) {}

  write(data: Buffer, position: number): Promise<number> {
    return gate.run(async () => (await this.file.write(data, 0, data.length, position)).bytesWritten);
  }

  read(buffer: Buffer, position: number): Promise<number> {
    return gate.run(async () => {
      let read = 0;
      while (read < buffer.length) {
        const { bytesRead } = await this.file.read(buffer, read, buffer.length - read, position + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return read;
    });
  }

  sync(): Promise<void> {
    return gate.run(() => this.file.datasync());
  }

  truncate(length: number): Promise<void> {
    return gate.run(() => this.file.truncate(length));
  }

  close(): Promise<void> {
    return gate.run(() => this.file.close());
  }
}

const { O_CREAT, O_EXCL, O_RDWR } = constants;
const isWindows = process.platform === 'win32';

/** The files of this computer. At most two operations of all logs run at once. */
export const realFiles: FileSystem = {
  async makeFolder(path) {
    await gate.run(() => mkdir(path, { recursive: true, mode: 0o700 }));
  },
  list: (path) =>
    gate.run(async () => {
      const entries = await readdir(path, { withFileTypes: true }).catch(emptyIfMissing);
      const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return Promise.all(files.map(async (name) => ({ name, size: (await stat(join(path, name))).size })));
    }),
  create: (path) => gate.run(async () => new RealFile(await open(path, O_RDWR | O_CREAT | O_EXCL, 0o600))),
  openToRead: (path) => gate.run(async () => new RealFile(await open(path, 'r'))),
  openToWrite: (path) => gate.run(async () => new RealFile(await open(path, 'r+'))),
  remove: (path) => gate.run(() => unlink(path)),
  removeFolder: (path) => gate.run(() => rmdir(path)),
  rename: (from, to) => gate.run(() => rename(from, to)),
  syncFolder: (path) =>
    gate.run(async () => {
      try {
        const folder = await open(path, 'r');
        await folder.sync().finally(() => folder.close());
      } catch (error) {
        // Windows cannot sync a folder.
        if (!isWindows || !['EPERM', 'EISDIR', 'EACCES'].includes(codeOf(error))) throw error;
      }
    }),
  space: (path) =>
    gate.run(async () => {
      const { blocks, bavail, bsize } = await existing(path, (one) => statfs(one));
      return { total: blocks * bsize, free: bavail * bsize };
    }),
};

/** The error's code, such as ENOENT. */
export const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException)?.code);

const emptyIfMissing = (error: unknown): never[] => {
  if (codeOf(error) === 'ENOENT') return [];
  throw error;
};

/** Runs an operation on a path, or on the nearest folder above it that exists. */
async function existing<T>(path: string, operation: (path: string) => Promise<T>): Promise<T> {
  try {
    return await operation(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return existing(dirname(path), operation);
  }
}

/** Handles a rejection: what does not exist needs not be removed. */
export const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (codeOf(error) === 'ENOENT') return value;
    throw error;
  };

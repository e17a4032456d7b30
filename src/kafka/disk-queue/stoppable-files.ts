import type { FileHandle, FileSystem } from './file-system';

/** Files that can be taken away from their user, also while the disk does not answer. */
export interface StoppableFiles extends FileSystem {
  /** From now on every call is rejected, except that open files can be closed. */
  stop(): void;
  readonly isStopped: boolean;
}

export function stoppable(files: FileSystem): StoppableFiles {
  let isStopped = false;
  const unlessStopped = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    if (isStopped) throw new Error('The log is closed.');
    return operation();
  };
  const handle = (file: FileHandle): FileHandle => ({
    write: (data, position) => unlessStopped(() => file.write(data, position)),
    read: (buffer, position) => unlessStopped(() => file.read(buffer, position)),
    sync: () => unlessStopped(() => file.sync()),
    truncate: (length) => unlessStopped(() => file.truncate(length)),
    close: () => file.close(),
  });
  return {
    makeFolder: (path) => unlessStopped(() => files.makeFolder(path)),
    list: (path) => unlessStopped(() => files.list(path)),
    create: (path) => unlessStopped(async () => handle(await files.create(path))),
    openToRead: (path) => unlessStopped(async () => handle(await files.openToRead(path))),
    openToWrite: (path) => unlessStopped(async () => handle(await files.openToWrite(path))),
    remove: (path) => unlessStopped(() => files.remove(path)),
    removeFolder: (path) => unlessStopped(() => files.removeFolder(path)),
    rename: (from, to) => unlessStopped(() => files.rename(from, to)),
    syncFolder: (path) => unlessStopped(() => files.syncFolder(path)),
    space: (path) => unlessStopped(() => files.space(path)),
    stop: () => {
      isStopped = true;
    },
    get isStopped() {
      return isStopped;
    },
  };
}

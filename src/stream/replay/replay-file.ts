import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Problem } from '../../util/problem';
import { startsWithAssignment } from './layout';

const chunkBytes = 64 * 1024;
// One chunk of compressed text may become a thousand times as long.
const gzipChunkBytes = 8 * 1024;

/** A recorded file, plain or gzip. It is read in chunks, so it may be of any size. */
export class ReplayFile {
  /** Bytes of the file read so far. */
  read = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** @throws Problem "replay-missing", "replay-no-file", "replay-forbidden", "replay-empty" or "replay-unreadable" */
  static async open(path: string): Promise<ReplayFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Problem('replay-no-file', { file: path });
      if (stats.size === 0) throw new Problem('replay-empty', { file: path });
      return new ReplayFile(path, handle, stats.size);
    } catch (error) {
      await handle?.close();
      throw error instanceof Problem ? error : openProblem(path, error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /**
   * The uncompressed text of the file from its start, without a byte order mark.
   * @throws Problem "replay-gzip-cut", "replay-gzip-damaged" or "replay-unreadable", after all readable text;
   *   "replay-not-json-lines" for another file type
   */
  async *bytes(): AsyncGenerator<Buffer> {
    this.read = 0;
    const { buffer: magic } = await this.handle.read(Buffer.alloc(3), 0, 3, 0);
    const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
    const chunks = gzip ? this.uncompressed() : this.chunks(chunkBytes);
    let first = true;
    for await (const chunk of chunks) {
      yield first ? this.checkedStart(chunk) : chunk;
      first = false;
    }
  }

  /** Rejects other file types: archives and other compressed files contain NUL, text does not. */
  private checkedStart(chunk: Buffer): Buffer {
    const bom = chunk.subarray(0, 3).equals(Buffer.from('\ufeff'));
    const start = bom ? chunk.subarray(3) : chunk;
    const text = start.toString('latin1', 0, 1000);
    const misnamed = /\.gz$/i.test(this.path) && !/^\s*[{[]/.test(text) && !startsWithAssignment(text);
    if (misnamed || start.includes(0)) throw new Problem('replay-not-json-lines', { file: this.path });
    return start;
  }

  private async *chunks(bytes: number): AsyncGenerator<Buffer> {
    for (;;) {
      const { bytesRead, buffer } = await this.readNext(bytes);
      if (bytesRead === 0) return;
      this.read += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  private async readNext(bytes: number): Promise<{ bytesRead: number; buffer: Buffer }> {
    try {
      return await this.handle.read(Buffer.allocUnsafeSlow(bytes), 0, bytes, this.read);
    } catch (error) {
      throw openProblem(this.path, error);
    }
  }

  /**
   * Uncompresses chunk by chunk, and yields the output of each chunk before the next is written: an error
   * then loses nothing that came before it. Concatenated gzip members are one file.
   */
  private async *uncompressed(): AsyncGenerator<Buffer> {
    const gunzip = createGunzip();
    let ready: Buffer[] = [];
    let failure: Error | undefined;
    const takeReady = (): Buffer[] => {
      const chunks = ready;
      ready = [];
      return chunks;
    };
    const step = (start: (done: () => void) => void): Promise<void> =>
      new Promise((resolve) => {
        gunzip.once('close', resolve);
        start(() => {
          gunzip.off('close', resolve);
          resolve();
        });
      });
    gunzip.on('data', (chunk: Buffer) => ready.push(chunk));
    gunzip.on('error', (error) => {
      failure = error;
    });
    try {
      for await (const chunk of this.chunks(gzipChunkBytes)) {
        await step((done) => gunzip.write(chunk, done));
        yield* takeReady();
        if (failure) throw this.gzipProblem(failure);
      }
      await step((done) => gunzip.once('end', done).end());
      yield* takeReady();
      if (failure) throw this.gzipProblem(failure);
    } finally {
      gunzip.destroy();
    }
  }

  private gzipProblem(error: NodeJS.ErrnoException): Problem {
    const key = error.code === 'Z_BUF_ERROR' ? 'replay-gzip-cut' : 'replay-gzip-damaged';
    return new Problem(key, { file: this.path }, { cause: error });
  }
}

function openProblem(file: string, error: unknown): Problem {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Problem('replay-missing', { file });
  if (code === 'EACCES' || code === 'EPERM') return new Problem('replay-forbidden', { file });
  if (code === 'EISDIR') return new Problem('replay-no-file', { file });
  return new Problem('replay-unreadable', { file }, { cause: error });
}

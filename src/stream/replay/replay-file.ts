import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Problem } from '../../util/problem';

const pieceBytes = 64 * 1024;
// Compressed text may become a thousand times as long, all of it at once.
const zippedPieceBytes = 8 * 1024;

/** A recorded file: JSON lines, plain or gzip. Read in pieces, so its size does not matter. */
export class ReplayFile {
  /** Bytes of the file read so far. */
  read = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** @throws Problem when it is missing, a folder, not readable or empty */
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
   * The text of the file from its beginning, uncompressed, without a byte order mark.
   * @throws Problem "replay-gzip-cut", "replay-gzip-damaged" or "replay-unreadable", after all that could be
   *   read; "replay-not-json-lines" for files of another kind
   */
  async *bytes(): AsyncGenerator<Buffer> {
    this.read = 0;
    const { buffer: magic } = await this.handle.read(Buffer.alloc(3), 0, 3, 0);
    const zipped = magic[0] === 0x1f && magic[1] === 0x8b;
    const pieces = zipped ? this.inflated() : this.pieces(pieceBytes);
    let first = true;
    for await (const piece of pieces) {
      yield first ? this.checked(piece) : piece;
      first = false;
    }
  }

  /** Text has no NUL; archives and compressed files of other kinds do. */
  private checked(piece: Buffer): Buffer {
    const bom = piece.subarray(0, 3).equals(Buffer.from('\ufeff'));
    const start = bom ? piece.subarray(3) : piece;
    const misnamed = /\.gz$/i.test(this.path) && !/^\s*[{[]/.test(start.toString('latin1', 0, 1000));
    if (misnamed || start.includes(0)) throw new Problem('replay-not-json-lines', { file: this.path });
    return start;
  }

  private async *pieces(bytes: number): AsyncGenerator<Buffer> {
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
   * Uncompresses piece by piece and hands out what each piece gave before the next goes in: an error
   * then takes nothing with it that came before. Members one after the other are one file.
   */
  private async *inflated(): AsyncGenerator<Buffer> {
    const gunzip = createGunzip();
    let ready: Buffer[] = [];
    let failure: Error | undefined;
    const take = (): Buffer[] => {
      const taken = ready;
      ready = [];
      return taken;
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
      for await (const piece of this.pieces(zippedPieceBytes)) {
        await step((done) => gunzip.write(piece, done));
        yield* take();
        if (failure) throw this.gzipProblem(failure);
      }
      await step((done) => gunzip.once('end', done).end());
      yield* take();
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

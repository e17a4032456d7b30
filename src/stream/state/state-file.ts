import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../util/problem';

export interface StateFileOptions<Value> {
  /** Of the format; a file of a later one is not read. */
  version: number;
  /** Reads a parsed file; tolerant of missing members. */
  read(value: unknown): Value;
  /** Reported once until a write succeeds again. */
  onProblem(problem: Problem): void;
}

const writeEveryMs = 5000;

/**
 * A JSON file that is written whole: to a temporary file beside it, synced, renamed. A reader sees the old file or the new
 * one, also after a power failure. At most one write every 5 s, unless the owner flushes it.
 */
export class StateFile<Value> {
  private timer?: NodeJS.Timeout;
  private writing?: Promise<void>;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private dirty = false;
  private failed = false;
  private value?: Value;

  constructor(
    /** Undefined: nothing is kept. */
    private readonly file: string | undefined,
    private readonly options: StateFileOptions<Value>,
  ) {}

  /** Reads the file. A missing one is empty; a damaged one is reported, and replaced by the next write. Never rejects. */
  async load(): Promise<Value> {
    const { read, version, onProblem } = this.options;
    let parsed: unknown = {};
    if (this.file === undefined) return read(parsed);
    try {
      parsed = JSON.parse(await readFile(this.file, 'utf8'));
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw new SyntaxError('no object');
      const saved = Number((parsed as { version?: unknown }).version);
      if (saved > version) {
        onProblem(new Problem('stream-state-newer', { file: this.file }));
        parsed = {};
      }
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const key = cause instanceof SyntaxError ? 'stream-state-damaged' : 'stream-state-unreadable';
      if (code !== 'ENOENT') onProblem(new Problem(key, { file: this.file }, { cause }));
      parsed = {};
    }
    this.value = read(parsed);
    return this.value;
  }

  /** The value has changed: it is written at once, or 5 s after the last write. */
  changed(): void {
    this.dirty = this.file !== undefined;
    if (!this.dirty || this.timer || this.writing) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (this.file !== undefined) void this.writeLater(this.file);
      },
      Math.max(0, this.writtenAt + writeEveryMs - performance.now()),
    );
    this.timer.unref();
  }

  /** Writes what has changed. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.writing) await this.writing;
    if (this.dirty && this.file !== undefined) await this.write(this.file);
    if (this.dirty && !this.failed) this.changed();
  }

  private async write(file: string): Promise<void> {
    this.writing = this.writeWhole(file).finally(() => {
      this.writing = undefined;
    });
    await this.writing;
  }

  /** What changes meanwhile, or could not be written, is written 5 s later. */
  private async writeLater(file: string): Promise<void> {
    await this.write(file);
    if (this.dirty) this.changed();
  }

  private async writeWhole(file: string): Promise<void> {
    this.dirty = false;
    const text = JSON.stringify({ version: this.options.version, ...this.value });
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await chmod(temporary, 0o600);
      await rename(temporary, file);
      this.failed = false;
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      if (!this.failed)
        this.options.onProblem(new Problem('stream-state-unwritable', { file: file }, { cause }));
      this.failed = true;
      this.dirty = true;
    } finally {
      this.writtenAt = performance.now();
    }
  }
}

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';

const maxBytes = 5_000_000;

/** The file that a broker's output is appended to. */
export class LogFile {
  #begin = 0;

  constructor(readonly path: string) {}

  /** Marks a new start: earlier content belongs to other runs. Truncates a file above 5 MB. */
  begin(): void {
    const size = existsSync(this.path) ? statSync(this.path).size : 0;
    if (size > maxBytes) rmSync(this.path);
    this.#begin = size > maxBytes ? 0 : size;
  }

  sinceBegin(): string {
    return existsSync(this.path) ? readFileSync(this.path).subarray(this.#begin).toString('utf8') : '';
  }

  last(lines: number): string {
    return this.sinceBegin().trimEnd().split('\n').slice(-lines).join('\n');
  }

  /**
   * Why the broker exited, from its log: the message of the exception below the last ERROR or FATAL line, else that
   * line; if the JVM did not start, its first line.
   */
  reason(): string | undefined {
    const lines = this.sinceBegin().trim().split('\n');
    const at = lines.findLastIndex((line) => /^\[[^\]]*\] (ERROR|FATAL) /.test(line));
    if (at < 0) return short(lines.find((line) => !line.startsWith('[')));
    const causes = lines.slice(at + 1).flatMap((line) => exception.exec(line)?.[1] ?? []);
    const root = causes.at(-1);
    // The outermost exception that contains the root's message adds where it happened.
    const cause = root && causes.find((text) => text.includes(root));
    return short(cause ?? lines[at]?.replace(/^\[[^\]]*\] \w+ /, ''));
  }
}

/** "Caused by: java.net.BindException: Address already in use" */
const exception = /^(?:Caused by: )?[\w.$]+(?:Exception|Error): (.+)/;

function short(line: string | undefined): string | undefined {
  return line?.trim().replace(/\.$/, '').slice(0, 300) || undefined;
}

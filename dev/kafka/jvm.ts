import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { jarsIn } from './jars';
import type { Java } from './java';

/** What brings a small broker up quickly. */
const quick = [
  '-Xmx128m',
  '-Xss512k',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-XX:ReservedCodeCacheSize=48m',
  '-XX:MaxMetaspaceSize=128m',
  '-Xlog:disable',
  '-Xlog:all=error:stderr',
];

let recordings = 0;

/**
 * The JVM that runs Kafka's classes. The first broker that is stopped in good order leaves an archive of its
 * loaded classes beside the jars, and later ones start from it in half the time. Java ignores an archive that
 * does not fit.
 */
export class Jvm {
  readonly command: string;
  readonly #classPath: string;
  readonly #archive: string;

  constructor(java: Java, lib: string) {
    this.command = java.command;
    this.#classPath = jarsIn(lib).join(delimiter);
    const key = createHash('sha256').update(`${java.command} ${java.build} ${this.#classPath}`).digest('hex');
    this.#archive = join(lib, `classes-${key.slice(0, 12)}.jsa`);
  }

  /** Arguments that run the class `main` for the node of folder `dir`. */
  args(dir: string, main: string, ...rest: string[]): string[] {
    return [
      ...quick,
      ...(existsSync(this.#archive) ? [`-XX:SharedArchiveFile=${this.#archive}`] : []),
      `-Djava.io.tmpdir=${dir}`,
      `-Dlog4j2.configurationFile=${join(__dirname, 'log4j2.properties')}`,
      '-cp',
      this.#classPath,
      main,
      ...rest,
    ];
  }

  /**
   * For a broker's first start: the JVM flags that record its classes, and what is to be called when it has
   * ended. Undefined when there is an archive already.
   */
  recording(): { flags: string[]; done: (orderly: boolean) => void } | undefined {
    if (existsSync(this.#archive)) return undefined;
    const part = `${this.#archive}-${process.pid}-${++recordings}`;
    return {
      flags: [`-XX:ArchiveClassesAtExit=${part}`],
      done: (orderly) => {
        try {
          if (orderly && existsSync(part)) renameSync(part, this.#archive);
          else rmSync(part, { force: true });
        } catch {
          // Without an archive the next start is slower, no more than that.
        }
      },
    };
  }
}

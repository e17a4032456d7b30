import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { jarsIn } from './jars';
import type { Java } from './java';

/** Options for a small broker that starts fast. */
const jvmOptions = [
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
 * The JVM that runs Kafka. The first broker that shuts down cleanly writes a class data sharing archive beside the jars,
 * which halves the start time of later ones. Java ignores an archive that does not match.
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

  /** Arguments that run the class `main` for the node with directory `dir`. */
  args(dir: string, main: string, ...rest: string[]): string[] {
    return [
      ...jvmOptions,
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
   * If there is no class archive yet: the JVM flags that record one, and a function to call when the process has exited.
   */
  recording(): { flags: string[]; done: (cleanShutdown: boolean) => void } | undefined {
    if (existsSync(this.#archive)) return undefined;
    const part = `${this.#archive}-${process.pid}-${++recordings}`;
    return {
      flags: [`-XX:ArchiveClassesAtExit=${part}`],
      done: (cleanShutdown) => {
        try {
          if (cleanShutdown && existsSync(part)) renameSync(part, this.#archive);
          else rmSync(part, { force: true });
        } catch {
          // Without an archive the next start is only slower.
        }
      },
    };
  }
}

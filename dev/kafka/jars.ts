import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from './child-processes';
import { findJava } from './java';
import { runMaven } from './maven';

const pom = join(__dirname, 'pom.xml');
/** What is fetched or made once and then kept, in a folder that git does not see. */
export const target = join(__dirname, 'target');
const lib = join(target, 'lib');
const stamp = 'pom.sha256';

/**
 * Brings Kafka's jars by Maven, once, and returns their folder. `progress` gets a line now and then.
 * Throws a sentence that says what to do when Java, Maven or the network is missing.
 */
export async function ensureJars(progress: (line: string) => void): Promise<string> {
  const wanted = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (!isComplete(lib, wanted)) {
    await findJava(); // Maven's own words about a missing Java help nobody
    await fetchJars(wanted, progress);
  }
  return lib;
}

/** The class path of a folder of jars, in an order that stays: the class archive depends on it. */
export function jarsIn(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(dir, name));
}

/** Fetches into a folder of our own and renames it at the end: never half a folder, nor two runs in one. */
async function fetchJars(wanted: string, progress: (line: string) => void): Promise<void> {
  const part = `${lib}-${process.pid}`;
  mkdirSync(part, { recursive: true });
  const removePart = () => rmSync(part, { recursive: true, force: true });
  const release = atExit(removePart);
  try {
    const begin = Date.now();
    progress('Fetching Apache Kafka with Maven (about 45 MB, only this once) …');
    await runMaven(pom, part, progress);
    writeFileSync(join(part, stamp), wanted);
    progress(
      `Apache Kafka is here: ${jarsIn(part).length} jars in ${Math.round((Date.now() - begin) / 1000)} s.`,
    );
    if (!isComplete(lib, wanted)) {
      rmSync(lib, { recursive: true, force: true });
      renameSync(part, lib);
    }
  } finally {
    release();
    removePart();
  }
}

function isComplete(dir: string, wanted: string): boolean {
  const file = join(dir, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === wanted;
}

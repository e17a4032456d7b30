import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from './child-processes';
import { findJava } from './java';
import { runMaven } from './maven';

const pom = join(__dirname, 'pom.xml');
/** Downloads and the class archive, ignored by git. */
export const target = join(__dirname, 'target');
const lib = join(target, 'lib');
const stamp = 'pom.sha256';

/**
 * Downloads Kafka's jars with Maven if necessary and returns their directory.
 * @throws an error that tells what to do if Java, Maven or the network is missing
 */
export async function ensureJars(progress: (line: string) => void): Promise<string> {
  const pomHash = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (!isComplete(lib, pomHash)) {
    await findJava(); // our message about a missing Java is clearer than Maven's
    await downloadJars(pomHash, progress);
  }
  return lib;
}

/** The jars of a directory, sorted: the class archive depends on their order. */
export function jarsIn(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(dir, name));
}

/** Downloads into a directory of this process and renames it at the end: no half download, no conflict of two runs. */
async function downloadJars(pomHash: string, progress: (line: string) => void): Promise<void> {
  const part = `${lib}-${process.pid}`;
  mkdirSync(part, { recursive: true });
  const removePart = () => rmSync(part, { recursive: true, force: true });
  const release = atExit(removePart);
  try {
    const begin = Date.now();
    progress('Downloading Apache Kafka with Maven (about 45 MB, first start only) …');
    await runMaven(pom, part, progress);
    writeFileSync(join(part, stamp), pomHash);
    progress(`Downloaded ${jarsIn(part).length} jars in ${Math.round((Date.now() - begin) / 1000)} s.`);
    if (!isComplete(lib, pomHash)) {
      rmSync(lib, { recursive: true, force: true });
      renameSync(part, lib);
    }
  } finally {
    release();
    removePart();
  }
}

function isComplete(dir: string, pomHash: string): boolean {
  const file = join(dir, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === pomHash;
}

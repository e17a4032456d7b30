import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from './child-processes';
import { findJava } from './java';
import { runMaven } from './maven';

/** Downloads and the class archives, ignored by git. */
export const target = join(__dirname, 'target');
const stamp = 'pom.sha256';
const versionOfKafka =
  /(?<=<groupId>org\.apache\.kafka<\/groupId>\s*<artifactId>[^<]+<\/artifactId>\s*<version>)[^<]+/g;

/**
 * Downloads Kafka's jars with Maven if necessary and returns their directory.
 * @param version e.g. "3.9.1" [that of pom.xml]; another one has a directory of its own
 * @throws an error that tells what to do if Java, Maven or the network is missing
 */
export async function ensureJars(progress: (line: string) => void, version?: string): Promise<string> {
  const pomXml = readFileSync(join(__dirname, 'pom.xml'), 'utf8');
  const pom = version === undefined ? pomXml : pomXml.replace(versionOfKafka, version);
  const lib = join(target, pom === pomXml ? 'lib' : `lib-${version}`);
  if (!isComplete(lib, pom)) {
    await findJava(); // our message about a missing Java is clearer than Maven's
    await downloadJars(lib, pom, progress);
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
async function downloadJars(lib: string, pom: string, progress: (line: string) => void): Promise<void> {
  const part = `${lib}-${process.pid}`;
  mkdirSync(part, { recursive: true });
  const removePart = () => rmSync(part, { recursive: true, force: true });
  const release = atExit(removePart);
  try {
    const begin = Date.now();
    progress('Downloading Apache Kafka with Maven (about 50 MB, first start only) …');
    const pomFile = join(part, 'pom.xml');
    writeFileSync(pomFile, pom);
    await runMaven(pomFile, part, progress);
    writeFileSync(join(part, stamp), hashOf(pom));
    progress(`Downloaded ${jarsIn(part).length} jars in ${Math.round((Date.now() - begin) / 1000)} s.`);
    if (!isComplete(lib, pom)) {
      rmSync(lib, { recursive: true, force: true });
      renameSync(part, lib);
    }
  } finally {
    release();
    removePart();
  }
}

function isComplete(dir: string, pom: string): boolean {
  const file = join(dir, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hashOf(pom);
}

const hashOf = (pom: string): string => createHash('sha256').update(pom).digest('hex');

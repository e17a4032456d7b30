import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithParent } from './child-processes';
import { ownCluster } from './java';

const tellEvery = 3_000;

/** In full: with the short name, Maven's complaint about a missing network is that it knows no such prefix. */
const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies';

const options = [
  '--batch-mode',
  '--update-snapshots', // tries again what an earlier run could not get
  '-Dstyle.color=never',
  // A server that says nothing for a minute is given up (Maven 3.8 reads the one, later ones the other).
  '-Dmaven.wagon.rto=60000',
  '-Daether.connector.requestTimeout=60000',
  '-DincludeScope=runtime',
];

/** Copies the jars of the pom's dependencies into `dir`. Throws a sentence if Maven is missing or fails. */
export async function runMaven(pom: string, dir: string, progress: (line: string) => void): Promise<void> {
  const args = [...options, '--file', pom, `-DoutputDirectory=${dir}`, goal];
  const child = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithParent(child);
  const seen = new Downloads();
  const errors: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      seen.read(line);
      const error = /^\[ERROR\]\s+(\S.*)/.exec(line)?.[1];
      if (error) errors.push(error.replace(/\s*-> \[Help \d+\].*/, ''));
    });
  }
  const timer = setInterval(() => progress(`  … ${seen}`), tellEvery);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code !== 0) throw new Error(failed(errors[0] ?? `it ended with code ${code}`));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error(missing) : error;
  } finally {
    clearInterval(timer);
  }
}

const missing =
  'Maven is needed to fetch Apache Kafka, and there is no mvn command. ' +
  `Debian/Ubuntu: apt install maven; macOS: brew install maven. ${ownCluster}`;

function failed(reason: string): string {
  return (
    `Maven could not fetch Apache Kafka: ${shortened(reason)}. ` +
    `Check the network (behind a proxy: the proxy of ~/.m2/settings.xml) and run it again. ${ownCluster}`
  );
}

/** Maven puts what it wanted first and what went wrong last. */
function shortened(reason: string): string {
  return reason.length > 400 ? `${reason.slice(0, 150)} … ${reason.slice(-250)}` : reason;
}

/** Adds up Maven's lines "Downloaded from central: https://…/kafka-clients-4.3.1.jar (9.6 MB at 12 MB/s)". */
class Downloads {
  #jars = 0;
  #bytes = 0;

  read(line: string): void {
    const size = /Downloaded from .*\.jar \(([\d.]+) (B|kB|MB)/.exec(line);
    if (!size) return;
    this.#jars += 1;
    this.#bytes += Number(size[1]) * (size[2] === 'MB' ? 1e6 : size[2] === 'kB' ? 1e3 : 1);
  }

  toString(): string {
    if (this.#jars === 0) return 'Maven is at work';
    return `${this.#jars} jars, ${(this.#bytes / 1e6).toFixed(1)} MB so far`;
  }
}

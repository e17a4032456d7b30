import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithParent } from './child-processes';
import { ownCluster } from './java';

const progressMs = 3_000;

/** The full name: with the short one, Maven reports a missing network as an unknown plugin prefix. */
const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies';

const options = [
  '--batch-mode',
  '--update-snapshots', // retries what an earlier run failed to download
  '-Dstyle.color=never',
  // Timeout for a silent server (Maven 3.8 reads the first option, later versions the second).
  '-Dmaven.wagon.rto=60000',
  '-Daether.connector.requestTimeout=60000',
  '-DincludeScope=runtime',
];

/** Copies the jars of the pom's dependencies into `dir`. @throws if Maven is missing or fails */
export async function runMaven(pom: string, dir: string, progress: (line: string) => void): Promise<void> {
  const args = [...options, '--file', pom, `-DoutputDirectory=${dir}`, goal];
  const child = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithParent(child);
  const downloads = new Downloads();
  const errors: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      downloads.read(line);
      const error = /^\[ERROR\]\s+(\S.*)/.exec(line)?.[1];
      if (error) errors.push(error.replace(/\s*-> \[Help \d+\].*/, ''));
    });
  }
  const timer = setInterval(() => progress(`  … ${downloads}`), progressMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code !== 0) throw new Error(failed(errors[0] ?? `exit code ${code}`));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error(missing) : error;
  } finally {
    clearInterval(timer);
  }
}

const missing =
  'Downloading Apache Kafka needs Maven, but there is no mvn command. ' +
  `Debian/Ubuntu: apt install maven. macOS: brew install maven. ${ownCluster}`;

function failed(reason: string): string {
  return (
    `Maven could not download Apache Kafka: ${shortened(reason)}. ` +
    `Check the network (and the proxy in ~/.m2/settings.xml) and try again. ${ownCluster}`
  );
}

/** Keeps both ends: Maven's message begins with the artifact and ends with the cause. */
function shortened(reason: string): string {
  return reason.length > 400 ? `${reason.slice(0, 150)} … ${reason.slice(-250)}` : reason;
}

/** Counts Maven's lines "Downloaded from central: https://…/kafka-clients-4.3.1.jar (9.6 MB at 12 MB/s)". */
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
    if (this.#jars === 0) return 'Maven is running';
    return `${this.#jars} jars, ${(this.#bytes / 1e6).toFixed(1)} MB so far`;
  }
}

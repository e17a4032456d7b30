import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../kafka/broker';
import { root } from '../paths';

const keptVariables =
  /^npm_config_(registry|cache|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$/i;

/** What all pairs and cases share: Kafka, the packed package, and a temporary directory. */
export interface Environment {
  broker: Broker;
  tarball: string;
  dir: string;
  /** Deletes all topics. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEnvironment(): Promise<Environment> {
  // npm run sets these, and npm would obey them in the user folders.
  for (const name of Object.keys(process.env))
    if (/^npm_/i.test(name) && !keptVariables.test(name)) delete process.env[name];
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-matrix-'));
  const tarball = pack(dir);
  const broker = await startBroker({ progress: console.log });
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  return {
    broker,
    tarball,
    dir,
    async clear() {
      const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    },
    async stop() {
      await admin.disconnect();
      await broker.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Without scripts: prepack would build dist/ a second time. */
function pack(dir: string): string {
  const folder = join(dir, 'packed');
  mkdirSync(folder);
  const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`];
  const output = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(folder, filename);
}

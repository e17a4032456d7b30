import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { root } from '../../dev/paths';

/** The packages of a lock file by their folder. */
export type Packages = Record<string, { version: string; dev?: boolean; hasInstallScript?: boolean }>;

/** Another package for Node-RED that delivers with kafkajs, of the version that this package ships. */
const other = {
  'package.json': JSON.stringify({
    name: 'other-kafka-out',
    version: '1.0.0',
    dependencies: { kafkajs: '2.2.4' },
  }),
  'index.js': `
    const { Kafka, logLevel } = require('kafkajs');
    module.exports = (RED) => {
      RED.nodes.registerType('other-out', function (config) {
        RED.nodes.createNode(this, config);
        const kafka = new Kafka({ brokers: config.brokers.split(','), logLevel: logLevel.NOTHING });
        const producer = kafka.producer();
        this.on('input', async (msg, send, done) => {
          try {
            await producer.connect();
            await producer.send({ topic: config.topic, messages: [{ value: msg.payload }] });
            send(msg);
            done();
          } catch (error) {
            done(error);
          }
        });
        this.on('close', (done) => producer.disconnect().then(done, done));
      });
    };`,
};

/** A Node-RED user folder with this package, packed and installed by npm, and another one that uses kafkajs. */
export class UserFolder {
  /** The folders of the two packages. */
  readonly own: string;
  readonly other: string;

  constructor(private readonly dir: string) {
    const { name } = createRequire(__filename)(join(root, 'package.json')) as { name: string };
    this.own = join(dir, 'node_modules', name);
    this.other = join(dir, 'node_modules/other-kafka-out');
  }

  /** Loads a file of one of the two packages. */
  load<T>(folder: string, file: string): T {
    return createRequire(join(folder, 'package.json'))(file) as T;
  }

  /** The installed packages of this package: itself and its dependencies. */
  packages(): Packages {
    // kafkajs is bundled; the one beside it is the other package's.
    const others = ['', 'node_modules/kafkajs', relative(this.dir, this.other)];
    return Object.fromEntries(
      Object.entries(packagesOf(this.dir)).filter(([folder]) => !others.includes(folder)),
    );
  }

  /** What this package and its dependencies need on the disk, in bytes. */
  size(): number {
    // A bundled package is inside another one.
    const folders = Object.keys(this.packages()).filter((folder) => folder.lastIndexOf('node_modules') === 0);
    return folders
      .flatMap((folder) => {
        const path = join(this.dir, folder);
        return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => join(path, file));
      })
      .map((file) => statSync(file))
      .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  }
}

/** Packs dist/ as it is, and installs it into `dir` without the network: all dependencies come from node_modules. */
export function installPackage(dir: string): UserFolder {
  const packed = join(dir, 'packed');
  // Also indirect ones: the binaries for this platform.
  const folders = Object.entries(packagesOf(root))
    .filter(([folder, { dev }]) => folder !== '' && !dev && existsSync(join(root, folder)))
    .map(([folder]) => join(root, folder));
  mkdirSync(join(dir, 'other'), { recursive: true });
  mkdirSync(packed);
  for (const [name, text] of Object.entries(other)) writeFileSync(join(dir, 'other', name), text);
  const output = npm(dir, ['pack', '--json', `--pack-destination=${packed}`, root, ...folders, './other']);
  const tarballs = (JSON.parse(output) as Array<{ filename: string }>).map(({ filename }) =>
    join(packed, filename),
  );
  writeFileSync(join(dir, 'package.json'), '{"private": true}');
  npm(dir, ['install', '--offline', `--cache=${join(dir, 'cache')}`, '--no-audit', '--no-fund', ...tarballs]);
  return new UserFolder(dir);
}

// Without scripts: prepack would build dist/ again while other tests use it.
function npm(cwd: string, args: string[]): string {
  return execFileSync('npm', [...args, '--ignore-scripts'], { cwd, encoding: 'utf8', stdio: 'pipe' });
}

/** @throws if `dir` has no package-lock.json */
export function packagesOf(dir: string): Packages {
  const text = readFileSync(join(dir, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Packages }).packages;
}

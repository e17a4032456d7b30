import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../dev/paths';

interface Manifest {
  name: string;
  dependencies: Record<string, string>;
}

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

  constructor(dir: string) {
    const { name } = manifest();
    this.own = join(dir, 'node_modules', name);
    this.other = join(dir, 'node_modules/other-kafka-out');
  }

  /** Loads a file of one of the two packages. */
  load<T>(folder: string, file: string): T {
    return createRequire(join(folder, 'package.json'))(file) as T;
  }
}

/** Packs dist/ as it is, and installs it into `dir` without the network: all dependencies come from node_modules. */
export function installPackage(dir: string): UserFolder {
  const packed = join(dir, 'packed');
  const folders = Object.keys(manifest().dependencies).map((name) => join(root, 'node_modules', name));
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

function manifest(): Manifest {
  return createRequire(__filename)(join(root, 'package.json')) as Manifest;
}

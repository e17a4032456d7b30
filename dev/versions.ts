import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './paths';

/** The versions of Kafka, Node.js, Node-RED and kafkajs, and the number of cores, in one line. */
export function versions(): string {
  const versionOf = (name: string): string => JSON.parse(textOf(`node_modules/${name}/package.json`)).version;
  const kafka = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    textOf('dev/kafka/pom.xml'),
  )?.[1];
  const cores = `${availableParallelism()} cores`;
  const node = `Node.js ${process.versions.node}`;
  return [
    `Apache Kafka ${kafka}`,
    node,
    `Node-RED ${versionOf('node-red')}`,
    `kafkajs ${versionOf('kafkajs')}`,
    cores,
  ].join(', ');
}

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

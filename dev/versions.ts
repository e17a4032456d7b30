import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './paths';

/** What a figure was measured with: Kafka, Node.js, Node-RED, kafkajs, and the number of cores. */
export function versions(): string {
  const of = (name: string): string => JSON.parse(textOf(`node_modules/${name}/package.json`)).version;
  const kafka = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    textOf('dev/kafka/pom.xml'),
  )?.[1];
  const cores = `${availableParallelism()} cores`;
  const node = `Node.js ${process.versions.node}`;
  return [
    `Apache Kafka ${kafka}`,
    node,
    `Node-RED ${of('node-red')}`,
    `kafkajs ${of('kafkajs')}`,
    cores,
  ].join(', ');
}

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

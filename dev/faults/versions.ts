import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../places';

/** What a figure was measured with, as one sentence. */
export function versions(): string {
  const kafka = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    readFileSync(join(root, 'dev/kafka/pom.xml'), 'utf8'),
  )?.[1];
  const of = (name: string): string =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  return (
    `Apache Kafka ${kafka}, Node.js ${process.versions.node}, Node-RED ${of('node-red')}, ` +
    `kafkajs ${of('kafkajs')}, ${cpus().length} cores.`
  );
}

import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startBroker } from '../kafka/broker';
import { installOtherPackages } from '../other-packages/install';
import { root } from '../paths';
import { benchClassifier } from './classifier';
import { compareWith } from './compare';
import { benchDiskQueue, fullSize as fullQueueSize } from './disk-queue/bench';
import { diskQueueReport, fileSystemOf } from './disk-queue/report';
import { benchKafkaOut, fullSize } from './kafka-out';
import { kafkaOutReport } from './kafka-out-report';
import { environmentLine, writeSection } from './report';
import { benchStream, fullSize as fullStreamSize } from './stream/bench';

const progress = (line: string): void => console.log(line);

/** The benchmarks by name; each returns its section of docs/bench.md. */
const benches = new Map<string, () => Promise<string>>([
  ['kafka-out', kafkaOut],
  ['disk-queue', diskQueue],
  ['stream', () => benchStream(fullStreamSize, progress)],
  ['tweet-classifier', () => benchClassifier(progress)],
]);

async function kafkaOut(): Promise<string> {
  const otherPackages = await installOtherPackages(progress);
  const broker = await startBroker({ progress });
  try {
    const result = await benchKafkaOut({ brokers: broker.brokers, size: fullSize, otherPackages, progress });
    return kafkaOutReport(result, environmentLine());
  } finally {
    await broker.stop();
  }
}

async function diskQueue(): Promise<string> {
  const broker = await startBroker({ progress });
  try {
    const result = await benchDiskQueue({ brokers: broker.brokers, size: fullQueueSize, progress });
    return diskQueueReport(result, environmentLine(), fileSystemOf(tmpdir()));
  } finally {
    await broker.stop();
  }
}

/** Compares this checkout with another one; the section of docs/bench.md keeps the last comparison. */
async function compare(folder: string): Promise<string> {
  const broker = await startBroker({ progress });
  try {
    return await compareWith(resolve(folder), broker.brokers, progress);
  } finally {
    await broker.stop();
  }
}

async function main([first, ...rest]: string[]): Promise<void> {
  if (first === 'compare') {
    const [folder] = rest;
    if (!folder) throw new Error('Name the folder of the other checkout: npm run bench -- compare FOLDER');
    benches.clear();
    benches.set('compare', () => compare(folder));
  }
  const names = first === undefined ? [] : first === 'compare' ? ['compare'] : [first, ...rest];
  const unknown = names.find((name) => !benches.has(name));
  if (unknown)
    throw new Error(`Unknown benchmark "${unknown}". Choose from: ${[...benches.keys()].join(', ')}.`);
  for (const [name, bench] of benches) {
    if (names.length > 0 && !names.includes(name)) continue;
    const section = await bench();
    writeSection(join(root, 'docs/bench.md'), section);
    console.log(`\n${section}\n`);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

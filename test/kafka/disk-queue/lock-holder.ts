// Acquires folders as soon as it gets a line on stdin, says which it got, and holds them until the next line.
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { acquireFolder } from '../../../src/kafka/disk-queue/lock';

const [folders = '', doubtMs, beatMs] = process.argv.slice(2);
const options = { doubtMs: Number(doubtMs), beatMs: Number(beatMs) };

async function main(): Promise<void> {
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const tried = folders.split(delimiter).map((folder) => acquireFolder(folder, options));
  const results = await Promise.allSettled(tried);
  const acquired = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  process.stdout.write(`acquired ${JSON.stringify({ acquired, failed: failed.map(({ key }) => key) })}\n`);
  await once(process.stdin, 'data');
  for (const result of results) if (result.status === 'fulfilled') await result.value.release();
  process.stdout.write('released\n');
  process.stdin.destroy();
}

void main();

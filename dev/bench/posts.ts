import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGenerator } from '../x-api/generator';

const postCount = 2000;
// Only generated posts as long as recorded ones: 5 KB on average.
const minBytes = 4200;

/** The posts of a benchmark. */
export interface Posts {
  /** Path of a file of JSON lines. */
  file: string;
  /** Source and average size, for the report. */
  description: string;
}

/** Writes posts into a file: the lines of the files in the directory BENCH_RECORDS, or generated ones. */
export function writePosts(file: string): Posts {
  const folder = process.env.BENCH_RECORDS;
  const lines = folder ? recorded(folder) : generated();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  const mean = Math.round(bytes / lines.length).toLocaleString('en-US');
  return { file, description: `${folder ? 'recorded' : 'generated'} posts of ${mean} bytes on average` };
}

function generated(): string[] {
  const generator = createGenerator({ seed: 1, topics: ['basketball'] });
  const lines: string[] = [];
  while (lines.length < postCount) {
    const line = JSON.stringify(generator.post());
    if (Buffer.byteLength(line) >= minBytes) lines.push(line);
  }
  return lines;
}

function recorded(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => /\.jsonl?$/.test(name));
  const lines = files
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.trim().startsWith('{'));
  if (lines.length === 0)
    throw new Error(`The directory ${folder} (BENCH_RECORDS) contains no .json or .jsonl file with posts.`);
  return lines;
}

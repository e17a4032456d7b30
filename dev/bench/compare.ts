import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeRed } from '../node-red/runtime';
import { root } from '../paths';
import { pair, startClassifier } from './classifier';
import { formatNumber, markdownTable, median } from './figures';
import { checkTopics } from './kafka-out';
import { writePosts } from './posts';
import { type ProducerUnderTest, startKafkaOut } from './producer-under-test';
import { environmentLine } from './report';
import { type Entry, rounds } from './rounds';
import { createTopics } from './topics';
import { kafkaOutIdempotent, laneOf } from './variants';

const partitionCounts = [1, 6];
const kafkaOutRounds = 31;
const posts = 20_000;
const window = 5000;
const classifierRounds = 41;
const minRatio = 0.97;

/**
 * Measures kafka-out and tweet-classifier of this checkout and of another one in alternating rounds.
 * @param folder of the other checkout, with node_modules and dist/
 * @returns a section of docs/bench.md
 */
export async function compareWith(
  folder: string,
  brokers: string,
  progress: (line: string) => void,
): Promise<string> {
  if (!existsSync(join(folder, 'dist/nodes'))) {
    throw new Error(`${folder} is not a built checkout: run npm ci and npm run build in it.`);
  }
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-compare-'));
  try {
    const rows = [
      ...(await kafkaOut(dir, folder, brokers, progress)),
      await classifier(dir, folder, progress),
    ];
    return [
      '## Compared with an earlier version',
      '',
      `${environmentLine()}. This version (${commitOf(root)}) beside ${commitOf(folder)}, each in a Node-RED of its own, in alternating rounds.`,
      `Ratio above 1: this version is faster. Target: at least ${minRatio}.`,
      '',
      markdownTable([['', 'earlier version', 'this version', 'ratio', 'target met'], ...rows]),
      '',
    ].join('\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function kafkaOut(
  dir: string,
  folder: string,
  brokers: string,
  progress: (line: string) => void,
): Promise<string[][]> {
  const file = writePosts(join(dir, 'posts.jsonl')).file;
  const lanes = partitionCounts.map((partitions) => laneOf(kafkaOutIdempotent, partitions));
  const running: ProducerUnderTest[] = [];
  const start = async (name: string, from: string): Promise<ProducerUnderTest> => {
    const own = lanes.map((lane) => ({ ...lane, topic: `${lane.topic}-${name}` }));
    await createTopics(brokers, own);
    const producer = await startKafkaOut({ dir: join(dir, name), brokers, posts: file, lanes: own }, from);
    running.push(producer);
    return producer;
  };
  try {
    const earlier = await start('earlier', folder);
    const current = await start('this', root);
    const rows: string[][] = [];
    for (const [index, partitions] of partitionCounts.entries()) {
      const lane = lanes[index]?.id ?? '';
      const entry = (name: string, producer: ProducerUnderTest): Entry => ({
        name,
        producer,
        lane,
        workload: { count: posts, window },
      });
      progress(`kafka-out, ${partitions} partitions`);
      const entries = [entry('earlier', earlier), entry('this', current)];
      const results = await rounds(entries, kafkaOutRounds, progress);
      const [before = Number.NaN, now = Number.NaN] = ['earlier', 'this'].map(
        (name) => results.get(name)?.postsPerSecond,
      );
      rows.push(
        row(
          `kafka-out, ${partitions === 1 ? '1 partition' : `${partitions} partitions`}, posts/s`,
          before,
          now,
          now / before,
        ),
      );
    }
    await checkTopics(brokers, running);
    return rows;
  } finally {
    for (const producer of running) await producer.stop();
  }
}

async function classifier(dir: string, folder: string, progress: (line: string) => void): Promise<string[]> {
  const running: NodeRed[] = [];
  const start = async (name: string, from: string): Promise<NodeRed> => {
    const red = await startClassifier(join(dir, `classifier-${name}`), from);
    running.push(red);
    return red;
  };
  try {
    const earlier = await start('earlier', folder);
    const current = await start('this', root);
    const times: Array<[before: number, now: number]> = [];
    progress('tweet-classifier');
    for (let round = 0; round < classifierRounds; round++) {
      const order = round % 2 === 0 ? [earlier, current] : [current, earlier];
      const both = new Map<NodeRed, number>();
      for (const red of order) both.set(red, (await pair(red, round))[1]);
      times.push([both.get(earlier) ?? Number.NaN, both.get(current) ?? Number.NaN]);
    }
    const before = median(times.map(([time]) => time));
    const now = median(times.map(([, time]) => time));
    return row('tweet-classifier, ns per message', before, now, median(times.map(([a, b]) => a / b)));
  } finally {
    for (const red of running) await red.stop();
  }
}

const row = (what: string, before: number, now: number, ratio: number): string[] => [
  what,
  formatNumber(before),
  formatNumber(now),
  ratio.toFixed(2),
  ratio >= minRatio ? 'yes' : 'no',
];

function commitOf(folder: string): string {
  return execFileSync('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

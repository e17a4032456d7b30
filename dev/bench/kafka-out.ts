import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Best, fastestOther } from './other-producers';
import { type Posts, writePosts } from './posts';
import { type ProducerUnderTest, startKafkaOut, startRawKafkajs, type Workload } from './producer-under-test';
import { type Entry, type Result, rounds } from './rounds';
import { countRecords, createTopics } from './topics';
import { baseline, kafkaOutIdempotent, laneOf, type Variant, variants } from './variants';

/** How much to measure. */
export interface Size {
  /** Numbers of partitions; one series each. */
  partitions: number[];
  rounds: number;
  /** Posts per turn at maximum throughput. */
  posts: number;
  /** The same for another package, which may be slow. */
  otherPosts: number;
  /** Posts per turn at 6,000 posts/s. */
  pacedPosts: number;
  /** Posts per turn at one post per 5 ms. */
  singlePosts: number;
}

/** The size for docs/bench.md. */
export const fullSize: Size = {
  partitions: [1, 6],
  rounds: 5,
  posts: 20_000,
  otherPosts: 5000,
  pacedPosts: 18_000,
  // Enough to outweigh the compilation of hot code in either process.
  singlePosts: 2000,
};

export interface Bench {
  brokers: string;
  size: Size;
  /** Directory of the other packages; without it they are not measured. */
  otherPackages?: string;
  progress: (line: string) => void;
}

/** Results by producer, for one number of partitions. */
export interface Series {
  partitions: number;
  fastest: Map<string, Result>;
  paced: Map<string, Result>;
  single: Map<string, Result>;
}

/** Results of kafka-out, raw kafkajs and the fastest other package. */
export interface KafkaOutResult {
  posts: Posts;
  series: Series[];
  best?: Best;
}

// Unacknowledged posts of 5 KB: below kafka-out's memory limit of 32 MB.
const window = 5000;
const pacedRate = 6000;
const singleRate = 200;

/**
 * Measures kafka-out in a real Node-RED, raw kafkajs and the fastest other package.
 * @throws if a post was not acknowledged, or was acknowledged but is not in its topic
 */
export async function benchKafkaOut(bench: Bench): Promise<KafkaOutResult> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-bench-'));
  const running: ProducerUnderTest[] = [];
  try {
    return await measure(bench, dir, running);
  } finally {
    for (const producer of running) await producer.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, dir: string, running: ProducerUnderTest[]): Promise<KafkaOutResult> {
  const { brokers, size, progress } = bench;
  const posts = writePosts(join(dir, 'posts.jsonl'));
  const base = { brokers, posts: posts.file };
  const lanesOf = (ours: boolean) =>
    variants
      .filter((variant) => variant.ours === ours)
      .flatMap((variant) => size.partitions.map((partitions) => laneOf(variant, partitions)));
  await createTopics(brokers, [...lanesOf(false), ...lanesOf(true)]);
  progress('Starting raw kafkajs and Node-RED …');
  const raw = await startRawKafkajs({ ...base, dir: join(dir, 'raw'), lanes: lanesOf(false) });
  running.push(raw);
  const ours = await startKafkaOut({ ...base, dir: join(dir, 'kafka-out'), lanes: lanesOf(true) });
  running.push(ours);
  let best: Best | undefined;
  if (bench.otherPackages) {
    const options = { ...base, dir: join(dir, 'other') };
    best = await fastestOther(options, bench.otherPackages, size.partitions, size.otherPosts, progress);
    running.push(best.producer);
  }
  const series: Series[] = [];
  for (const partitions of size.partitions) {
    const entry = (variant: Variant, workload: Workload): Entry => ({
      name: variant.name,
      producer: variant.ours ? ours : raw,
      lane: laneOf(variant, partitions).id,
      workload,
    });
    series.push(await oneSeries(partitions, bench, entry, best));
  }
  await checkTopics(brokers, running);
  return { posts, series, best };
}

async function oneSeries(
  partitions: number,
  { size, progress }: Bench,
  entry: (variant: Variant, workload: Workload) => Entry,
  best: Best | undefined,
): Promise<Series> {
  const { posts, otherPosts, pacedPosts, singlePosts } = size;
  const fastest = variants.map((variant) => entry(variant, { count: posts, window }));
  if (best) {
    const { producer, other } = best;
    const workload = { count: otherPosts, window };
    fastest.push({ name: other.name, producer, lane: best.lane(partitions), workload });
  }
  const both = (workload: Workload): Entry[] => [
    entry(baseline, workload),
    entry(kafkaOutIdempotent, workload),
  ];
  const run = (what: string, entries: Entry[]): Promise<Map<string, Result>> => {
    progress(`${partitions} ${partitions === 1 ? 'partition' : 'partitions'}, ${what}`);
    return rounds(entries, size.rounds, progress);
  };
  return {
    partitions,
    fastest: await run('maximum throughput', fastest),
    paced: await run(`${pacedRate} posts/s`, both({ count: pacedPosts, rate: pacedRate, from: 'due' })),
    single: await run('one post per 5 ms', both({ count: singlePosts, rate: singleRate, from: 'sent' })),
  };
}

/** Checks that every acknowledged post is in its topic. */
export async function checkTopics(brokers: string, producers: ProducerUnderTest[]): Promise<void> {
  for (const { sent } of producers) {
    for (const [topic, count] of sent) {
      const found = await countRecords(brokers, topic);
      if (found < count)
        throw new Error(`${topic}: ${count} posts acknowledged, but only ${found} in the log.`);
    }
  }
}

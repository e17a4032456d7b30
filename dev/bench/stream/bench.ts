import { createGenerator } from '../../x-api/generator';
import { formatNumber, markdownTable, median } from '../figures';
import { environmentLine } from '../report';
import { benchLatency } from './latency';
import { type Reader, readerWithDedupe, readWithDecoder, readWithLibrary, readWithSplit } from './readers';

export interface StreamBenchSize {
  posts: number;
  rounds: number;
  /** Posts of the measurement of latency. */
  latencyPosts: number;
}

export const fullSize: StreamBenchSize = { posts: 10_000, rounds: 21, latencyPosts: 7_500 };

/** A ratio that the project has promised. */
interface Comparison {
  name: string;
  ours: string;
  other: string;
  atLeast: number;
}

/** Bytes of a chunk: a TLS record, and a network packet. */
const chunkSizes = [16_384, 1_400];
const newReader: Record<string, () => Reader> = {
  decoder: () => readWithDecoder,
  split: () => readWithSplit,
  library: () => readWithLibrary,
  'dedupe 100,000': () => readerWithDedupe(100_000),
  'dedupe 0': () => readerWithDedupe(0),
};
const comparisons: Comparison[] = [
  {
    name: 'decoder and JSON.parse, to `buffer.split` and JSON.parse',
    ours: 'decoder',
    other: 'split',
    atLeast: 0.9,
  },
  { name: 'the same, to the stream parser of twitter-api-v2', ours: 'decoder', other: 'library', atLeast: 2 },
  { name: '`dedupe` 100,000, to 0', ours: 'dedupe 100,000', other: 'dedupe 0', atLeast: 0.95 },
];

/**
 * Measures the parts that each byte of a stream passes, all in one process and in turn, and the latency of a whole stream.
 * @param report gets a line per step
 * @returns a section of docs/bench.md
 */
export async function benchStream(
  { posts, rounds, latencyPosts }: StreamBenchSize,
  report: (line: string) => void,
): Promise<string> {
  const stream = Buffer.from(linesOf(posts));
  const rows = chunkSizes.flatMap((size) => {
    const chunks = chunksOf(stream, size);
    const speeds = measure(chunks, posts, rounds, (line) => report(`chunks of ${size} bytes, ${line}`));
    return comparisons.map((comparison) => rowOf(comparison, speeds, size));
  });
  report('latency');
  const latency = await benchLatency(latencyPosts);
  const mean = Math.round(stream.length / posts).toLocaleString('en-US');
  return [
    '## stream',
    '',
    `${environmentLine()}. Messages/s, without network: ${posts.toLocaleString('en-US')} generated posts of ${mean} bytes on`,
    `average, from bytes to parsed objects; medians of ${rounds} rounds in alternating order. Ratios are medians of the rounds’`,
    'ratios. With `dedupe`, the ids are all new, and as many are remembered before.',
    '',
    markdownTable([['metric', 'chunks, bytes', 'target', 'measured', 'result'], ...rows]),
    '',
    'Over a real connection to the simulated X API, which shares the process:',
    '',
    latency,
    '',
  ].join('\n');
}

type Speeds = Map<string, number[]>;

function measure(chunks: Buffer[], posts: number, rounds: number, report: (line: string) => void): Speeds {
  const names = Object.keys(newReader);
  const speeds: Speeds = new Map(names.map((name) => [name, []]));
  // The first round runs uncompiled code.
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const speed = speedOf(newReader[name]?.() ?? (() => 0), chunks, posts);
      if (round > 0) speeds.get(name)?.push(speed);
    }
    if (round > 0) report(`round ${round} of ${rounds}`);
  }
  return speeds;
}

/** @returns messages per second. @throws if a message is missing */
function speedOf(reader: Reader, chunks: Buffer[], posts: number): number {
  const begin = process.hrtime.bigint();
  const messages = reader(chunks);
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  if (messages !== posts) throw new Error(`${messages} of ${posts} messages were read.`);
  return messages / seconds;
}

function rowOf({ name, ours, other, atLeast }: Comparison, speeds: Speeds, chunkSize: number): string[] {
  const [own = [], others = []] = [speeds.get(ours), speeds.get(other)];
  const ratio = median(own.map((speed, round) => speed / (others[round] ?? Number.NaN)));
  const figures = `${formatNumber(median(own))} vs ${formatNumber(median(others))}`;
  return [
    name,
    chunkSize.toLocaleString('en-US'),
    `at least ${atLeast}`,
    `${formatNumber(ratio)} (${figures})`,
    ratio >= atLeast ? 'met' : '**missed**',
  ];
}

/** Lines of the filtered stream, each with another id. */
function linesOf(posts: number): string {
  const generator = createGenerator({ seed: 1, topics: ['basketball'] });
  const matched = [{ id: '1178007813257388033', tag: 'basketball' }];
  let lines = '';
  for (let post = 0; post < posts; post++) {
    lines += `${JSON.stringify({ ...generator.post(), matching_rules: matched })}\r\n`;
  }
  return lines;
}

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { classify } from '../../src/tweet/classify';
import { KINDS } from '../../src/tweet/kinds';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import { root } from '../paths';
import { createGenerator } from '../x-api/generator';

const rounds = 31;
const messagesPerRound = 10_000;
const warmUpRounds = 5;
// Few enough to stay in the CPU cache, as a message that was just parsed does.
const differentMessages = 20;
const startLimitMs = 30_000;
const roundLimitMs = 120_000;
const classificationsPerRound = 50_000;
const maxRatio = 1.3;
const sizes = [1, 10, 100];

/**
 * Measures tweet-classifier: from input to output in Node-RED relative to a pass-through node, and the cost of classifying
 * parsed messages of different sizes.
 * @param report gets a line per step
 * @returns a section of docs/bench.md
 */
export async function benchClassifier(report: (line: string) => void): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-bench-'));
  try {
    const inputToOutput = await measureNode(dir, report);
    const bySize = costBySize(report);
    return ['## tweet-classifier', '', ...inputToOutput, '', ...bySize, ''].join('\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Starts Node-RED with tweet-classifier beside a pass-through node, and warms both up.
 * @param folder of the package, built: this checkout or another
 */
export async function startClassifier(dir: string, folder = root): Promise<NodeRed> {
  mkdirSync(dir, { recursive: true });
  const messages = join(dir, 'messages.jsonl');
  writeFileSync(messages, messageLines().join('\n'));
  const [port = 0] = await freePorts([undefined]);
  const red = await startNodeRed({
    dir,
    port,
    settings: join(root, 'dev/bench/settings.cjs'),
    env: { BENCH_PACKAGES: [folder, join(root, 'dev/bench/classifier-nodes')].join(delimiter) },
  });
  try {
    await red.deploy(flow(messages));
    await untilStarted(red);
    // A new process runs uncompiled code first.
    for (let round = 0; round < warmUpRounds; round++) await pair(red, round);
  } catch (error) {
    await red.stop();
    throw error;
  }
  return red;
}

async function measureNode(dir: string, report: (line: string) => void): Promise<string[]> {
  const red = await startClassifier(dir);
  try {
    const pairs = [];
    for (let round = 1; round <= rounds; round++) {
      const [pass, classifier] = await pair(red, round);
      report(
        `round ${round} of ${rounds}: pass-through ${micro(pass)}, tweet-classifier ${micro(classifier)}`,
      );
      pairs.push({ pass, classifier, ratio: classifier / pass });
    }
    const ratio = median(pairs.map((pair) => pair.ratio));
    return [
      `CPU time per message from input to output in Node-RED; median of ${rounds} interleaved rounds of ${messagesPerRound.toLocaleString('en-US')} messages:`,
      '',
      '| pass-through node | tweet-classifier | ratio | target |',
      '|---|---|---|---|',
      `| ${micro(median(pairs.map(({ pass }) => pass)))} | ${micro(median(pairs.map(({ classifier }) => classifier)))} | ${ratio.toFixed(2)} | at most ${maxRatio} ${mark(ratio <= maxRatio)} |`,
    ];
  } finally {
    await red.stop();
  }
}

/** Posts and a few notices, like a filtered stream. */
function messageLines(): string[] {
  const generator = createGenerator({ seed: 1, topics: ['basketball'] });
  return Array.from({ length: differentMessages }, (_, i) =>
    i % 20 === 0 ? generator.notice().trim() : JSON.stringify(generator.post()),
  );
}

function flow(messages: string): object[] {
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { id: 'feed', type: 'bench-feed', z: 'tab', messages, wires: [['pass'], ['classifier']] },
    { id: 'pass', type: 'bench-pass-through', z: 'tab', wires: [['sink']] },
    { id: 'classifier', type: 'tweet-classifier', z: 'tab', wires: KINDS.map(() => ['sink']) },
    { id: 'sink', type: 'bench-sink', z: 'tab', wires: [] },
  ];
}

/** Node-RED responds to a deploy before the new flow has started. */
async function untilStarted(red: NodeRed): Promise<void> {
  const limit = Date.now() + startLimitMs;
  while (!(await fetch(`${red.url}/classifier-bench`, { signal: AbortSignal.timeout(startLimitMs) })).ok) {
    if (Date.now() > limit) throw new Error(`The flow of the benchmark did not start: ${red.log()}`);
    await wait(50);
  }
}

/**
 * One round of both nodes in alternating order, so that disturbances hit both equally.
 * @returns nanoseconds per message
 */
export async function pair(red: NodeRed, round: number): Promise<[pass: number, classifier: number]> {
  if (round % 2 === 0) return [await run(red, 0), await run(red, 1)];
  const classifier = await run(red, 1);
  return [await run(red, 0), classifier];
}

/** @returns nanoseconds per message */
async function run(red: NodeRed, output: number): Promise<number> {
  const response = await fetch(`${red.url}/classifier-bench`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ output, count: messagesPerRound }),
    signal: AbortSignal.timeout(roundLimitMs),
  });
  if (!response.ok) throw new Error(`The benchmark failed: ${await response.text()}`);
  const { nanoseconds } = (await response.json()) as { nanoseconds: number };
  return nanoseconds;
}

/** Classifies parsed posts of 1, 10 and 100 KB in turn. */
function costBySize(report: (line: string) => void): string[] {
  const posts = sizes.map((kilobytes) => postOf(kilobytes * 1000));
  const costs: number[][] = sizes.map(() => []);
  for (const post of posts) cost(post);
  for (let round = 0; round < rounds; round++) {
    for (const [i, post] of posts.entries()) costs[i]?.push(cost(post));
  }
  const medians = costs.map(median);
  const text = medians.map((cost) => `${Math.round(cost)} ns`);
  report(`classify() of parsed posts of ${sizes.join(', ')} KB: ${text.join(', ')}`);
  return [
    `Time to classify one parsed post, by its size; median of ${rounds} interleaved rounds of ${classificationsPerRound.toLocaleString('en-US')}:`,
    '',
    `| ${sizes.map((size) => `${size} KB`).join(' | ')} |`,
    `|${sizes.map(() => '---|').join('')}`,
    `| ${text.join(' | ')} |`,
  ];
}

/** A v1.1 post of about `bytes` bytes, mostly entities, like a long post. */
function postOf(bytes: number): object {
  const url = { url: 'https://t.co/abcdefghij', expanded_url: 'https://example.com/', indices: [0, 23] };
  const length = JSON.stringify(url).length + 1;
  return {
    created_at: 'Sat Sep 28 18:05:23 +0000 2019',
    id: 1178007813257388033n.toString(),
    id_str: '1178007813257388033',
    text: 'basketball',
    in_reply_to_status_id: null,
    user: { id_str: '6253282', screen_name: 'api' },
    entities: {
      urls: Array.from({ length: Math.max(0, Math.round((bytes - 250) / length)) }, () => ({ ...url })),
    },
    timestamp_ms: '1569693923661',
  };
}

/** @returns nanoseconds per classification */
function cost(post: object): number {
  let posts = 0;
  const begin = process.hrtime.bigint();
  for (let i = 0; i < classificationsPerRound; i++) if (classify(post).kind === 'tweet') posts++;
  const nanoseconds = Number(process.hrtime.bigint() - begin);
  if (posts !== classificationsPerRound) throw new Error('A generated post was not classified as a tweet.');
  return nanoseconds / classificationsPerRound;
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const micro = (nanoseconds: number): string => `${(nanoseconds / 1000).toFixed(2)} µs`;
const mark = (good: boolean): string => (good ? '✓' : '✗');

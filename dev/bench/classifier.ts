import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const messagesARound = 10_000;
const warmUpRounds = 5;
// So few stay in the processor's cache, where a message that was just parsed is too.
const differentMessages = 20;
const startLimitMs = 30_000;
const classificationsARound = 50_000;
const mostRatio = 1.3;
const sizes = [1, 10, 100];

/**
 * Measures tweet-classifier: its whole way from input to output in Node-RED against a node that only passes
 * on, and what it costs to classify parsed messages of different sizes.
 * @param report gets a line for every step
 * @returns a section of the report, in Markdown
 */
export async function benchClassifier(report: (line: string) => void): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-bench-'));
  try {
    const way = await wholeWay(dir, report);
    const flat = costBySize(report);
    return ['## tweet-classifier', ...way, '', ...flat, ''].join('\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function wholeWay(dir: string, report: (line: string) => void): Promise<string[]> {
  const messages = join(dir, 'messages.jsonl');
  writeFileSync(messages, stream().join('\n'));
  const [port = 0] = await freePorts([undefined]);
  const red = await startNodeRed({
    dir,
    port,
    settings: join(root, 'dev/bench/settings.cjs'),
    env: { BENCH_PACKAGES: [root, join(root, 'dev/bench/classifier-nodes')].join(delimiter) },
  });
  try {
    await red.deploy(flow(messages));
    await untilStarted(red);
    // What runs first in a new process is not yet compiled.
    for (let round = 0; round < warmUpRounds; round++) await pair(red, round);
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
      `Input to output in Node-RED, processor time a message; median of ${rounds} interleaved rounds of ${messagesARound.toLocaleString('en-US')} messages:`,
      '',
      '| a node that only passes on | tweet-classifier | ratio | wanted |',
      '|---|---|---|---|',
      `| ${micro(median(pairs.map(({ pass }) => pass)))} | ${micro(median(pairs.map(({ classifier }) => classifier)))} | ${ratio.toFixed(2)} | at most ${mostRatio} ${mark(ratio <= mostRatio)} |`,
    ];
  } finally {
    await red.stop();
  }
}

/** What a filtered stream sends: posts, and a notice now and then. */
function stream(): string[] {
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

/** Node-RED answers a deploy before the new flow has started. */
async function untilStarted(red: NodeRed): Promise<void> {
  const limit = Date.now() + startLimitMs;
  while (!(await fetch(`${red.url}/classifier-bench`)).ok) {
    if (Date.now() > limit) throw new Error(`The flow of the measurement did not start: ${red.log()}`);
    await wait(50);
  }
}

/** One round of both, by turns the one or the other first, so that what disturbs one disturbs both. */
async function pair(red: NodeRed, round: number): Promise<[pass: number, classifier: number]> {
  if (round % 2 === 0) return [await run(red, 0), await run(red, 1)];
  const classifier = await run(red, 1);
  return [await run(red, 0), classifier];
}

/** @returns nanoseconds a message */
async function run(red: NodeRed, output: number): Promise<number> {
  const answer = await fetch(`${red.url}/classifier-bench`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ output, count: messagesARound }),
  });
  if (!answer.ok) throw new Error(`The measurement failed: ${await answer.text()}`);
  const { nanoseconds } = (await answer.json()) as { nanoseconds: number };
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
  report(`classifying a parsed post of ${sizes.join(', ')} KB: ${text.join(', ')}`);
  return [
    `Classifying a parsed post; median of ${rounds} interleaved rounds of ${classificationsARound.toLocaleString('en-US')}:`,
    '',
    `| ${sizes.map((size) => `${size} KB`).join(' | ')} |`,
    `|${sizes.map(() => '---|').join('')}`,
    `| ${text.join(' | ')} |`,
  ];
}

/** A v1.1 post of that many bytes; most of it are entities, as in a long post. */
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

/** @returns nanoseconds a classification */
function cost(post: object): number {
  let posts = 0;
  const begin = process.hrtime.bigint();
  for (let i = 0; i < classificationsARound; i++) if (classify(post).kind === 'tweet') posts++;
  const nanoseconds = Number(process.hrtime.bigint() - begin);
  if (posts !== classificationsARound) throw new Error('The classifier did not know its own post.');
  return nanoseconds / classificationsARound;
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const micro = (nanoseconds: number): string => `${(nanoseconds / 1000).toFixed(2)} µs`;
const mark = (good: boolean): string => (good ? '✓' : '✗');

import { incompatiblePackages } from '../other-packages/packages';
import { formatNumber, markdownTable } from './figures';
import type { KafkaOutResult, Series } from './kafka-out';
import type { Result } from './rounds';
import { baseline, baselineNonIdempotent, kafkaOutIdempotent, kafkaOutNonIdempotent } from './variants';

/**
 * The kafka-out section of docs/bench.md.
 * @param environment date, versions and cores, in one line
 */
export function kafkaOutReport({ posts, series, best }: KafkaOutResult, environment: string): string {
  const other = best?.other.name;
  const parts = [
    '## kafka-out',
    `${environment}.`,
    `One broker, acks all, ${posts.description}, keyed, no compression.
kafka-out runs in a real Node-RED, fed from inside the process; a post counts when Node-RED has called \`done\` for it. Its
value is the string \`msg.raw\`, as in the main use case, or a Buffer. Raw kafkajs sends Buffers in batches of up to
1,000,000 bytes, one batch in flight per partition, with nothing around it. Each producer has its own process; they take
turns, and the others are stopped meanwhile. All figures are medians over all turns.`,
    '### Targets',
    markdownTable([
      ['metric', 'target', 'measured', 'result'],
      ...series.flatMap((one) => targets(one, other)),
    ]),
    ...series.flatMap((one) => seriesTables(one)),
    ...(best ? ['### Other packages', othersTable(best.trials)] : []),
  ];
  return parts.join('\n\n');
}

function targets({ partitions, fastest, paced, single }: Series, other?: string): string[][] {
  const at = `, ${partitionsOf(partitions)}`;
  const speed = (of: Map<string, Result>, name: string): number => of.get(name)?.postsPerSecond ?? Number.NaN;
  const rows = [
    atLeast(
      0.8,
      `throughput relative to raw kafkajs${at}`,
      speed(fastest, kafkaOutIdempotent.name),
      speed(fastest, baseline.name),
    ),
    atLeast(
      0.8,
      `the same, both non-idempotent${at}`,
      speed(fastest, kafkaOutNonIdempotent.name),
      speed(fastest, baselineNonIdempotent.name),
    ),
  ];
  if (other)
    rows.push(
      atLeast(
        3,
        `throughput relative to ${other}${at}`,
        speed(fastest, kafkaOutIdempotent.name),
        speed(fastest, other),
      ),
    );
  rows.push(
    atMost(
      2,
      `p99 latency (ms) at 6,000 posts/s relative to raw kafkajs${at}`,
      p99(paced, kafkaOutIdempotent.name),
      p99(paced, baseline.name),
    ),
    atMost(
      1.2,
      `p50 latency (ms) at one post per 5 ms relative to raw kafkajs${at}`,
      p50(single, kafkaOutIdempotent.name),
      p50(single, baseline.name),
    ),
    atMost(
      1.2,
      `p99 latency (ms) at one post per 5 ms relative to raw kafkajs${at}`,
      p99(single, kafkaOutIdempotent.name),
      p99(single, baseline.name),
    ),
  );
  const off = speed(fastest, kafkaOutNonIdempotent.name);
  const on = speed(fastest, kafkaOutIdempotent.name);
  return [...rows, [`throughput with idempotence relative to without${at}`, '', ratio(on, off), '']];
}

const p50 = (of: Map<string, Result>, name: string): number => of.get(name)?.median ?? Number.NaN;
const p99 = (of: Map<string, Result>, name: string): number => of.get(name)?.p99 ?? Number.NaN;

function atLeast(least: number, what: string, ours: number, theirs: number): string[] {
  return [what, `at least ${least}`, ratio(ours, theirs), ours / theirs >= least ? 'met' : '**missed**'];
}

function atMost(most: number, what: string, ours: number, theirs: number): string[] {
  return [what, `at most ${most}`, ratio(ours, theirs), ours / theirs <= most ? 'met' : '**missed**'];
}

function ratio(ours: number, theirs: number): string {
  return `${formatNumber(ours / theirs)} (${formatNumber(ours)} vs ${formatNumber(theirs)})`;
}

function seriesTables({ partitions, fastest, paced, single }: Series): string[] {
  const rows = [...fastest].map(([name, { postsPerSecond, cpu }]) => [
    name,
    formatNumber(postsPerSecond),
    formatNumber(cpu),
  ]);
  const delays = (of: Map<string, Result>, what: string): string[][] =>
    [...of].map(([name, reached]) => [
      what,
      name,
      formatNumber(reached.median),
      formatNumber(reached.p99),
      formatNumber(reached.cpu),
    ]);
  return [
    `### ${partitionsOf(partitions)}`,
    markdownTable([['maximum throughput', 'posts/s', 'CPU s per 100,000 posts'], ...rows]),
    markdownTable([
      ['load', 'producer', 'p50 latency, ms', 'p99 latency, ms', 'CPU s per 100,000 posts'],
      ...delays(paced, '6,000 posts/s'),
      ...delays(single, 'one post per 5 ms'),
    ]),
  ];
}

function othersTable(trials: NonNullable<KafkaOutResult['best']>['trials']): string {
  return markdownTable([
    ['package', 'posts/s in one trial run', 'settings'],
    ...trials.map(({ other, postsPerSecond, problem }) => [
      `${other.name} ${other.version}`,
      postsPerSecond === undefined ? `none: ${problem}` : formatNumber(postsPerSecond),
      other.settings,
    ]),
    ...incompatiblePackages.map(({ name, version, why }) => [`${name} ${version}`, 'none', why]),
  ]);
}

function partitionsOf(partitions: number): string {
  return `${partitions} partition${partitions === 1 ? '' : 's'}`;
}

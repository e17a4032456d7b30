import { incompatiblePackages } from '../other-packages/packages';
import { figure, table } from './figures';
import type { KafkaOutResult, Series } from './kafka-out';
import type { Result } from './rounds';
import { baseline, baselineNonIdempotent, kafkaOutIdempotent, kafkaOutNonIdempotent } from './variants';

/**
 * The section about kafka-out, as Markdown.
 * @param when date, machine and versions, in one line
 */
export function kafkaOutReport({ posts, series, best }: KafkaOutResult, when: string): string {
  const other = best?.other.name;
  const parts = [
    '## kafka-out',
    `${when}.`,
    `One broker, acks all, ${posts.description}, keyed, no compression. kafka-out: a whole node in a real Node-RED, fed from
inside; a post counts when Node-RED's \`done\` has been called for it. The value is the text \`msg.raw\`, as in the main workload, or
a ready Buffer. Raw kafkajs: ready Buffers in batches of up to 1,000,000 bytes, one in flight a partition, nothing around it.
Each in a process of its own, in turns, the others asleep meanwhile; the middle of all turns is shown.`,
    '### Required',
    table([['what', 'required', 'measured', ''], ...series.flatMap((one) => required(one, other))]),
    ...series.flatMap((one) => figuresOf(one)),
    ...(best ? ['### The other packages', othersTable(best.trials)] : []),
  ];
  return parts.join('\n\n');
}

function required({ partitions, fastest, paced, single }: Series, other?: string): string[][] {
  const at = `, ${partitionsOf(partitions)}`;
  const speed = (of: Map<string, Result>, name: string): number => of.get(name)?.postsPerSecond ?? Number.NaN;
  const rows = [
    atLeast(
      0.8,
      `of raw kafkajs${at}`,
      speed(fastest, kafkaOutIdempotent.name),
      speed(fastest, baseline.name),
    ),
    atLeast(
      0.8,
      `the same, without idempotence${at}`,
      speed(fastest, kafkaOutNonIdempotent.name),
      speed(fastest, baselineNonIdempotent.name),
    ),
  ];
  if (other)
    rows.push(atLeast(3, `of ${other}${at}`, speed(fastest, kafkaOutIdempotent.name), speed(fastest, other)));
  rows.push(
    atMost(
      2,
      `p99 at 6,000 posts/s, ms${at}`,
      p99(paced, kafkaOutIdempotent.name),
      p99(paced, baseline.name),
    ),
    atMost(
      1.2,
      `p50 of one post every 5 ms, ms${at}`,
      p50(single, kafkaOutIdempotent.name),
      p50(single, baseline.name),
    ),
    atMost(
      1.2,
      `p99 of one post every 5 ms, ms${at}`,
      p99(single, kafkaOutIdempotent.name),
      p99(single, baseline.name),
    ),
  );
  const off = speed(fastest, kafkaOutNonIdempotent.name);
  const on = speed(fastest, kafkaOutIdempotent.name);
  return [...rows, [`idempotence on against off${at}`, '', ratio(on, off), '']];
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
  return `${figure(ours / theirs)} (${figure(ours)} to ${figure(theirs)})`;
}

function figuresOf({ partitions, fastest, paced, single }: Series): string[] {
  const rows = [...fastest].map(([name, { postsPerSecond, cpu }]) => [
    name,
    figure(postsPerSecond),
    figure(cpu),
  ]);
  const delays = (of: Map<string, Result>, what: string): string[][] =>
    [...of].map(([name, reached]) => [
      what,
      name,
      figure(reached.median),
      figure(reached.p99),
      figure(reached.cpu),
    ]);
  return [
    `### ${partitionsOf(partitions)}`,
    table([['as fast as it goes', 'posts/s', 'CPU-s per 100,000'], ...rows]),
    table([
      ['from message to acknowledgement', '', 'p50 ms', 'p99 ms', 'CPU-s per 100,000'],
      ...delays(paced, '6,000 posts/s'),
      ...delays(single, 'one post every 5 ms'),
    ]),
  ];
}

function othersTable(trials: NonNullable<KafkaOutResult['best']>['trials']): string {
  return table([
    ['package', 'posts/s in a first try', 'set to'],
    ...trials.map(({ other, reached, problem }) => [
      `${other.name} ${other.version}`,
      reached === undefined ? `none: ${problem}` : figure(reached),
      other.settings,
    ]),
    ...incompatiblePackages.map(({ name, version, why }) => [`${name} ${version}`, 'none', why]),
  ]);
}

function partitionsOf(partitions: number): string {
  return `${partitions} partition${partitions === 1 ? '' : 's'}`;
}

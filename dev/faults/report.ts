import type { DeliveryStats } from './delivery-check';
import type { LaneResult, ScenarioResult } from './result';
import type { Scenario } from './scenario';

const columns = [
  'fault',
  'what happens',
  'records',
  'lost',
  'never answered',
  'answered twice',
  'reordered',
  'to Catch',
  'duplicates',
  'longest silence, s',
  'memory, MB',
  'process',
  'passed',
  'date',
];

/** The line of a scenario in the table: sums over the variants, or one figure for each where they differ by nature. */
export function tableLine(
  scenario: Scenario,
  { lanes, alive, memory, faults }: ScenarioResult,
  date: string,
): string {
  const sum = (name: keyof DeliveryStats): number =>
    lanes.reduce((all, { stats }) => all + Number(stats[name]), 0);
  const each = (show: (stats: DeliveryStats) => string | number): string =>
    byVariant(lanes)
      .map((allStats) => Math.max(...allStats.map((stats) => Number(show(stats)))))
      .join(' · ');
  const cells = [
    `\`${scenario.name}\``,
    scenario.title,
    sum('accepted'),
    sum('lost'),
    sum('noOutcome'),
    sum('twoOutcomes'),
    sum('reordered'),
    sum('failed'),
    each(({ duplicates }) => duplicates),
    each(({ longestStallMs }) => (longestStallMs / 1000).toFixed(1)),
    [memory.rssAtStart, memory.rssPeak].map((bytes) => Math.round(bytes / 1_000_000)).join(' to '),
    alive ? 'lives' : 'ended',
    faults.length === 0 ? 'yes' : 'no',
    date,
  ];
  return `| ${cells.join(' | ')} |`;
}

function byVariant(lanes: LaneResult[]): DeliveryStats[][] {
  const names = [...new Set(lanes.map(({ variant }) => variant))];
  return names.map((name) => lanes.filter(({ variant }) => variant === name).map(({ stats }) => stats));
}

/** The page before the first run. */
export const emptyPage = `# What faults do to records

Numbered records flow through a real Node-RED into a real Kafka of three brokers (three copies of each partition, two
of them in sync at least, acks all), with a proxy in front of each broker. Then something breaks. Afterwards all that
the node answered is compared with what lies in the log. A scenario has passed when nothing that was \`done\` is missing from
the log, every record was answered exactly once, first copies lie in order in their partition, the offsets in
\`msg.kafka\` are those in the log, the node's own counters agree, records flow again, and the process lives within its
memory. Duplicates and the longest silence are told, not judged: delivery is at least once. Of a node that tells
nothing when Kafka has a record it is believed that what it took without an error is done.

\`npm run test:faults\` runs them all and writes this page; \`-- --only kill,silent\` some of them;
\`-- --package NAME\` puts another package's producer node through the same.
`;

/** One producer's part of the page. */
export interface Section {
  /** e.g. "kafka-out 0.1.0". */
  title: string;
  /** Names of the variants, in the order of the figures. */
  variants: string[];
  /** With what it was run: versions. */
  versions: string;
  /** Table lines, by the name of the scenario. */
  lines: Map<string, string>;
}

/**
 * Puts a section into the page, in place of the one of that title; lines of scenarios that were not run again are
 * kept, with their dates.
 * @param order names of all scenarios, in the order of the table
 */
export function intoPage(page: string, section: Section, order: string[]): string {
  const parts = page.split(/^(?=## )/m);
  const index = parts.findIndex((part) => part.startsWith(`## ${section.title}\n`));
  const lines = new Map([...linesIn(parts[index] ?? ''), ...section.lines]);
  const text = sectionText({ ...section, lines }, order);
  if (index < 0) return `${page.trimEnd()}\n\n${text}`;
  return parts.map((part, at) => (at === index ? text : part)).join('');
}

function linesIn(part: string): Map<string, string> {
  const scenarios = part.split('\n').map((line) => [/^\| `([^`]+)` \|/.exec(line)?.[1], line] as const);
  return new Map(scenarios.filter((scenario): scenario is [string, string] => scenario[0] !== undefined));
}

function sectionText({ title, variants, versions, lines }: Section, order: string[]): string {
  const scenarios = order.filter((name) => lines.has(name)).map((name) => lines.get(name));
  return [
    `## ${title}`,
    '',
    `${versions}. Figures with points between them: ${variants.join(' · ')}.`,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => ' --- |').join('')}`,
    ...scenarios,
    '',
    '',
  ].join('\n');
}

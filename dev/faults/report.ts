import type { DeliveryStats } from './delivery-check';
import type { LaneResult } from './result';
import type { Scenario } from './scenario';
import type { ScenarioResult } from './violations';

const columns = [
  'scenario',
  'fault',
  'records',
  'lost',
  'never answered',
  'answered twice',
  'reordered',
  'to Catch',
  'duplicates',
  'from disk',
  'unanswered at kill -9',
  'damaged',
  'longest stall, s',
  'RSS, MB',
  'process',
  'passed',
  'date',
];

/** The table line of a scenario: sums over all variants, but one value per variant for duplicates and stalls. */
export function tableLine(
  scenario: Scenario,
  { lanes, alive, memory, violations }: ScenarioResult,
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
    sum('neverAnswered'),
    sum('answeredTwice'),
    sum('reordered'),
    sum('failed'),
    each(({ duplicates }) => duplicates),
    sum('fromDisk'),
    sum('unansweredAtCrash'),
    sum('destroyed'),
    each(({ longestStallMs }) => (longestStallMs / 1000).toFixed(1)),
    [memory.rssAtStart, memory.rssPeak].map((bytes) => Math.round(bytes / 1_000_000)).join(' to '),
    alive ? 'alive' : 'exited',
    violations.length === 0 ? 'yes' : 'no',
    date,
  ];
  return `| ${cells.join(' | ')} |`;
}

function byVariant(lanes: LaneResult[]): DeliveryStats[][] {
  const names = [...new Set(lanes.map(({ variant }) => variant))];
  return names.map((name) => lanes.filter(({ variant }) => variant === name).map(({ stats }) => stats));
}

/** The page before the first run. */
export const emptyPage = `# Fault tests

Numbered records flow through a real Node-RED into a real Kafka cluster of three brokers (replication factor 3,
min.insync.replicas 2, acks all), with a proxy in front of each broker. Each scenario injects one fault under load and
repairs it. Then the outcomes that the node reported are compared with the records in the log. A scenario passes if

- no record that was \`done\` is missing from the log, unless a Catch node got it later,
- every record is answered once: \`done\`, or an error at a Catch node that the fault explains; a record that was done
  because it was on disk may be rejected once later,
- the first copies of the records are in order in each partition,
- the offsets in \`msg.kafka\` match the log, and the node's counters match the outcomes,
- records flow again after the fault, and the process survives and stays within its limits of memory and disk,
- at the end nothing is pending, and no file is left in the queue's folder.

A scenario may kill or stop Node-RED itself; the next one goes on with the same user folder. Told but not judged:
duplicates, because delivery is at least once; records that left the output as a new message, because they were sent from
disk; records that kill -9 of Node-RED took before they were answered; records whose bytes on disk the scenario
destroyed; and the longest stall, the longest time without any answer. For a node that reports no acknowledgement, every
record that it accepts without an error counts as \`done\`.

\`npm run test:faults\` runs all scenarios and updates this page. \`-- --only kill,silent\` runs some of them,
\`-- --package NAME\` tests another package's producer node.
`;

/** The section of one producer. */
export interface Section {
  /** e.g. "kafka-out 0.1.0". */
  title: string;
  /** Names of the variants, in the order of the values in a cell. */
  variants: string[];
  /** Versions of Kafka, Node.js, Node-RED and kafkajs. */
  versions: string;
  /** Table lines, by the name of the scenario. */
  lines: Map<string, string>;
}

/**
 * Adds a section to the page or updates it; lines of scenarios that did not run keep their values and dates.
 * @param order names of all scenarios, in the order of the table
 */
export function updatePage(page: string, section: Section, order: string[]): string {
  const parts = page.split(/^(?=## )/m);
  const index = parts.findIndex((part) => part.startsWith(`## ${section.title}\n`));
  const lines = new Map([...linesIn(parts[index] ?? ''), ...section.lines]);
  const text = sectionText({ ...section, lines }, order);
  if (index < 0) return `${page.trimEnd()}\n\n${text}`;
  return parts.map((part, at) => (at === index ? text : part)).join('');
}

function linesIn(part: string): Map<string, string> {
  const lines = part.split('\n').map((line) => [/^\| `([^`]+)` \|/.exec(line)?.[1], line] as const);
  return new Map(lines.filter((line): line is [string, string] => line[0] !== undefined));
}

function sectionText({ title, variants, versions, lines }: Section, order: string[]): string {
  const tableLines = order.filter((name) => lines.has(name)).map((name) => lines.get(name));
  return [
    `## ${title}`,
    '',
    `${versions}. Cells with several values: ${variants.join(' · ')}.`,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => ' --- |').join('')}`,
    ...tableLines,
    '',
    '',
  ].join('\n');
}

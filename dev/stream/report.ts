import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import type { DeploysResult } from './deploys';
import type { MonthOptions, MonthResult } from './month';

/** One run on the controlled clock. */
export interface MonthRun {
  options: Pick<MonthOptions, 'days' | 'ratePerSecond' | 'recover'>;
  result: MonthResult;
  /** Real time, s. */
  seconds: number;
}

/** The page docs/stream.md. */
export function streamReport(months: MonthRun[], deploys: DeploysResult, date: string): string {
  return `# The stream, measured

\`npm run test:stream\` writes this page. ${date}, ${versions()}.

## On a controlled clock

The filtered stream with two nodes runs against the simulated X API. Both share a clock that advances only when nothing but
timers is left; their sockets are real. Each hour has faults of every row of the reconnect policy, each in a healthy stream;
every fourth hour has a deploy. Posts are generated during outages too, and 1 % of them are sent twice. Each wait must be the
one of the policy.

A post that X made during an outage is *missed*; its creation time lies inside a reported gap (begin less 10 s). *Lost* is a
post outside every gap, or one that X sent in full over a connection that was not cut. *Recovered* posts were fetched by
search, and are among the delivered ones.

${months.map(monthSection).join('\n')}
## Deploys in a real Node-RED

${deploySection(deploys)}`;
}

/** What contradicts the requirements of the deploys; empty: passed. */
export function deployViolations({ deploys, posts, slow, rate, ...counts }: DeploysResult): string[] {
  const { events, ...numbers } = counts;
  return [
    ...Object.entries(numbers).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`])),
    ...events.map((event) => `event ${event}`),
  ];
}

function monthSection({ options, result, seconds }: MonthRun): string {
  const { faults, violations, rejected429, maxOverlapMs, mostConnects, heapBytes, hours } = result;
  const { days, ratePerSecond, recover } = options;
  const found = sum(result, 'findable');
  return `### ${recover === 'search' ? 'With recovery by search' : 'Without recovery'}

${days} days (${hours} hours) with ${ratePerSecond} posts per second, in ${seconds} s.

| measured | value | required |
|---|---|---|
| violations of the requirements | ${violations.length} | 0 |
| 429 of X's own limits of requests | ${rejected429} | 0 |
| longest overlap of two connections | ${maxOverlapMs} ms | at most 1000 ms |
| most connects in any 15 minutes | ${mostConnects} | at most 40 |
${recover === 'search' ? `| missed posts other than retweets | ${found} of ${found + sum(result, 'recovered')} | 0 |\n` : ''}${heapRows(heapBytes)}
| row | fault | times | posts made | delivered | recovered | missed | lost outside gaps | duplicates | connects | longest wait |
|---|---|---|---|---|---|---|---|---|---|---|
${faults.map((fault) => `| ${faultCells(fault).join(' | ')} |`).join('\n')}
${violationList(violations)}`;
}

const sum = ({ faults }: MonthResult, name: 'findable' | 'recovered'): number =>
  faults.reduce((total, fault) => total + fault[name], 0);

const faultCells = (fault: MonthResult['faults'][number]): Array<string | number> => [
  fault.row,
  fault.name,
  fault.times,
  fault.made,
  fault.delivered,
  fault.recovered,
  fault.missed,
  fault.lost,
  fault.duplicates,
  fault.connects,
  `${(fault.longestWaitMs / 1000).toFixed(1)} s`,
];

function deploySection(result: DeploysResult): string {
  const { deploys, slow, rate, posts, connects, ruleRequests, lost, duplicates, outOfOrder, events } = result;
  const { full, flows, nodes } = deploys;
  return `${full + flows + nodes} deploys (${full} full, ${flows} of flows, ${nodes} of nodes; ${slow} of them beside a node that closes in 6 s) while X sends ${rate}
posts per second, and releases a closed connection 2 s late. Each changes the name and the daily limit of the stream node.

| measured | value | required |
|---|---|---|
| posts | ${posts} | |
| connects | ${connects} | 0 |
| rule requests | ${ruleRequests} | 0 |
| lost | ${lost} | 0 |
| duplicates | ${duplicates} | 0 |
| out of order | ${outOfOrder} | 0 |
| events of the node | ${events.length} | 0 |
`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function heapRows(heap: MonthResult['heapBytes']): string {
  if (!heap) return '';
  const early = heap.day10 === undefined ? '' : `| heap after day 10 | ${megabytes(heap.day10)} | |\n`;
  return `${early}| heap at the end | ${megabytes(heap.end)} | at most 3 MB more than after day 10 (compiled code) |\n`;
}

function violationList(violations: string[]): string {
  if (violations.length === 0) return '';
  const shown = violations.slice(0, 50).map((text) => `- ${text}`);
  return `\nViolations:\n\n${shown.join('\n')}\n`;
}

function versions(): string {
  const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const red = JSON.parse(readFileSync(join(root, 'node_modules/node-red/package.json'), 'utf8')).version;
  const library = dependencies['twitter-api-v2'];
  return `version ${version}, Node.js ${process.versions.node}, Node-RED ${red}, twitter-api-v2 ${library}`;
}

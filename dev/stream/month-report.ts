import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import type { MonthResult } from './month';

export interface RunDetails {
  date: string;
  days: number;
  ratePerSecond: number;
  /** Real time, s. */
  seconds: number;
}

/** The page docs/stream.md. */
export function monthReport(result: MonthResult, { date, days, ratePerSecond, seconds }: RunDetails): string {
  const { faults, violations, rejected429, maxOverlapMs, mostConnects, heapBytes, hours } = result;
  const rows = faults.map((fault) => [
    fault.row,
    fault.name,
    fault.times,
    fault.made,
    fault.delivered,
    fault.missed,
    fault.lost,
    fault.duplicates,
    fault.connects,
    seconds1(fault.longestWaitMs),
  ]);
  return `# The stream on a controlled clock

\`npm run test:stream\` writes this page. The filtered stream with two nodes runs against the simulated X API. Both share a
clock that advances only when nothing but timers is left; their sockets are real. Each hour has faults of every row of the
reconnect policy, each in a healthy stream; every fourth hour has a deploy. Posts are generated during outages too, and 1 % of
them are sent twice.

${date}, ${versions()}: ${days} days (${hours} hours) with ${ratePerSecond} posts per second, in ${seconds} s.

| measured | value | required |
|---|---|---|
| violations of the requirements | ${violations.length} | 0 |
| 429 of X's own limits of requests | ${rejected429} | 0 |
| longest overlap of two connections | ${maxOverlapMs} ms | at most 1000 ms |
| most connects in any 15 minutes | ${mostConnects} | at most 40 |
${heapRows(heapBytes)}
A post that X made during an outage is *missed*; its creation time lies inside a reported gap (begin less 10 s). *Lost* is a
post outside every gap, or one that X sent in full over a connection that was not cut. Each wait must be the one of the
policy.

| row | fault | times | posts made | delivered | missed | lost outside gaps | duplicates | connects | longest wait |
|---|---|---|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
${violationList(violations)}`;
}

const seconds1 = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function heapRows(heap: MonthResult['heapBytes']): string {
  if (!heap) return '';
  const early = heap.day3 === undefined ? '' : `| heap after day 3 | ${megabytes(heap.day3)} | |\n`;
  return `${early}| heap at the end | ${megabytes(heap.end)} | at most a fifth more than after day 3 |\n`;
}

function violationList(violations: string[]): string {
  if (violations.length === 0) return '';
  const shown = violations.slice(0, 50).map((text) => `- ${text}`);
  return `\n## Violations\n\n${shown.join('\n')}\n`;
}

function versions(): string {
  const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `version ${version}, Node.js ${process.versions.node}, twitter-api-v2 ${dependencies['twitter-api-v2']}`;
}

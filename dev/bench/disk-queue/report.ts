import { readFileSync } from 'node:fs';
import { formatNumber, markdownTable, median } from '../figures';
import type { DiskQueueResult, Start } from './bench';

const megabyte = 1_000_000;
const memoryLimit = 32 * megabyte;
const memoryOver = 64 * megabyte;

/**
 * The disk-queue section of docs/bench.md.
 * @param environment date, versions and cores, in one line
 * @param fileSystem type of the file system
 */
export function diskQueueReport(
  { log, modes, drain, starts, slow }: DiskQueueResult,
  environment: string,
  fileSystem: string,
): string {
  const ofLog = log.flatMap(({ recordBytes, speeds }) => {
    const of = (what: 'in' | 'out'): string[] =>
      ratioRow(
        `${what === 'in' ? 'in' : 'out: read, settled, deleted'}, relative to plain appends, ${recordBytes} bytes`,
        0.5,
        speeds.map((one) => [one[what], one.plain]),
      );
    return [of('in'), of('out')];
  });
  const mode = (what: 'disk' | 'write-ahead', least: number): string[] =>
    ratioRow(
      `\`${what}\` relative to \`memory\`, acknowledged records/s`,
      least,
      modes[what].map(({ other, memory }) => [other, memory]),
    );
  const rows = [
    ...ofLog,
    mode('disk', 0.97),
    mode('write-ahead', 0.6),
    ratioRow(
      'drain with 1,000 new records/s behind it, relative to kafka-out’s own rate',
      0.7,
      drain.speeds.map((one) => [one.drain, one.own]),
    ),
    ...startRows('Kafka unreachable', starts.outage),
    ...startRows('until all is sent', starts.drain),
    atMost('syncs per second, each taking 50 ms, `disk`', 11, slow.disk.syncsPerSecond),
    atMost('event-loop delay p99 meanwhile, ms, `disk`', 20, slow.disk.p99),
    [
      'syncs per second, each taking 50 ms, `write-ahead`',
      '',
      formatNumber(slow['write-ahead'].syncsPerSecond),
      '',
    ],
    atMost('event-loop delay p99 meanwhile, ms, `write-ahead`', 20, slow['write-ahead'].p99),
  ];
  const { outage, drain: drained } = starts;
  return [
    '## disk-queue',
    `${environment}, files on ${fileSystem}.`,
    `The log gets groups of 100 records, one sync each, in turn with plain appends to one file, and is read from the page
cache. The modes, and drain and own rate, take turns too: posts of about 5 KB, keyed, 6 partitions, acks all, idempotent,
no compression, one broker; an outbox without Node-RED. Ratios are medians of the rounds’ ratios. A start is that of a
process with ${formatNumber(outage.records)} records of about 600 bytes on disk (${(outage.bytes / megabyte).toFixed(0)} MB) beside one with none. Each sync of the slow disk is a timer; Kafka is unreachable, and
500 posts/s are queued.`,
    markdownTable([['metric', 'target', 'measured', 'result'], ...rows]),
    `With everything on disk found after ${seconds(outage.full.scannedMs)} s, and sent after ${seconds(drained.full.doneMs)} s (${formatNumber((drained.records / drained.full.doneMs) * 1000)} records/s). Most syncs in one second: ${slow.disk.mostSyncs}
(\`disk\`), ${slow['write-ahead'].mostSyncs} (\`write-ahead\`).`,
    `Where the main thread’s busy time goes, in one more round under the profiler:

${log.map((one) => `- in, ${one.recordBytes} bytes: ${one.profile}`).join('\n')}
- drain: ${drain.profile}`,
  ].join('\n\n');
}

function ratioRow(what: string, least: number, pairs: Array<[number, number]>): string[] {
  const ratio = median(pairs.map(([one, other]) => one / other));
  const both = [0, 1].map((index) => formatNumber(median(pairs.map((pair) => pair[index] ?? Number.NaN))));
  return [what, `at least ${least}`, `${formatNumber(ratio)} (${both.join(' vs ')})`, result(ratio >= least)];
}

function startRows(what: string, { full, empty }: Start): string[][] {
  const over = (full.peakBytes - empty.peakBytes) / megabyte;
  const most = (memoryLimit + memoryOver) / megabyte;
  return [
    atMost(`start with 1 GB on disk, ${what}: first record accepted, ms`, 1000, full.acceptedMs),
    [
      'and safe, on disk or acknowledged, ms',
      '',
      `${formatNumber(full.safeMs)} (${formatNumber(empty.safeMs)} with an empty queue)`,
      '',
    ],
    atMost(`peak memory above the start without a queue, ${what}, MB`, most, over),
  ];
}

function atMost(what: string, most: number, measured: number): string[] {
  return [what, `at most ${most}`, formatNumber(measured), result(measured <= most)];
}

const result = (met: boolean): string => (met ? 'met' : '**missed**');

const seconds = (ms: number): string => formatNumber(ms / 1000);

/** The type of the file system that holds a folder, as the operating system names it. */
export function fileSystemOf(folder: string): string {
  if (process.platform !== 'linux') return 'an unknown file system';
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, place = '-']) => folder === place || folder.startsWith(place === '/' ? '/' : `${place}/`))
    .sort(([, one = ''], [, other = '']) => other.length - one.length);
  return mounts[0]?.[2] ?? 'an unknown file system';
}

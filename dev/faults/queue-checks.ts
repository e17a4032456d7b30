import type { Output, RecordOutcome } from './journal';
import type { RunContext } from './run-context';
import type { CheckedLane } from './scenario';

/** Every message left the output whole, although records were copied to disk. */
export function allWhole({ journal, stats }: CheckedLane): string[] {
  if (stats.fromDisk > 0) return [`${stats.fromDisk} messages did not leave the output whole`];
  const copied = [...journal.values()].some(({ outputs }) => outputs.some(({ afterDone }) => afterDone));
  return copied ? [] : ['no record was copied to disk'];
}

/** Only records of the affected partitions were copied to disk, and of them some. */
export function onlyAffectedOnDisk({ journal }: CheckedLane, { affected }: RunContext): string[] {
  const copied = [...journal.values()].flatMap(({ outputs }) =>
    outputs.filter(({ afterDone, form }) => afterDone || form === 'queued'),
  );
  const others = copied.filter(({ topicPartition }) => !affected.has(topicPartition));
  const findings = others.length > 0 ? [`${others.length} records of other partitions were on disk`] : [];
  return others.length === copied.length ? [...findings, 'no record was on disk'] : findings;
}

// Of the time from accepted to acknowledged, in milliseconds.
const allowedMedian = (before: number): number => 2 * before + 5;
const allowedP99 = (before: number): number => before + 100;

/** The partitions that the fault did not affect were as fast as before. */
export function othersAsFast(
  { journal }: CheckedLane,
  { affected, faultBegin, faultEnd }: RunContext,
): string[] {
  const latencies = (from: number, to: number): number[] =>
    [...journal.values()]
      .flatMap((outcome) => latency(outcome, affected))
      .filter(({ accepted }) => accepted >= from && accepted < to)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
  const [before, during] = [latencies(0, faultBegin - 1000), latencies(faultBegin, faultEnd)];
  const [median, p99] = [quantile(before, 0.5), quantile(before, 0.99)];
  const [medianNow, p99Now] = [quantile(during, 0.5), quantile(during, 0.99)];
  if (medianNow <= allowedMedian(median) && p99Now <= allowedP99(p99)) return [];
  return [
    `the other partitions became slower: median ${median} → ${medianNow} ms, p99 ${p99} → ${p99Now} ms`,
  ];
}

function latency({ accepted, outputs }: RecordOutcome, affected: Set<string>) {
  const [output] = outputs;
  if (accepted === undefined || !output || affected.has(output.topicPartition)) return [];
  return [{ accepted, ms: output.at - accepted }];
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** No record was rejected after the fault had ended, and some were before, because the disk was full. */
export function rejectedOnlyInFault({ journal }: CheckedLane, { faultEnd }: RunContext): string[] {
  const caught = [...journal.values()].flatMap((outcome) => outcome.caught);
  const after = caught.filter(({ at }) => at > faultEnd);
  if (!caught.some(({ text }) => text.startsWith('The disk queue is full ')))
    return ['no record was rejected because the disk is full'];
  return after.length > 0 ? [`${after.length} records were rejected after the fault`] : [];
}

// Node-RED replaces the node meanwhile.
const deployMs = 10_000;

/** Records accepted before the fault are in the lane's first topic, those after it in the second. */
export function eachToItsTopic(
  { lane: { topics }, journal }: CheckedLane,
  { faultBegin, faultEnd }: RunContext,
): string[] {
  const isWrong = ({ accepted = 0 }: RecordOutcome, { topicPartition }: Output): boolean => {
    const index = topics.findIndex((topic) => topicPartition.startsWith(`${topic}/`));
    return (accepted < faultBegin && index !== 0) || (accepted > faultEnd + deployMs && index !== 1);
  };
  const wrong = [...journal.values()].filter((outcome) =>
    outcome.outputs.some((output) => isWrong(outcome, output)),
  );
  return wrong.length > 0 ? [`${wrong.length} records went to another topic than the one of their time`] : [];
}

/** Each record is in the cluster that was there when it was accepted. */
export function eachInItsCluster(
  { journal, log }: CheckedLane,
  { faultBegin, faultEnd }: RunContext,
): string[] {
  const wrong = log.filter(({ id, cluster }) => {
    const { accepted = 0 } = journal.get(id) ?? {};
    return (cluster !== undefined) !== (accepted > faultBegin && accepted < faultEnd);
  });
  return wrong.length > 0 ? [`${wrong.length} records went to the other cluster`] : [];
}

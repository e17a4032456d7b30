import type { Journal } from './journal';

/** A record as it was read back: where it lies and which it is. */
export interface LogRecord {
  id: number;
  /** "topic/partition" */
  topicPartition: string;
  offset: number;
}

/** What a fault did to the records of one load. */
export interface DeliveryStats {
  accepted: number;
  /** `done` without an error. */
  acked: number;
  /** Handed to a Catch node. */
  failed: number;
  /** Done, handed to no Catch node, and not in the log. */
  lost: number;
  /** Taken and never answered. */
  noOutcome: number;
  /** Done or failed more than once, or both, or twice out of the output. */
  twoOutcomes: number;
  /** First copies behind a newer first copy of their partition. */
  reordered: number;
  /** The output's partition and offset are not where a copy of the record lies. */
  misreported: number;
  /** Records that lie in the log more than once. */
  duplicates: number;
  /** Longest time without any answer while records were accepted, milliseconds. */
  longestStallMs: number;
  /** Longest time from accepted to answered, milliseconds. */
  maxLatencyMs: number;
  /** What the Catch node was told, each sentence once, with how often. */
  causes: Map<string, number>;
}

export interface CheckOptions {
  /** Records acknowledged before this time may be gone: their topic was deleted. Epoch milliseconds. */
  since?: number;
}

/** Compares what a node answered with what lies in the log. */
export function checkDelivery(
  journal: Journal,
  found: LogRecord[],
  { since = 0 }: CheckOptions = {},
): DeliveryStats {
  const copies = copiesOf(found);
  const stats: DeliveryStats = {
    accepted: 0,
    acked: 0,
    failed: 0,
    lost: 0,
    noOutcome: 0,
    twoOutcomes: 0,
    reordered: reordered(found),
    misreported: 0,
    duplicates: [...copies.values()].filter((all) => all.length > 1).length,
    longestStallMs: 0,
    maxLatencyMs: 0,
    causes: new Map(),
  };
  for (const [id, { accepted, done, caught, outputs }] of journal) {
    if (accepted === undefined) continue;
    stats.accepted++;
    const [answered] = [...done, ...caught.map(({ at }) => at)];
    if (answered === undefined) stats.noOutcome++;
    else stats.maxLatencyMs = Math.max(stats.maxLatencyMs, answered - accepted);
    if (done.length + caught.length > 1 || outputs.length > 1) stats.twoOutcomes++;
    if (caught.length > 0) stats.failed++;
    for (const { text } of caught) stats.causes.set(text, (stats.causes.get(text) ?? 0) + 1);
    if (done.length === 0 || caught.length > 0) continue;
    stats.acked++;
    if (accepted < since) continue;
    const lies = copies.get(id) ?? [];
    if (lies.length === 0) stats.lost++;
    else if (outputs.some(({ topicPartition, offset }) => !isThere(lies, topicPartition, offset)))
      stats.misreported++;
  }
  stats.longestStallMs = longestSilence(journal);
  return stats;
}

function copiesOf(found: LogRecord[]): Map<number, LogRecord[]> {
  const copies = new Map<number, LogRecord[]>();
  for (const one of found) {
    const known = copies.get(one.id);
    if (known) known.push(one);
    else copies.set(one.id, [one]);
  }
  return copies;
}

function isThere(lies: LogRecord[], topicPartition: string, offset: number): boolean {
  // Kafka may say that it has the record already without saying where.
  return offset < 0 || lies.some((one) => one.topicPartition === topicPartition && one.offset === offset);
}

function reordered(found: LogRecord[]): number {
  const seen = new Set<number>();
  const newest = new Map<string, number>();
  let count = 0;
  for (const { id, topicPartition } of [...found].sort((a, b) => a.offset - b.offset)) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = newest.get(topicPartition) ?? -1;
    if (id < before) count++;
    newest.set(topicPartition, Math.max(before, id));
  }
  return count;
}

function longestSilence(journal: Journal): number {
  const all = [...journal.values()];
  const begin = all.reduce(
    (first, { accepted }) => Math.min(first, accepted ?? first),
    Number.POSITIVE_INFINITY,
  );
  const answers = all.flatMap(({ done, caught }) => [...done, ...caught.map(({ at }) => at)]);
  let before = begin;
  let longest = 0;
  for (const time of answers.sort((a, b) => a - b)) {
    longest = Math.max(longest, time - before);
    before = time;
  }
  return longest;
}

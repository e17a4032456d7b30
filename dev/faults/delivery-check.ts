import type { Journal } from './journal';

/** A record as read back from its topic. */
export interface LogRecord {
  id: number;
  /** "topic/partition" */
  topicPartition: string;
  offset: number;
}

/** What happened to the records of one load. */
export interface DeliveryStats {
  /** Records that the node received. */
  accepted: number;
  /** Completed without an error. */
  acked: number;
  /** Handed to a Catch node. */
  failed: number;
  /** Acked, but not in the log. */
  lost: number;
  /** Accepted, but neither acked nor failed. */
  noOutcome: number;
  /** Acked or failed more than once, or both, or sent out of the output twice. */
  twoOutcomes: number;
  /** First copies that follow a newer first copy in their partition. */
  reordered: number;
  /** Records whose reported partition and offset match no copy in the log. */
  misreported: number;
  /** Records that are in the log more than once. */
  duplicates: number;
  /** Longest time without any outcome while records were accepted. */
  longestStallMs: number;
  /** Longest time from accepted to the first outcome. */
  maxLatencyMs: number;
  /** Each error text that reached the Catch node, with its number of occurrences. */
  causes: Map<string, number>;
}

export interface CheckOptions {
  /** Records accepted before this time (epoch milliseconds) may be missing: their topic was deleted. */
  topicCreatedAt?: number;
}

/** Compares the outcomes that a node reported with the records in the log. */
export function checkDelivery(
  journal: Journal,
  log: LogRecord[],
  { topicCreatedAt = 0 }: CheckOptions = {},
): DeliveryStats {
  const copiesById = groupById(log);
  const stats: DeliveryStats = {
    accepted: 0,
    acked: 0,
    failed: 0,
    lost: 0,
    noOutcome: 0,
    twoOutcomes: 0,
    reordered: countReordered(log),
    misreported: 0,
    duplicates: [...copiesById.values()].filter((copies) => copies.length > 1).length,
    longestStallMs: longestStall(journal),
    maxLatencyMs: 0,
    causes: new Map(),
  };
  for (const [id, { accepted, done, caught, outputs }] of journal) {
    if (accepted === undefined) continue;
    stats.accepted++;
    const [firstOutcome] = [...done, ...caught.map(({ at }) => at)];
    if (firstOutcome === undefined) stats.noOutcome++;
    else stats.maxLatencyMs = Math.max(stats.maxLatencyMs, firstOutcome - accepted);
    if (done.length + caught.length > 1 || outputs.length > 1) stats.twoOutcomes++;
    if (caught.length > 0) stats.failed++;
    for (const { text } of caught) stats.causes.set(text, (stats.causes.get(text) ?? 0) + 1);
    if (done.length === 0 || caught.length > 0) continue;
    stats.acked++;
    if (accepted < topicCreatedAt) continue;
    const copies = copiesById.get(id) ?? [];
    if (copies.length === 0) stats.lost++;
    else if (outputs.some((output) => !matchesCopy(output, copies))) stats.misreported++;
  }
  return stats;
}

function groupById(log: LogRecord[]): Map<number, LogRecord[]> {
  const groups = new Map<number, LogRecord[]>();
  for (const record of log) {
    const group = groups.get(record.id);
    if (group) group.push(record);
    else groups.set(record.id, [record]);
  }
  return groups;
}

function matchesCopy(
  { topicPartition, offset }: { topicPartition: string; offset: number },
  copies: LogRecord[],
): boolean {
  // Kafka acknowledges a duplicate without its offset.
  return (
    offset < 0 || copies.some((copy) => copy.topicPartition === topicPartition && copy.offset === offset)
  );
}

function countReordered(log: LogRecord[]): number {
  const seen = new Set<number>();
  const newest = new Map<string, number>();
  let count = 0;
  for (const { id, topicPartition } of [...log].sort((a, b) => a.offset - b.offset)) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = newest.get(topicPartition) ?? -1;
    if (id < before) count++;
    newest.set(topicPartition, Math.max(before, id));
  }
  return count;
}

function longestStall(journal: Journal): number {
  const all = [...journal.values()];
  const begin = all.reduce(
    (first, { accepted }) => Math.min(first, accepted ?? first),
    Number.POSITIVE_INFINITY,
  );
  const outcomes = all.flatMap(({ done, caught }) => [...done, ...caught.map(({ at }) => at)]);
  let before = begin;
  let longest = 0;
  for (const time of outcomes.sort((a, b) => a - b)) {
    longest = Math.max(longest, time - before);
    before = time;
  }
  return longest;
}

import type { Journal, RecordOutcome } from './journal';

/** A record as read back from its topic. */
export interface LogRecord {
  id: number;
  /** "topic/partition" */
  topicPartition: string;
  offset: number;
  /** When the broker appended it, epoch milliseconds: it tells which of two copies is the first. */
  appendedAt: number;
  /** The cluster, if not the one of the scenario. */
  cluster?: string;
}

/** What happened to the records of one load. */
export interface DeliveryStats {
  /** Records that the node received. */
  accepted: number;
  /** Completed without an error, and not failed later. */
  acked: number;
  /** Handed to a Catch node. */
  failed: number;
  /** Acked, but neither in the log nor destroyed by the scenario. */
  lost: number;
  /** Acked, not in the log, and destroyed by the scenario on the disk. */
  destroyed: number;
  /** Accepted, but neither acked nor failed, although Node-RED was not killed. */
  neverAnswered: number;
  /** Accepted, but neither acked nor failed before Node-RED was killed. */
  unansweredAtCrash: number;
  /** Acked or failed more than once, failed and then acked, failed and sent out of the output, or sent out of it twice. */
  answeredTwice: number;
  /** First copies that follow a newer first copy in their partition. */
  reordered: number;
  /** Records whose reported partition and offset match no copy in the log. */
  misreported: number;
  /** Records that are in the log more than once. */
  duplicates: number;
  /** Records that left the output as a new message: they were sent from disk. */
  fromDisk: number;
  /** Records that left the output neither as the message that was sent nor as one for a record from disk. */
  broken: number;
  /** Longest time without any outcome while records were accepted. */
  longestStallMs: number;
  /** Longest time from accepted to the first outcome. */
  maxLatencyMs: number;
  /** Each error text that reached the Catch node, with its number of occurrences. */
  causes: Map<string, number>;
}

export interface CheckOptions {
  /** Records acknowledged before this time (epoch milliseconds) may be missing: their topic was deleted. */
  topicCreatedAt?: number;
  /** Records that the scenario destroyed on the disk. */
  destroyed?: ReadonlySet<number>;
  /** A record may fail after it was done: it was on disk then. */
  mayFailLate?: boolean;
  /** The order is kept for each key; by default for each partition. */
  keyOf?(id: number): string;
}

/** Compares the outcomes that a node reported with the records in the log. */
export function checkDelivery(
  journal: Journal,
  log: LogRecord[],
  { topicCreatedAt = 0, destroyed = new Set(), mayFailLate = false, keyOf }: CheckOptions = {},
): DeliveryStats {
  const copiesById = groupById(log);
  const stats = noFindings();
  stats.reordered = countReordered(log, keyOf);
  stats.duplicates = [...copiesById.values()].filter((copies) => copies.length > 1).length;
  stats.longestStallMs = longestStall(journal);
  for (const [id, outcome] of journal) {
    const { accepted, done, caught, outputs } = outcome;
    if (accepted === undefined) continue;
    stats.accepted++;
    countAnswers(stats, outcome, mayFailLate);
    if (done.length === 0 || caught.length > 0) continue;
    stats.acked++;
    if ((outputs[0]?.at ?? accepted) < topicCreatedAt) continue;
    const copies = copiesById.get(id) ?? [];
    if (copies.length === 0) stats[destroyed.has(id) ? 'destroyed' : 'lost']++;
    else if (outputs.some((output) => !matchesCopy(output, copies))) stats.misreported++;
  }
  return stats;
}

function noFindings(): DeliveryStats {
  return {
    ...{ accepted: 0, acked: 0, failed: 0, lost: 0, destroyed: 0, neverAnswered: 0, unansweredAtCrash: 0 },
    ...{ answeredTwice: 0, reordered: 0, misreported: 0, duplicates: 0, fromDisk: 0, broken: 0 },
    ...{ longestStallMs: 0, maxLatencyMs: 0, causes: new Map() },
  };
}

function countAnswers(stats: DeliveryStats, outcome: RecordOutcome, mayFailLate: boolean): void {
  const { accepted = 0, done, caught, outputs, unansweredAtCrash } = outcome;
  const [firstAnswer] = [...done, ...caught.map(({ at }) => at)];
  if (firstAnswer === undefined) stats[unansweredAtCrash ? 'unansweredAtCrash' : 'neverAnswered']++;
  else stats.maxLatencyMs = Math.max(stats.maxLatencyMs, firstAnswer - accepted);
  const failedAndDone = done.length > 0 && caught.some(({ late }) => !(late && mayFailLate));
  const failedAndSent = outputs.length > 0 && caught.length > 0;
  // After kill -9 the next process may send a record again that was acknowledged last.
  const lives = new Set(outputs.map(({ crashes }) => crashes));
  const sentTwice = outputs.length > lives.size;
  if (done.length > 1 || caught.length > 1 || failedAndDone || failedAndSent || sentTwice)
    stats.answeredTwice++;
  if (caught.length > 0) stats.failed++;
  for (const { text } of caught) stats.causes.set(text, (stats.causes.get(text) ?? 0) + 1);
  if (outputs.some(({ form }) => form === 'queued')) stats.fromDisk++;
  if (outputs.some(({ form }) => form === 'broken')) stats.broken++;
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

function countReordered(log: LogRecord[], keyOf: CheckOptions['keyOf'] = () => ''): number {
  const seen = new Set<number>();
  const newest = new Map<string, number>();
  let count = 0;
  const inOrder = [...log].sort((a, b) => a.appendedAt - b.appendedAt || a.offset - b.offset);
  for (const { id, topicPartition, cluster = '' } of inOrder) {
    if (seen.has(id)) continue;
    seen.add(id);
    const sequence = `${cluster} ${topicPartition} ${keyOf(id)}`;
    const before = newest.get(sequence) ?? -1;
    if (id < before) count++;
    newest.set(sequence, Math.max(before, id));
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

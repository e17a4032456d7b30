import type { Fates } from './journal';

/** A record as it was read back: where it lies and which it is. */
export interface Found {
  id: number;
  /** "topic/partition" */
  place: string;
  offset: number;
}

/** What a fault did to the records of one load. */
export interface Verdict {
  taken: number;
  /** `done` without an error. */
  acked: number;
  /** Handed to a Catch node. */
  failed: number;
  /** Done, handed to no Catch node, and not in the log. */
  lost: number;
  /** Taken and never answered. */
  unanswered: number;
  /** Done or failed more than once, or both, or twice out of the output. */
  twice: number;
  /** First copies behind a newer first copy of their partition. */
  reordered: number;
  /** The output's partition and offset are not where a copy of the record lies. */
  misplaced: number;
  /** Records that lie in the log more than once. */
  duplicates: number;
  /** Longest time without any answer while records were taken, milliseconds. */
  silence: number;
  /** Longest time from taken to answered, milliseconds. */
  slowest: number;
  /** What the Catch node was told, each sentence once, with how often. */
  causes: Map<string, number>;
}

export interface Judging {
  /** Records acknowledged before this time may be gone: their topic was deleted. Epoch milliseconds. */
  since?: number;
}

/** Compares what a node answered with what lies in the log. */
export function judgeRun(fates: Fates, found: Found[], { since = 0 }: Judging = {}): Verdict {
  const copies = copiesOf(found);
  const verdict: Verdict = {
    taken: 0,
    acked: 0,
    failed: 0,
    lost: 0,
    unanswered: 0,
    twice: 0,
    reordered: reordered(found),
    misplaced: 0,
    duplicates: [...copies.values()].filter((all) => all.length > 1).length,
    silence: 0,
    slowest: 0,
    causes: new Map(),
  };
  for (const [id, { taken, done, caught, outputs }] of fates) {
    if (taken === undefined) continue;
    verdict.taken++;
    const [answered] = [...done, ...caught.map(({ at }) => at)];
    if (answered === undefined) verdict.unanswered++;
    else verdict.slowest = Math.max(verdict.slowest, answered - taken);
    if (done.length + caught.length > 1 || outputs.length > 1) verdict.twice++;
    if (caught.length > 0) verdict.failed++;
    for (const { text } of caught) verdict.causes.set(text, (verdict.causes.get(text) ?? 0) + 1);
    if (done.length === 0 || caught.length > 0) continue;
    verdict.acked++;
    if (taken < since) continue;
    const lies = copies.get(id) ?? [];
    if (lies.length === 0) verdict.lost++;
    else if (outputs.some(({ place, offset }) => !isThere(lies, place, offset))) verdict.misplaced++;
  }
  verdict.silence = longestSilence(fates);
  return verdict;
}

function copiesOf(found: Found[]): Map<number, Found[]> {
  const copies = new Map<number, Found[]>();
  for (const one of found) {
    const known = copies.get(one.id);
    if (known) known.push(one);
    else copies.set(one.id, [one]);
  }
  return copies;
}

function isThere(lies: Found[], place: string, offset: number): boolean {
  // Kafka may say that it has the record already without saying where.
  return offset < 0 || lies.some((one) => one.place === place && one.offset === offset);
}

function reordered(found: Found[]): number {
  const seen = new Set<number>();
  const newest = new Map<string, number>();
  let count = 0;
  for (const { id, place } of [...found].sort((a, b) => a.offset - b.offset)) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = newest.get(place) ?? -1;
    if (id < before) count++;
    newest.set(place, Math.max(before, id));
  }
  return count;
}

function longestSilence(fates: Fates): number {
  const all = [...fates.values()];
  const begin = all.reduce((first, { taken }) => Math.min(first, taken ?? first), Number.POSITIVE_INFINITY);
  const answers = all.flatMap(({ done, caught }) => [...done, ...caught.map(({ at }) => at)]);
  let before = begin;
  let longest = 0;
  for (const time of answers.sort((a, b) => a - b)) {
    longest = Math.max(longest, time - before);
    before = time;
  }
  return longest;
}

import { median } from './figures';
import type { Measurement, ProducerUnderTest, Workload } from './producer-under-test';

/** A producer with a workload, measured in turn with others. */
export interface Entry {
  name: string;
  producer: ProducerUnderTest;
  /** One of the producer's lanes. */
  lane: string;
  workload: Workload;
}

/** Medians over all rounds. */
export interface Result {
  postsPerSecond: number;
  /** CPU seconds of the producer's process per 100,000 posts. */
  cpu: number;
  /** Latency in milliseconds; also `p99`. */
  median: number;
  p99: number;
}

const warmUp = 300;

/**
 * Measures all entries in turn, in rounds of alternating order, with a warm-up before each turn.
 * @throws if a post was not acknowledged
 */
export async function rounds(
  entries: Entry[],
  count: number,
  progress: (line: string) => void,
): Promise<Map<string, Result>> {
  const outcomes = new Map<string, Measurement[]>(entries.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    progress(`  round ${round + 1} of ${count}`);
    for (const entry of round % 2 === 0 ? entries : [...entries].reverse()) {
      outcomes.get(entry.name)?.push(await turn(entry));
    }
  }
  return new Map(entries.map((entry) => [entry.name, medians(entry, outcomes.get(entry.name) ?? [])]));
}

async function turn({ name, producer, lane, workload }: Entry): Promise<Measurement> {
  const first = await producer.run(lane, { count: warmUp, window: warmUp });
  const outcome = await producer.run(lane, workload);
  const failed = first.failed + outcome.failed;
  if (failed > 0) {
    const problem = first.problem ?? outcome.problem;
    throw new Error(`${name}: ${failed} of ${warmUp + workload.count} posts failed: ${problem}`);
  }
  return outcome;
}

function medians({ workload }: Entry, outcomes: Measurement[]): Result {
  const medianOf = (of: (outcome: Measurement) => number): number => median(outcomes.map(of));
  return {
    postsPerSecond: medianOf(({ seconds }) => workload.count / seconds),
    cpu: medianOf(({ cpuSeconds }) => (cpuSeconds / workload.count) * 100_000),
    median: medianOf((outcome) => outcome.median ?? Number.NaN),
    p99: medianOf((outcome) => outcome.p99 ?? Number.NaN),
  };
}

import { median } from './figures';
import type { Measurement, ProducerUnderTest, Workload } from './producer-under-test';

/** One thing that is measured against others. */
export interface Entry {
  name: string;
  producer: ProducerUnderTest;
  /** The producer's lane. */
  lane: string;
  workload: Workload;
}

/** What an entry reached: the middle of all rounds. */
export interface Result {
  postsPerSecond: number;
  /** CPU-seconds for 100,000 posts, of the producer's process. */
  cpu: number;
  /** Milliseconds. */
  median: number;
  p99: number;
}

const warmUp = 300;

/**
 * Measures all entries in rounds, one after the other, every second round in the opposite order; each is warmed
 * up before each of its turns. Throws when a post was not acknowledged.
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
  return new Map(entries.map((entry) => [entry.name, reached(entry, outcomes.get(entry.name) ?? [])]));
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

function reached({ workload }: Entry, outcomes: Measurement[]): Result {
  const middle = (of: (outcome: Measurement) => number): number => median(outcomes.map(of));
  return {
    postsPerSecond: middle(({ seconds }) => workload.count / seconds),
    cpu: middle(({ cpuSeconds }) => (cpuSeconds / workload.count) * 100_000),
    median: middle((outcome) => outcome.median ?? Number.NaN),
    p99: middle((outcome) => outcome.p99 ?? Number.NaN),
  };
}

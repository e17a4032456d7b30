import { packageFolder } from '../other-packages/install';
import { type OtherPackage, otherPackages } from '../other-packages/packages';
import { type ProducerOptions, type ProducerUnderTest, startOtherPackage } from './producer-under-test';
import { createTopics } from './topics';
import { otherLane } from './variants';

/** Result of a trial run of another package. */
export interface Trial {
  other: OtherPackage;
  /** Undefined if it failed. */
  postsPerSecond?: number;
  problem?: string;
}

/** The fastest other package, running. */
export interface Best {
  other: OtherPackage;
  producer: ProducerUnderTest;
  /** Its lane for a number of partitions. */
  lane(partitions: number): string;
  trials: Trial[];
}

const warmUp = 300;
const window = 2000;

/**
 * Measures all other packages, each alone in a Node-RED, and leaves the fastest running.
 * @param folder the directory they are installed in
 */
export async function fastestOther(
  base: Omit<ProducerOptions, 'lanes'>,
  folder: string,
  partitions: number[],
  count: number,
  progress: (line: string) => void,
): Promise<Best> {
  const trials: Trial[] = [];
  let best: (Omit<Best, 'trials'> & { postsPerSecond: number }) | undefined;
  for (const [index, other] of otherPackages.entries()) {
    progress(`Measuring ${other.name} ${other.version} …`);
    const lanes = partitions.map((number) =>
      otherLane(index, number, other.acceptsBuffers ? 'buffer' : 'text'),
    );
    const lane = (number: number): string => otherLane(index, number, 'text').id;
    let producer: ProducerUnderTest | undefined;
    try {
      await createTopics(base.brokers, lanes);
      const options = { ...base, dir: `${base.dir}-${index}`, lanes };
      producer = await startOtherPackage(options, other, packageFolder(folder, other.name));
      const postsPerSecond = await measure(producer, lane(partitions.at(-1) ?? 1), count);
      trials.push({ other, postsPerSecond });
      const slower = best && best.postsPerSecond > postsPerSecond ? producer : best?.producer;
      if (slower !== producer) best = { other, producer, lane, postsPerSecond };
      await slower?.stop();
    } catch (error) {
      trials.push({ other, problem: (error as Error).message });
      await producer?.stop();
    }
  }
  if (!best) throw new Error(`All other packages failed: ${trials.map(({ problem }) => problem).join(' ')}`);
  return { ...best, trials };
}

async function measure(producer: ProducerUnderTest, lane: string, count: number): Promise<number> {
  for (const one of [warmUp, count]) {
    const { seconds, failed, problem } = await producer.run(lane, { count: one, window });
    if (failed > 0) throw new Error(`${failed} of ${one} posts failed: ${problem}`);
    if (one === count) return count / seconds;
  }
  return 0;
}

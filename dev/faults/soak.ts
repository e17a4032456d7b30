import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../bench/figures';
import { root } from '../paths';
import { versions } from '../versions';
import { disconnect, moveLeaders, reconnect } from './actions';
import { startEnvironment } from './environment';
import { kafkaOut } from './producer-under-test';
import type { LaneResult } from './result';
import type { RunContext } from './run-context';
import { runScenario } from './run-scenario';
import type { Scenario } from './scenario';
import type { ScenarioResult } from './violations';

const page = join(root, 'docs/soak.md');
const heading = `# Soak test

One million records at 4,000 per second (\`npm run test:soak -- --records N\` changes that), or as many as come in an hour at
800 per second (\`-- --minutes 60\`), through four kafka-out nodes into a Kafka cluster of three brokers. Every few seconds a
random fault hits a random broker: kill -9 and restart, clean shutdown and restart, SIGSTOP, leaders moved, connections cut
before the response, cut mid-request, reset mid-response, or no longer responding; or all brokers are unreachable for 20 s,
which is more than the memory limit of 8 MB (in the hour, 1 MB) holds. \`--seed N\` repeats a sequence of faults. The checks
are those of [faults.md](faults.md); at the end nothing is left on disk, and Node-RED's memory (RSS, the median of the last
quarter of the time) is at most 100 MB above that of the first quarter.

| date | seed | records | minutes | faults | lost | never answered | answered twice | reordered | to Catch | duplicates: ${kafkaOut.variants.map(({ name }) => name).join(' · ')} | RSS at start, first quarter, last quarter, peak, MB | passed | versions |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;
const pauseMs = 3000;
const load = { records: { rate: 4000, memoryLimit: 8 }, minutes: { rate: 800, memoryLimit: 1 } };
const maxGrowth = 100_000_000;

type Fault = (run: RunContext, index: number) => Promise<void>;

const faults: Record<string, Fault> = {
  async kill({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.kill();
    await wait(6000);
    await node?.start();
  },
  async stop({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.stop();
    await wait(2000);
    await node?.start();
  },
  async pause({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.pause();
    await wait(6000);
    node?.resume();
  },
  elect: (run) => moveLeaders(run),
  async outage(run) {
    disconnect(run);
    await run.wait(20_000);
    reconnect(run);
  },
  cutBeforeResponse: (run, index) =>
    injectBriefly(run, index, (proxy) => proxy.cutBeforeResponse({ every: 10 })),
  cutMidRequest: (run, index) => injectBriefly(run, index, (proxy) => proxy.cutMidRequest({ every: 10 })),
  resetMidResponse: (run, index) =>
    injectBriefly(run, index, (proxy) => proxy.resetMidResponse({ every: 10 })),
  dropResponses: (run, index) => injectBriefly(run, index, (proxy) => proxy.dropResponses()),
};

async function injectBriefly(
  { environment, wait }: RunContext,
  index: number,
  inject: (proxy: RunContext['environment']['proxies'][number]) => void,
): Promise<void> {
  const proxy = environment.proxies[index];
  if (proxy) inject(proxy);
  await wait(3000);
  proxy?.passThrough();
}

/** A generator of random integers in [0, below); the same seed gives the same sequence. */
function randomInts(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    // Linear congruential generator, constants from Numerical Recipes.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Until {
  records?: number;
  minutes?: number;
}

function soakScenario(until: Until, seed: number, count: (name: string) => void): Scenario {
  const { records = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = until;
  const { rate, memoryLimit } = until.minutes ? load.minutes : load.records;
  const begin = Date.now();
  return {
    name: 'soak',
    title: 'a random fault every few seconds',
    rate,
    out: { memoryLimit },
    async fault(run) {
      const random = randomInts(seed);
      const names = Object.keys(faults);
      for (;;) {
        const state = await run.fetchState();
        if (!state) return;
        const accepted = Object.values(state.loads).reduce((sum, load) => sum + load.accepted, 0);
        console.log(`${new Date().toISOString().slice(11, 19)} ${accepted} records accepted`);
        if (accepted >= records || Date.now() - begin > minutes * 60_000) return;
        const name = names[random(names.length)] as string;
        const index = random(run.environment.cluster.nodes.length);
        console.log(`  ${name} on broker ${index + 1}`);
        count(name);
        await (faults[name] as Fault)(run, index);
        await run.wait(pauseMs);
      }
    },
  };
}

/** npm run test:soak [-- --records N | --minutes N] [--seed N]. @returns the exit code: 1 if a requirement was not met */
async function main(args: string[]): Promise<number> {
  const number = (option: string, fallback: number): number =>
    args.includes(option) ? Number(args[args.indexOf(option) + 1]) : fallback;
  const seed = number('--seed', Date.now() % 1_000_000);
  let faultCount = 0;
  const environment = await startEnvironment('plain', console.log);
  const begin = Date.now();
  try {
    const until = args.includes('--minutes')
      ? { minutes: number('--minutes', 60) }
      : { records: number('--records', 1_000_000) };
    const scenario = soakScenario(until, seed, () => faultCount++);
    const result = await runScenario(scenario, environment, kafkaOut);
    const [first, last] = quarters(result.memory.rss);
    if (last - first > maxGrowth) result.violations.push(`memory rose from ${first} to ${last} bytes`);
    const line = soakLine(result, seed, faultCount, (Date.now() - begin) / 60_000);
    console.log(line);
    for (const violation of result.violations) console.log(`  ! ${violation}`);
    writeFileSync(page, `${existsSync(page) ? readFileSync(page, 'utf8') : heading}${line}\n`);
    return result.violations.length > 0 ? 1 : 0;
  } finally {
    await environment.stop();
  }
}

/** The medians of the first and the last quarter. */
function quarters(samples: number[]): [number, number] {
  const size = Math.ceil(samples.length / 4);
  return [median(samples.slice(0, size)), median(samples.slice(-size))];
}

function soakLine(
  { lanes, memory, violations }: ScenarioResult,
  seed: number,
  faultCount: number,
  minutes: number,
): string {
  const sum = (pick: (lane: LaneResult['stats']) => number): number =>
    lanes.reduce((all, { stats }) => all + pick(stats), 0);
  const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
  const cells = [
    new Date().toISOString().slice(0, 10),
    seed,
    sum(({ accepted }) => accepted),
    minutes.toFixed(1),
    faultCount,
    sum(({ lost }) => lost),
    sum(({ neverAnswered }) => neverAnswered),
    sum(({ answeredTwice }) => answeredTwice),
    sum(({ reordered }) => reordered),
    sum(({ failed }) => failed),
    lanes.map(({ stats }) => stats.duplicates).join(' · '),
    [memory.rssAtStart, ...quarters(memory.rss), memory.rssPeak].map(megabytes).join(', '),
    violations.length === 0 ? 'yes' : 'no',
    versions(),
  ];
  return `| ${cells.join(' | ')} |`;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
